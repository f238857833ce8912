"""One report turns out to be none: two persons take it back, and whoever has it is told (C.1.11.1 = 1)."""

from collections.abc import Iterator, Mapping
from typing import Any

from deploy.demo.inspection import Team

SENDERS_CASE = "DC-0040"
WORDS = "The call centre took it back: the patient was another company's, and no such case exists."


def nullified(team: Team, cases: Mapping[str, Mapping[str, Any]]) -> Iterator[str]:
    """Propose and confirm; yield what did not hold. Reports of others may have no such case."""
    for case_id, case in cases.items():
        named = {each["identifier"] for each in case["snapshot"]["content"].get("other_case_ids", ())}
        if SENDERS_CASE in named and case["status"] == "closed":
            path = f"/api/cases/{case_id}/nullify"
            yield from _step(team.physician.sign(path, {"reason": WORDS}, {"If-Match": f'"{case["revision"]}"'}))
            confirmed = {"If-Match": f'"{case["revision"] + 1}"'}
            yield from _step(team.approver.sign(f"{path}/confirm", {"reason": "checked with the caller"}, confirmed))


def _step(answer: Any) -> Iterator[str]:
    if answer.status >= 300:
        yield f"a nullification was refused: {answer.words}"
