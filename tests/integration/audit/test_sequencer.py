"""Entries reach their chains once, in order, whoever moves them and whenever a process dies."""

import threading
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from pymongo.database import Database
from pymongo.errors import OperationFailure

from shared.audit.chain import follows, values_of
from shared.audit.happenings import Happenings
from shared.audit.ledger import START, Ledger
from shared.audit.sequencer import Sequencer, Source
from shared.clock import SystemClock
from shared.contracts.audit import Changed
from shared.contracts.parked_work import ParkedState
from shared.messaging.parked import By, parked_work
from shared.messaging.worker import Unprocessable
from tests.integration.audit.made import NOW, an_entry
from triage.store.database import audited
from triage.store.parked import MongoParkedStore

Documents = dict[str, Any]


def earlier(number: int) -> Documents:
    """An entry as documents hold it that were written before sponsor, roles and changes stood in entries."""
    return {
        "entry_id": f"aud_{number}",
        "actor": "a",
        "authentication": "none",
        "at": NOW + timedelta(seconds=number),
        "action": "case.opened",
        "subject": f"case_{number}",
        "reason": "reported",
        "service_version": "triage 0.1.0",
    }


def chained(kept: Ledger, sponsor: str = "helvion") -> list[Documents]:
    """The chain, which holds together."""
    before, entries = START, list(kept.entries(sponsor))
    for entry in entries:
        assert follows(entry, before)
        before = entry["seq"], entry["hash"]
    return entries


def subjects(kept: Ledger, sponsor: str = "helvion") -> list[str]:
    return [values_of(entry)["subject"] for entry in chained(kept, sponsor)]


def test_entries_of_earlier_versions_and_of_now_are_moved_in_the_order_of_their_instants(
    database: Database[Documents], kept: Ledger
) -> None:
    for number in (3, 1):
        database["cases"].insert_one({"_id": number, "sponsor": "helvion", "applied": [str(number)], "audit": []})
        database["cases"].update_one({"_id": number}, {"$push": {"audit": earlier(number)}})
    Happenings(lambda: database["happenings"]).enter(an_entry(2, changes=(Changed(field="a", old=None, new='"b"'),)))
    sequencer = Sequencer(kept, audited(database))
    assert sorted(each.fields["subject"] for each in sequencer.pending("helvion")) == ["case_1", "case_2", "case_3"]
    assert sequencer.move_all().count == 3
    assert subjects(kept) == ["case_1", "case_2", "case_3"]
    assert values_of(chained(kept)[1])["changes/0/new"] == '"b"'
    assert values_of(chained(kept)[0])["roles"] == []
    assert [each["audit"] for each in database["cases"].find()] == [[], []]
    assert database["happenings"].count_documents({}) == 0
    assert list(sequencer.pending()) == []


def test_each_sponsor_has_a_chain_of_its_own_and_a_document_may_speak_to_several(
    database: Database[Documents], kept: Ledger
) -> None:
    both = [{**earlier(1), "sponsor": each} for each in ("helvion", "exemplar")]
    database["cases"].insert_one({"_id": 1, "sponsor": "installation", "applied": ["x"], "audit": [*both, earlier(2)]})
    Sequencer(kept, audited(database)).move_all()
    assert kept.sponsors() == ["exemplar", "helvion", "installation"]
    assert [subjects(kept, each) for each in kept.sponsors()] == [["case_1"], ["case_1"], ["case_2"]]
    assert database["cases"].find_one({"_id": 1}, {"audit": 1}) == {"_id": 1, "audit": []}


class Dying:
    """A collection from which nothing can be taken: as for a process that dies before."""

    def __init__(self, collection: Any) -> None:
        self._collection = collection

    def find(self, *given: Any) -> Any:
        return self._collection.find(*given)

    def update_many(self, *_: Any) -> Any:
        raise ConnectionResetError

    delete_many = update_many


def test_what_was_appended_and_not_taken_out_is_not_appended_again(database: Database[Documents], kept: Ledger) -> None:
    database["cases"].insert_one({"_id": 1, "sponsor": "helvion", "applied": ["x"], "audit": [earlier(1), earlier(2)]})
    with pytest.raises(ConnectionResetError):
        Sequencer(kept, [Source(Dying(database["cases"]))]).move_once()
    database["cases"].update_one({"_id": 1}, {"$push": {"audit": earlier(3)}})
    assert Sequencer(kept, audited(database)).move_once().count == 3
    assert subjects(kept) == ["case_1", "case_2", "case_3"]


def test_an_id_that_the_ledger_has_with_other_words_stays_where_it_is(
    database: Database[Documents], kept: Ledger
) -> None:
    rows = [{"_id": n, "sponsor": "helvion", "applied": [str(n)], "audit": [earlier(n)]} for n in (1, 2)]
    database["cases"].insert_one(rows[0])
    sequencer = Sequencer(kept, audited(database))
    sequencer.move_all()
    database["cases"].insert_one({**rows[1], "audit": [earlier(2), {**earlier(1), "reason": "another"}]})
    moved = sequencer.move_once()
    assert (moved.count, moved.conflicts) == (1, ("aud_1",))
    assert [each.fields["reason"] for each in sequencer.pending()] == ["another"]
    assert subjects(kept) == ["case_1", "case_2"]


def test_many_who_move_at_once_make_one_chain(database: Database[Documents], kept: Ledger) -> None:
    happenings, count = Happenings(lambda: database["happenings"]), 120
    failed: list[BaseException] = []

    def act(numbers: Sequence[int]) -> None:
        try:
            for number in numbers:
                happenings.enter(an_entry(number))
                Sequencer(kept, audited(database)).move_once()
        except BaseException as error:
            failed.append(error)

    threads = [threading.Thread(target=act, args=(range(start, count, 6),)) for start in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failed == []
    Sequencer(kept, audited(database)).move_all()
    assert sorted(subjects(kept)) == sorted(f"case_{number}" for number in range(count))


@pytest.mark.parametrize("collection", ["entries", "checkpoints"])
@pytest.mark.parametrize("act", ["update", "replace", "delete", "drop", "index", "rename"])
def test_a_service_cannot_change_its_ledger(
    database: Database[Documents], kept: Ledger, act: str, collection: str
) -> None:
    Happenings(lambda: database["happenings"]).enter(an_entry())
    Sequencer(kept, audited(database)).move_all()
    ledger = kept._entries.database[collection]
    acts: dict[str, Callable[[], object]] = {
        "update": lambda: ledger.update_one({}, {"$set": {"seq": 7}}, upsert=True),
        "replace": lambda: ledger.replace_one({}, {}),
        "delete": lambda: ledger.delete_many({}),
        "drop": ledger.drop,
        "index": lambda: ledger.create_index("x"),
        "rename": lambda: ledger.rename("y"),
    }
    with pytest.raises(OperationFailure) as refused:
        acts[act]()
    assert refused.value.code == 13
    assert len(chained(kept)) == 1


def test_a_service_does_not_even_see_its_ledger_by_the_user_of_its_database(
    database: Database[Documents], prefix: str
) -> None:
    with pytest.raises(OperationFailure) as refused:
        database.client[f"{prefix}_triage_ledger"]["entries"].find_one()
    assert refused.value.code == 13


def test_looking_for_what_waits_looks_at_nothing_else(database: Database[Documents], kept: Ledger) -> None:
    rows = [{"_id": n, "sponsor": "helvion", "applied": [str(n)], "audit": [earlier(n)]} for n in range(50)]
    database["cases"].insert_many(rows)
    Sequencer(kept, audited(database)).move_all()
    database["cases"].update_one({"_id": 7}, {"$push": {"audit": earlier(100)}})
    wanted = {"audit.at": {"$gt": datetime(1970, 1, 1, tzinfo=UTC)}}
    told = database["cases"].find(wanted).sort("audit.at", 1).limit(200).explain()["executionStats"]
    assert told["totalDocsExamined"] == 1
    assert told["totalKeysExamined"] <= 2


def test_parked_work_of_an_earlier_version_is_given_its_trail_before_its_entries_leave(
    database: Database[Documents], kept: Ledger
) -> None:
    shelf = MongoParkedStore(database, SystemClock(), "triage 0.1.0")
    for number, name in enumerate(("of now", "of before")):
        work = parked_work(
            Unprocessable(topic="t", event_id=name, event=None, content=b"x", error="no event"),
            "triage",
            "helvion",
            SystemClock(),
        )
        shelf.keep(work, b"x", None)
        shelf.close(work.id, By(actor="a", authentication="none", reason=f"a test {number}"))
    database["parked"].update_one({"event_id": "of before"}, {"$unset": {"trail": 1}})
    Sequencer(kept, audited(database)).move_all()
    of_now, of_before = shelf.works(None, (ParkedState.CLOSED,))
    assert [step.action for step in of_before.trail] == [step.action for step in of_now.trail]
    assert [(step.actor, step.reason) for step in of_before.trail][1:] == [("a", "a test 1")]
    assert len(list(shelf.ledger_facts())) == 2
    assert len(chained(kept)) == 4
