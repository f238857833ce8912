"""A follow-up, an amendment and a nullification are reports of the same case (guide v5.03, C.1.8.1 and C.1.11)."""

from __future__ import annotations

from dataclasses import replace

import pytest

from shared.icsr import api
from shared.icsr.model.dates import TS
from shared.icsr.model.message import Batch
from tests.golden.icsr.models import minimal
from tests.unit.icsr.change import changed

CASE = "messages[0].report.identification"


def sent(code: str | None, reason: str | None, batch: Batch | None = None) -> Batch:
    """A later message of the case: nullified (1), amended (2) or followed up (None)."""
    batch = changed(batch or minimal(), f"{CASE}.nullification_or_amendment", code)
    batch = changed(batch, f"{CASE}.nullification_or_amendment_reason", reason)
    later = TS("20260405120000+0200")
    return changed(changed(batch, f"{CASE}.creation_date", later), "messages[0].message_date", later)


KINDS = {
    "nullification": sent("1", "The patient was not treated with the product."),
    "amendment": sent("2", "Recoded; nothing new was received."),
    "follow-up": changed(sent(None, None), f"{CASE}.most_recent_information", TS("20260404")),
}


@pytest.mark.parametrize("kind", KINDS)
def test_it_is_written_and_read_back(kind: str) -> None:
    written = api.write(KINDS[kind])
    assert (written.issues, written.xml is not None) == ((), True)
    again = api.read(written.xml or b"")
    assert again == KINDS[kind]
    first, later = minimal().messages[0].report.identification, again.messages[0].report.identification
    assert (later.worldwide_case_id, later.safety_report_id) == (first.worldwide_case_id, first.safety_report_id)


@pytest.mark.parametrize(("kind", "found"), [("amendment", True), ("nullification", True), ("follow-up", False)])
def test_a_first_report_corrects_nothing(kind: str, found: bool) -> None:
    written = api.write(KINDS[kind], first=True)
    assert [issue.rule_id for issue in written.issues] == ["FDA.R0101"] * found
    assert (written.xml is None) is found


def test_a_batch_of_several_messages_holds_all_kinds() -> None:
    messages = tuple(
        replace(
            changed(batch, f"{CASE}.safety_report_id", f"SE-ORBIS-{number}").messages[0],
            message_id=f"SE-ORBIS-{number}",
        )
        for number, batch in enumerate(KINDS.values())
    )
    batch = replace(minimal(), messages=messages)
    written = api.write(batch)
    assert written.issues == ()
    assert api.read(written.xml or b"") == batch


@pytest.mark.parametrize(
    ("code", "reason", "rule"),
    [
        ("1", None, "ICH.C.1.11.2.required"),
        ("2", None, "ICH.C.1.11.2.required"),
        (None, "why", "ICH.C.1.11.1.required"),
        ("3", "why", "ICH.C.1.11.1.code"),
    ],
)
def test_a_reason_without_a_kind_or_a_kind_without_a_reason_is_not_written(
    code: str | None, reason: str | None, rule: str
) -> None:
    written = api.write(sent(code, reason))
    assert written.xml is None
    assert [issue.rule_id for issue in written.issues] == [rule]
