"""The received report travels with the case: a later one takes its place, and nobody but its sender changes it."""

from dataclasses import replace
from typing import Any

import msgspec
import pytest

from shared.contracts.clinical import CaseContent
from shared.icsr.model.message import SafetyReport
from shared.icsr.rules.carry import identities
from tests.builders import DICTIONARY
from tests.golden.icsr.models import rich
from tests.unit.reporting.received import content_of
from triage.domain import follow_up
from triage.domain.amendment import amended
from triage.domain.blockers import blockers
from triage.domain.fitness import AmendmentError

FIRST = rich().messages[0].report
CONTENT = content_of(FIRST)


def ids(content: CaseContent, parts: str) -> list[str | None]:
    return [each.received_id for each in getattr(content, parts)]


def renumbered(report: SafetyReport) -> SafetyReport:
    """The report as its sender sends it again: its parts in another order, with ids of another message."""
    return replace(
        report,
        reactions=tuple(replace(each, id=f"new-{place}") for place, each in enumerate(reversed(report.reactions))),
        drugs=tuple(replace(each, id=f"other-{place}") for place, each in enumerate(report.drugs[:1])),
    )


def nullified(reason: str | None = "duplicate of US-PARTNER-9") -> CaseContent:
    identification = replace(
        FIRST.identification, nullification_or_amendment="1", nullification_or_amendment_reason=reason
    )
    return content_of(replace(FIRST, identification=identification))


def test_a_later_report_of_the_whole_case_takes_the_place_of_the_earlier_one() -> None:
    news = content_of(renumbered(FIRST))
    joined = follow_up.join(CONTENT, news)
    assert joined.received_icsr == news.received_icsr
    assert ids(joined, "reactions") == ["new-1", "new-0"]
    assert ids(joined, "drugs") == ["other-0", None]  # the second is in the case, and not in what was received last
    assert ids(joined, "reporters") == ["#0", "#1"]


def test_a_follow_up_that_came_otherwise_leaves_the_received_report() -> None:
    news = CaseContent(reactions=(msgspec.structs.replace(CONTENT.reactions[0], received_id=None, onset="2026-02"),))
    joined = follow_up.join(CONTENT, news)
    assert joined.received_icsr == CONTENT.received_icsr
    assert (joined.reactions[0].onset, joined.reactions[0].received_id) == ("2026-02", "#0")


def test_an_older_report_that_comes_late_replaces_nothing() -> None:
    """Triage joins it the other way round (open_case): what is known is the news."""
    older = content_of(renumbered(FIRST))
    joined = follow_up.join(older, CONTENT)
    assert joined.received_icsr == CONTENT.received_icsr
    assert sorted(filter(None, ids(joined, "reactions"))) == list(identities(FIRST.reactions))


@pytest.mark.parametrize(
    ("pointer", "value"),
    [
        ("/received_icsr", None),
        ("/received_icsr", {}),
        ("/received_icsr/tests", []),
        ("/received_icsr/identification/report_type", "1"),
        ("/reactions/0/received_id", None),
        ("/reactions/0/received_id", "#1"),
        ("/drugs/0/received_id", "made up"),
        ("/reporters/1/received_id", "#0"),
        ("/drugs/2", {"name": "Another", "received_id": "#0"}),
    ],
)
def test_a_person_does_not_change_what_was_received(pointer: str, value: Any) -> None:
    with pytest.raises(AmendmentError, match="stays"):
        amended(CONTENT, pointer, value, DICTIONARY)


def test_a_person_may_take_a_part_out_and_add_one() -> None:
    rest = msgspec.json.decode(msgspec.json.encode(CONTENT.drugs[1:]))
    without, _ = amended(CONTENT, "/drugs", rest, DICTIONARY)
    assert ids(without, "drugs") == ["#1"]
    added, _ = amended(without, "/drugs/1", {"name": "Another", "role": "concomitant"}, DICTIONARY)
    assert ids(added, "drugs") == ["#1", None]


@pytest.mark.parametrize(("reason", "told"), [("wrong patient", "wrong patient"), (None, "no reason was stated")])
def test_a_nullified_report_waits_for_a_person(reason: str | None, told: str) -> None:
    content = nullified(reason)
    first, *_ = blockers(content, ())
    assert (first.rule_id, first.pointer) == ("C.1.11.1-nullified", "/goes_on")
    assert f"nullified this report: {told}." in first.words
    going_on, _ = amended(content, "/goes_on", True, DICTIONARY)
    assert "C.1.11.1-nullified" not in [each.rule_id for each in blockers(going_on, ())]


def test_a_report_nullified_again_is_asked_about_again() -> None:
    going_on = msgspec.structs.replace(CONTENT, goes_on=True)
    joined = follow_up.join(going_on, nullified())
    assert joined.goes_on is None
    assert blockers(joined, ())[0].rule_id == "C.1.11.1-nullified"
    assert len(joined.reactions) == len(CONTENT.reactions)  # nothing is deleted
