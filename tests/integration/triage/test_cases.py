"""Opening, deciding and closing a case on a real mongod: redelivery, follow-ups, races, acknowledgements."""

import threading
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import msgspec
import pytest
from pymongo.database import Database

from shared.clock import SetClock
from shared.contracts import topics
from shared.contracts.carried import carried
from shared.contracts.case_approved import CaseApproved
from shared.contracts.code_lists import Criterion, SenderType
from shared.contracts.envelope import event_of
from shared.contracts.message_built import BuildOutcome, MessageBuilt
from shared.contracts.report_received import Sender
from shared.contracts.submission_acknowledged import AcknowledgementOutcome, SubmissionAcknowledged
from shared.contracts.submission_sent import SubmissionSent
from shared.icsr.elements.c4_literature import LiteratureReference
from shared.icsr.rules.carry import identities
from tests.builders import a_content, a_reaction, a_receipt, a_report, with_reaction
from tests.golden.icsr.models import rich
from tests.unit.reporting.received import content_of
from tests.unit.triage.fakes import InMemoryReference
from tests.unit.triage.signing import signing
from triage.close_case import CloseCase
from triage.decide import Actor, Decide
from triage.domain.amendment import Edit
from triage.domain.case import Case, ObligationState, Status
from triage.domain.held_to import KeptFile
from triage.domain.refusal import Refusal
from triage.open_case import OpenCase
from triage.ports import Conflict
from triage.store import documents
from triage.store.cases import MongoCaseStore
from triage.store.database import connect, prepare
from triage.store.memory import MongoMemory
from triage.store.parked import MongoParkedStore

NOW = datetime(2026, 11, 23, 10, 0, tzinfo=UTC)
PHYSICIAN = Actor(name="dr.test", authentication="none", scopes=("helvion", "unassigned"))


@pytest.fixture
def database(suite_env: dict[str, str]) -> Iterator[Database[dict[str, Any]]]:
    connected = connect(suite_env["DAYZERO_TRIAGE_MONGO_URI"])
    prepare(connected)
    yield connected
    connected.client.close()


@pytest.fixture
def cases(database: Database[dict[str, Any]]) -> MongoCaseStore:
    return MongoCaseStore(database, SetClock(NOW))


@pytest.fixture
def open_case(cases: MongoCaseStore) -> OpenCase:
    return OpenCase(cases, InMemoryReference(), SetClock(NOW))


@pytest.fixture
def decide(cases: MongoCaseStore) -> Decide:
    return Decide(cases, InMemoryReference(), SetClock(NOW))


def stored(database: Database[dict[str, Any]], collection: str = "cases") -> dict[str, Any]:
    found = database[collection].find_one({})
    assert found is not None
    return found


def only(cases: MongoCaseStore) -> Case:
    (case,) = cases.worklist(("helvion", "unassigned"), None, 10)
    return case


def of_partner(report_id: str, **facts: Any) -> Any:
    return a_report(report_id, sender=Sender(organisation="Partner", case_id="P-1"), **facts)


def test_a_redelivered_report_changes_nothing_and_is_answered_again(
    cases: MongoCaseStore, open_case: OpenCase, database: Database[dict[str, Any]]
) -> None:
    open_case(a_report())
    cases.outbox.confirm(stored(database)["outbox"][0]["event"]["id"], NOW)
    before = stored(database)
    open_case(a_report())
    after = stored(database)
    assert after["head"] == before["head"]
    assert [entry["due_at"] for entry in after["outbox"]] == [NOW]
    assert database["case_versions"].count_documents({}) == 1


def test_a_follow_up_joins_its_case_and_owes_from_its_own_receipt(cases: MongoCaseStore, open_case: OpenCase) -> None:
    open_case(of_partner("rep_1", content=with_reaction(serious=False, criteria=())))
    later = a_receipt(received_at=datetime(2026, 12, 1, 9, 0, tzinfo=UTC))
    open_case(of_partner("rep_2", receipt=later))
    case = only(cases)
    owed = [(o.destination, o.version, o.due.isoformat()) for o in case.obligations]
    assert owed == [
        ("eu_postmarketing", 1, "2027-02-21"),
        ("fda_postmarketing", 2, "2026-12-16"),
        ("eu_postmarketing", 2, "2026-12-16"),
    ]
    snapshot = cases.version(case, 2).snapshot
    assert snapshot.first_received_on.isoformat() == "2026-11-23"
    assert snapshot.latest_information_on.isoformat() == "2026-12-01"
    assert case.day_zero is not None
    assert case.day_zero.isoformat() == "2026-11-23"


def test_a_follow_up_of_a_partner_owes_from_the_day_of_its_news(cases: MongoCaseStore, open_case: OpenCase) -> None:
    first_had = {"received_at": datetime(2026, 12, 1, 9, 0, tzinfo=UTC), "first_aware_at": "2026-11-20"}
    open_case(of_partner("rep_1", receipt=a_receipt(**first_had)))
    later = a_receipt(**{**first_had, "received_at": datetime(2026, 12, 20, 9, 0, tzinfo=UTC)})
    open_case(of_partner("rep_2", receipt=later, latest_information_on="2026-12-15"))
    case = only(cases)
    assert [ref.clock_start.isoformat() for ref in case.versions] == ["2026-11-20", "2026-12-15"]
    assert case.day_zero is not None
    assert case.day_zero.isoformat() == "2026-11-20"


def test_what_an_older_report_says_replaces_nothing_that_a_newer_one_said(
    cases: MongoCaseStore, open_case: OpenCase
) -> None:
    later = a_receipt(received_at=datetime(2026, 12, 1, 9, 0, tzinfo=UTC))
    open_case(of_partner("rep_2", receipt=later, content=a_content(sender_comments="newer")))
    open_case(of_partner("rep_1", content=a_content(sender_comments="older", reporter_comments="only here")))
    content = cases.version(only(cases), 2).snapshot.content
    assert (content.sender_comments, content.reporter_comments) == ("newer", "only here")


def test_the_received_report_travels_with_the_case_and_the_newest_counts(
    cases: MongoCaseStore, open_case: OpenCase, decide: Decide
) -> None:
    report = rich().messages[0].report
    first, newer = content_of(report), content_of(replace(report, literature=(LiteratureReference(citation="new"),)))
    later = a_receipt(received_at=datetime(2026, 12, 1, 9, 0, tzinfo=UTC))
    open_case(of_partner("rep_2", receipt=later, content=newer))
    open_case(of_partner("rep_1", content=first))  # comes late
    case = only(cases)
    decide.amend(case.id, 2, PHYSICIAN, "asked", [Edit("/reactions/0/onset", "2026-02-27")])
    snapshot = cases.version(only(cases), 3).snapshot
    assert snapshot.content.received_icsr == newer.received_icsr
    assert [each.received_id for each in snapshot.content.reactions] == list(identities(report.reactions))
    assert snapshot.made_at == NOW
    assert carried(snapshot, "FDA").report.literature == (LiteratureReference(citation="new"),)
    with pytest.raises(Refusal, match="stays as it was received"):
        decide.amend(case.id, 3, PHYSICIAN, "tidy", [Edit("/received_icsr", None)])


def test_day_zero_is_the_receipt_of_the_missing_criterion(cases: MongoCaseStore, open_case: OpenCase) -> None:
    open_case(of_partner("rep_1", content=a_content(patient=None)))
    assert only(cases).day_zero is None
    assert only(cases).status is Status.INVALID
    later = a_receipt(received_at=datetime(2026, 11, 30, 9, 0, tzinfo=UTC))
    open_case(of_partner("rep_2", receipt=later))
    case = only(cases)
    assert str(case.day_zero) == "2026-11-30"
    assert {str(o.due) for o in case.obligations} == {"2026-12-15"}


def test_two_workers_open_one_case_of_one_sender(cases: MongoCaseStore, open_case: OpenCase) -> None:
    events = [of_partner(f"rep_{i}") for i in range(4)]
    threads = [threading.Thread(target=open_case, args=(event,)) for event in events]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(ref.report_id or "" for ref in only(cases).versions) == ["rep_0", "rep_1", "rep_2", "rep_3"]


def test_an_unknown_sponsor_is_unassigned_with_its_clock_running(cases: MongoCaseStore, open_case: OpenCase) -> None:
    open_case(a_report(sponsor="nobody"))
    case = only(cases)
    assert case.sponsor == "unassigned"
    assert {decision.kind.value for decision in case.decisions} == {"undetermined"}
    assert str(case.due) == "2026-12-08"


def test_approval_carries_the_snapshot_and_mints_one_number(
    cases: MongoCaseStore, open_case: OpenCase, decide: Decide, database: Database[dict[str, Any]]
) -> None:
    open_case(a_report())
    case = decide.approve(only(cases).id, 1, PHYSICIAN, signing(PHYSICIAN), "complete")
    assert case.safety_report_id == "DE-HELV-00000001"
    entries = stored(database)["outbox"][1:]
    bodies = [msgspec.convert(entry["event"]["data"], CaseApproved) for entry in entries]
    assert [body.destination.destination for body in bodies] == ["fda_postmarketing", "eu_postmarketing"]
    assert {body.safety_report_id for body in bodies} == {"DE-HELV-00000001"}
    assert bodies[0].snapshot == cases.version(case, 1).snapshot
    assert bodies[0].decision.local_criteria_report_type == "1"
    with pytest.raises(Refusal):
        decide.approve(case.id, 2, PHYSICIAN, signing(PHYSICIAN), "again")


def test_open_questions_are_refused_by_name(cases: MongoCaseStore, open_case: OpenCase, decide: Decide) -> None:
    open_case(a_report(content=a_content(reactions=(a_reaction(verbatim="odd", criteria=()),))))
    with pytest.raises(Refusal) as refusal:
        decide.approve(only(cases).id, 1, PHYSICIAN, signing(PHYSICIAN), "complete")
    assert [rule for _, rule, _ in refusal.value.reasons] == ["E.i.2.1b-uncoded", "serious_criterion_not_stated"]


def test_an_amendment_is_a_version_and_starts_no_clock(
    cases: MongoCaseStore, open_case: OpenCase, decide: Decide
) -> None:
    open_case(a_report(content=a_content(reactions=(a_reaction(verbatim="odd", criteria=()),))))
    case = only(cases)
    case = decide.amend(case.id, 1, PHYSICIAN, "says rash", [Edit("/reactions/0/coding", {"llt_code": "99000003"})])
    case = decide.amend(case.id, 2, PHYSICIAN, "was admitted", [Edit("/reactions/0/criteria", ["hospitalisation"])])
    assert [ref.kind.value for ref in case.versions] == ["initial", "amendment", "amendment"]
    assert not case.blockers
    assert [(o.destination, str(o.due)) for o in case.obligations] == [
        ("fda_postmarketing", "2026-12-08"),
        ("eu_postmarketing", "2026-12-08"),
    ]
    assert cases.version(case, 1).snapshot.content.reactions[0].coding is None


def test_several_fields_are_amended_in_one_version_or_none_is(
    cases: MongoCaseStore, open_case: OpenCase, decide: Decide
) -> None:
    open_case(a_report(content=a_content(reactions=(a_reaction(verbatim="odd", criteria=()),))))
    coded = Edit("/reactions/0/coding", {"llt_code": "99000003"})
    with pytest.raises(Refusal) as refusal:
        decide.amend(only(cases).id, 1, PHYSICIAN, "read", [coded, Edit("/reactions/9/onset", "2026")])
    assert [pointer for pointer, _, _ in refusal.value.reasons] == ["/reactions/9/onset"]
    decide.amend(only(cases).id, 1, PHYSICIAN, "read", [coded, Edit("/reactions/0/criteria", ["disability"])])
    version = cases.version(only(cases), 2)
    assert [change.pointer for change in version.changes] == ["/reactions/0/coding", "/reactions/0/criteria"]
    assert not only(cases).blockers


def test_one_change_of_several_cannot_hide_a_downgrade(
    cases: MongoCaseStore, open_case: OpenCase, decide: Decide
) -> None:
    open_case(a_report(content=with_reaction(criteria=(Criterion.DEATH,))))
    edits = [Edit("/reactions/0/criteria", ["disability"]), Edit("/reactions/0/criteria", ["results_in_death"])]
    with pytest.raises(Refusal, match="downgrade"):
        decide.amend(only(cases).id, 1, PHYSICIAN, "because", edits)


def test_an_authoritys_report_is_valid_without_reporter_and_waits_for_its_country(
    cases: MongoCaseStore, open_case: OpenCase, decide: Decide
) -> None:
    sender = Sender(organisation="Authority", type=SenderType.REGULATORY_AUTHORITY)
    open_case(a_report(sender=sender, content=a_content(reporters=())))
    case = only(cases)
    assert case.status is Status.REVIEW
    assert [blocker.rule_id for blocker in case.blockers] == ["C.2.r-no-reporter"]
    case = decide.amend(case.id, 1, PHYSICIAN, "told by the authority", [Edit("/reporters/0", {"country": "SE"})])
    assert not case.blockers
    with pytest.raises(Refusal, match="no question of choice"):
        decide.amend(case.id, 2, PHYSICIAN, "because", [Edit("/received_from", [])])


@pytest.mark.parametrize(
    ("pointer", "value", "rule"),
    [
        ("/reactions/0/criteria", [], "downgrade"),
        ("/reactions", [], "downgrade"),
        ("/reactions/7/onset", "2026", "amendment"),
        ("/reactions/0/colour", "red", "amendment"),
        ("/drugs/0/role", "villain", "amendment"),
        ("/reactions/0/coding", {"llt_code": "1"}, "amendment"),
        ("narrative", "x", "amendment"),
        ("", None, "amendment"),
        ("/reactions/0/coding/llt_code", "12345678", "amendment"),
        ("/reactions/0/received_coding", {"dictionary": "MedDRA", "version": "1.0", "llt_code": "1"}, "amendment"),
        ("/reactions/0/criteria_derived", True, "amendment"),
        ("/reactions/0/onset", "2026-02-30", "amendment"),
        ("/reporters/0/country", "ZZ", "amendment"),
        ("/patient/age", {"value": 1e308, "unit": "year"}, "amendment"),
        ("/study", {"type": 2**63}, "amendment"),
        ("/narrative", "a\u0000b", "amendment"),
    ],
)
def test_an_amendment_that_cannot_be_is_refused(
    pointer: str, value: Any, rule: str, cases: MongoCaseStore, open_case: OpenCase, decide: Decide
) -> None:
    open_case(a_report(content=with_reaction(criteria=(Criterion.DEATH,))))
    with pytest.raises(Refusal) as refusal:
        decide.amend(only(cases).id, 1, PHYSICIAN, "because", [Edit(pointer, value)])
    assert refusal.value.reasons[0][1] == rule
    assert only(cases).revision == 1


def test_another_scope_finds_nothing_and_an_old_revision_loses(
    cases: MongoCaseStore, open_case: OpenCase, decide: Decide
) -> None:
    open_case(a_report())
    stranger = msgspec.structs.replace(PHYSICIAN, scopes=())
    with pytest.raises(LookupError):
        decide.approve(only(cases).id, 1, stranger, signing(stranger), "mine")
    decide.give_back(only(cases).id, 1, PHYSICIAN, "ask for the batch number")
    with pytest.raises(Conflict):
        decide.approve(only(cases).id, 1, PHYSICIAN, signing(PHYSICIAN), "complete")


def acknowledged(case: Case, place: int, outcome: AcknowledgementOutcome, number: str) -> Any:
    given = case.approvals[place]
    body = SubmissionAcknowledged(
        submission_id=f"sub_{place}",
        approval_id=given.id,
        case_id=case.id,
        version=given.version,
        destination=given.destination,
        outcome=outcome,
        errors=("E.i.4 is missing",) if outcome is AcknowledgementOutcome.REJECTED else (),
        local_report_number=None,
        acknowledged_at=NOW,
    )
    return event_of(
        event_id=f"evt_ack_{number}",
        topic=topics.SUBMISSION_ACKNOWLEDGED,
        at=NOW,
        sponsor=case.sponsor,
        subject=body.submission_id,
        body=body,
    )


def test_news_of_the_build_that_comes_late_does_not_undo_what_was_sent(
    cases: MongoCaseStore, open_case: OpenCase, decide: Decide
) -> None:
    close_case = CloseCase(cases, SetClock(NOW))
    open_case(a_report())
    given = decide.approve(only(cases).id, 1, PHYSICIAN, signing(PHYSICIAN), "complete").approvals[0]
    facts: dict[str, Any] = {
        "approval_id": given.id,
        "case_id": only(cases).id,
        "version": 1,
        "destination": given.destination,
    }
    sent = SubmissionSent(submission_id="sub_1", file_name="file.xml", sent_at=NOW, **facts)
    built = MessageBuilt(outcome=BuildOutcome.BUILT, message_id="msg_1", schema_checked=True, **facts)
    close_case.sent(told("evt_sent", topics.SUBMISSION_SENT, sent))
    close_case.built(told("evt_built", topics.MESSAGE_BUILT, built))
    after = only(cases).approvals[0]
    assert (after.state, after.file_name, after.schema_checked) == (ObligationState.SENT, "file.xml", True)
    assert [o.state for o in only(cases).obligations if o.id in after.obligations] == [ObligationState.SENT]


def told(event_id: str, topic: str, body: Any) -> Any:
    return event_of(event_id=event_id, topic=topic, at=NOW, sponsor="helvion", subject="case", body=body)


def test_a_rejection_reopens_its_own_obligation_and_keeps_its_due_date(
    cases: MongoCaseStore, open_case: OpenCase, decide: Decide
) -> None:
    close_case = CloseCase(cases, SetClock(NOW))
    open_case(a_report())
    case = decide.approve(only(cases).id, 1, PHYSICIAN, signing(PHYSICIAN), "complete")
    close_case.acknowledged(acknowledged(case, 0, AcknowledgementOutcome.REJECTED, "1"))
    close_case.acknowledged(acknowledged(case, 1, AcknowledgementOutcome.ACCEPTED, "2"))
    case = only(cases)
    assert [(o.state, str(o.due)) for o in case.obligations] == [
        (ObligationState.REJECTED, "2026-12-08"),
        (ObligationState.FULFILLED, "2026-12-08"),
    ]
    assert case.status is Status.REVIEW
    with pytest.raises(Refusal, match="amend what was rejected first"):
        decide.approve(case.id, case.revision, PHYSICIAN, signing(PHYSICIAN), "again")
    case = decide.amend(case.id, case.revision, PHYSICIAN, "onset known", [Edit("/reactions/0/onset", "2026-11-20")])
    case = decide.approve(case.id, case.revision, PHYSICIAN, signing(PHYSICIAN), "corrected")
    assert case.approvals[2].obligations == (case.obligations[0].id,)
    close_case.acknowledged(acknowledged(case, 2, AcknowledgementOutcome.ACCEPTED, "3"))
    close_case.acknowledged(acknowledged(case, 3, AcknowledgementOutcome.ACCEPTED, "4"))
    case = only(cases)
    assert case.status is Status.CLOSED
    assert [str(o.due) for o in case.obligations] == ["2026-12-08", "2026-12-08"]


def test_what_hot_paths_write_is_what_the_documents_declare(
    cases: MongoCaseStore, open_case: OpenCase, database: Database[dict[str, Any]]
) -> None:
    from mongoengine import connect as bind  # the ODM's registry is global: bound here, where alone it is used
    from mongoengine import disconnect

    open_case(a_report())
    cases.next_number("helvion")
    MongoMemory(database).keep(KeptFile(sponsor="helvion", name="registry", content=b"sponsor: helvion\n"))
    bind(
        database.name,
        alias=documents.ALIAS,
        uuidRepresentation="standard",
        mongo_client_class=lambda *_, **__: database.client,
    )
    try:
        hot = (documents.CaseDocument, documents.CaseVersionDocument, documents.CounterDocument)
        for document in (*hot, documents.ReferenceFileDocument):
            written = stored(database, document._get_collection_name())
            document._from_son(written).validate()
            assert set(written) - {"_id"} <= set(document._fields)
    finally:
        disconnect(documents.ALIAS)


def test_indexes_are_those_declared(database: Database[dict[str, Any]]) -> None:
    MongoParkedStore(database, SetClock(NOW), "test")
    for document in documents.ALL:
        made = database[document._get_collection_name()].index_information()
        assert len(set(made) - {"_id_"}) == len(document._meta["index_specs"])
