"""Every clause of the ledger identity is broken once; the offending id is named (DOMAIN 21)."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec
import pytest

from deploy.cli.ledger import Clause, Fact, Ledger, check
from deploy.cli.ledger_view import ledger_lines
from shared.contracts.ledger_facts import (
    ApprovalFact,
    CaseVersionFact,
    MessageFact,
    NonCaseFact,
    ParkedFact,
    ReportFact,
    SubmissionFact,
)

NOW = datetime(2026, 3, 9, 12, tzinfo=UTC)
OLD = NOW - timedelta(hours=1)
YOUNG = NOW - timedelta(minutes=1)
GRACE = timedelta(minutes=5)

REPORT = ReportFact(report_id="rep_1", sponsor="helvion", stored_at=OLD, receipts=2, refused=False)
REFUSAL = ReportFact(report_id="ref_1", sponsor="unassigned", stored_at=OLD, receipts=1, refused=True)
PARKED = ParkedFact(subject="ref_1", reason="no JSON", parked_at=OLD)
CLOSED = NonCaseFact(subject="ref_1", actor="ann", reason="a scanner's probe", closed_at=OLD)
VERSION = CaseVersionFact(
    case_id="case_1",
    version=1,
    sponsor="helvion",
    stored_at=OLD,
    report_id="rep_1",
    destinations=("fda", "eu"),
    decisions=(("fda", "expedited"), ("eu", "none")),
)
APPROVAL = ApprovalFact(approval_id="apr_1", case_id="case_1", version=1, destination="fda", approved_at=OLD)
MESSAGE = MessageFact(
    approval_id="apr_1", case_id="case_1", version=1, destination="fda", message_id="msg_1", built_at=OLD
)
SUBMISSION = SubmissionFact(
    submission_id="sub_1", message_id="msg_1", case_id="case_1", destination="fda", active=True, state="sent"
)
WHOLE: tuple[Fact, ...] = (REPORT, REFUSAL, PARKED, VERSION, APPROVAL, MESSAGE, SUBMISSION)


def checked(facts: Sequence[Fact]) -> Ledger:
    return check(facts, NOW, GRACE)


def without(*gone: Fact) -> list[Fact]:
    return [fact for fact in WHOLE if fact not in gone]


def but(fact: Any, **changes: Any) -> Any:
    return msgspec.structs.replace(fact, **changes)


def test_the_identity_holds_over_whole_records() -> None:
    found = checked(WHOLE)
    assert found.holds
    assert found.in_flight == ()
    assert found.counts["ReportFact"] == 2


BROKEN: list[tuple[str, list[Fact], Clause, str]] = [
    ("report stored twice", [*WHOLE, REPORT], Clause.RECEIPT, "rep_1"),
    ("report without receipt", [*without(REPORT), but(REPORT, receipts=0)], Clause.RECEIPT, "rep_1"),
    ("report became nothing", [*WHOLE, but(REPORT, report_id="rep_2")], Clause.LINKED, "rep_2"),
    ("refusal nobody sees", without(PARKED), Clause.LINKED, "ref_1"),
    ("closed by nobody", [*without(PARKED), but(CLOSED, actor=" ")], Clause.LINKED, "ref_1"),
    ("closed for nothing", [*without(PARKED), but(CLOSED, reason="")], Clause.LINKED, "ref_1"),
    ("case of an unknown report", without(REPORT), Clause.LINKED, "rep_1"),
    (
        "decision missing",
        [*without(VERSION), but(VERSION, decisions=(("fda", "expedited"),))],
        Clause.DECIDED,
        "case_1/1",
    ),
    (
        "decided twice",
        [*without(VERSION), but(VERSION, decisions=(*VERSION.decisions, ("eu", "none")))],
        Clause.DECIDED,
        "case_1/1",
    ),
    (
        "decided for nobody",
        [*without(VERSION), but(VERSION, decisions=(*VERSION.decisions, ("jp", "none")))],
        Clause.DECIDED,
        "case_1/1",
    ),
    ("version stored twice", [*WHOLE, VERSION], Clause.DECIDED, "case_1/1"),
    ("no destination", [*WHOLE, but(VERSION, version=2, destinations=(), decisions=())], Clause.DECIDED, "case_1/2"),
    ("approval unanswered", without(MESSAGE, SUBMISSION), Clause.ANSWERED, "apr_1"),
    ("approval answered twice", [*WHOLE, but(MESSAGE, message_id=None)], Clause.ANSWERED, "apr_1"),
    (
        "two active",
        [*WHOLE, but(SUBMISSION, submission_id="sub_2", message_id="msg_2")],
        Clause.ACTIVE,
        "case_1",
    ),
    ("message nobody approved", without(APPROVAL), Clause.NOTHING_ELSE, "msg_1"),
    (
        "message of another version",
        [*without(MESSAGE), but(MESSAGE, version=2)],
        Clause.NOTHING_ELSE,
        "msg_1",
    ),
    (
        "approval of a decision that is not expedited",
        [*without(APPROVAL, MESSAGE), but(APPROVAL, destination="eu"), but(MESSAGE, destination="eu")],
        Clause.NOTHING_ELSE,
        "apr_1",
    ),
    (
        "submission of no message",
        [*WHOLE, but(SUBMISSION, submission_id="sub_3", message_id="msg_9", active=False)],
        Clause.NOTHING_ELSE,
        "sub_3",
    ),
    ("message not on its way", without(SUBMISSION), Clause.ON_ITS_WAY, "msg_1"),
    ("message on two ways", [*WHOLE, but(SUBMISSION, submission_id="sub_2", active=False)], Clause.ON_ITS_WAY, "msg_1"),
]


@pytest.mark.parametrize(("facts", "clause", "offender"), [row[1:] for row in BROKEN], ids=[row[0] for row in BROKEN])
def test_a_broken_clause_names_the_offending_id(facts: list[Fact], clause: Clause, offender: str) -> None:
    found = checked(facts)
    assert (clause, offender) in {(finding.clause, finding.subject) for finding in found.broken}
    assert any(line.startswith("BROKEN") and clause in line for line in ledger_lines(found))
    assert any(offender in line for line in ledger_lines(found))


@pytest.mark.parametrize(
    ("facts", "offender"),
    [
        ([but(REPORT, stored_at=YOUNG)], "rep_1"),
        ([but(REFUSAL, stored_at=YOUNG)], "ref_1"),
        ([REPORT, VERSION, but(APPROVAL, approved_at=YOUNG)], "apr_1"),
        ([REPORT, VERSION, APPROVAL, but(MESSAGE, built_at=YOUNG)], "msg_1"),
    ],
    ids=["report", "refusal", "approval", "message"],
)
def test_young_work_is_in_flight_and_no_error(facts: list[Fact], offender: str) -> None:
    found = checked(facts)
    assert found.holds
    assert [finding.subject for finding in found.in_flight] == [offender]


def test_work_as_old_as_the_grace_is_an_error() -> None:
    assert not checked([but(REPORT, stored_at=NOW - GRACE)]).holds


def test_a_parked_report_is_accounted_for() -> None:
    assert checked([REPORT, ParkedFact(subject="rep_1", reason="unknown form", parked_at=OLD)]).holds


@pytest.mark.parametrize(
    "facts",
    [
        [REFUSAL, CLOSED],
        [REPORT, but(CLOSED, subject="rep_1")],
        [*without(MESSAGE, SUBMISSION), but(CLOSED, subject="apr_1")],
    ],
    ids=["refusal", "report", "approval"],
)
def test_what_a_person_closed_with_name_and_reason_is_accounted_for(facts: list[Fact]) -> None:
    found = checked(facts)
    assert found.holds
    assert any("1 non cases" in line for line in ledger_lines(found))


def test_a_named_block_answers_an_approval() -> None:
    assert checked([*without(MESSAGE, SUBMISSION), but(MESSAGE, message_id=None)]).holds


def test_an_amendment_needs_no_report() -> None:
    assert checked([*WHOLE, but(VERSION, version=2, report_id=None)]).holds
