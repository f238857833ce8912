"""Drafts in memory and in MongoDB keep the same promises; what MongoDB keeps is what the document declares."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from intake.domain.records import Draft
from intake.ports import DraftStore
from intake.store.connection import IntakeDatabase
from intake.store.documents import DRAFT_SECONDS, DraftDocument
from intake.store.drafts import MongoDrafts
from tests.unit.intake.fakes import InMemoryDrafts

NOW = datetime(2026, 3, 9, 12, 0, 0, 123000, tzinfo=UTC)
LATER = NOW + timedelta(hours=1)
DRAFT = Draft(
    draft_id="dft_a", sponsor="helvion", sponsor_stated="helvion", answers={"start": {"n": ["1"]}}, changed_at=NOW
)


@pytest.fixture(params=["memory", "mongo"])
def drafts(request: pytest.FixtureRequest) -> DraftStore:
    made: DraftStore = InMemoryDrafts()
    if request.param == "mongo":
        made = MongoDrafts(request.getfixturevalue("database"))
    made.begin(DRAFT)
    return made


def kept(drafts: DraftStore) -> Draft:
    found = drafts.find(None, DRAFT.draft_id)
    assert found is not None
    return found


def test_what_was_begun_is_found_by_its_id(drafts: DraftStore) -> None:
    assert kept(drafts) == DRAFT
    assert drafts.find(None, "dft_b") is None


@pytest.mark.parametrize(("scope", "seen"), [({"helvion"}, True), ({"boreal"}, False), (set(), False)])
def test_a_scope_sees_its_sponsors_and_an_empty_one_nothing(drafts: DraftStore, scope: set[str], seen: bool) -> None:
    assert (drafts.find(frozenset(scope), DRAFT.draft_id) is not None) is seen


def test_a_page_is_saved_by_itself(drafts: DraftStore) -> None:
    typed = {"name": ["頭痛 \x00 \u202e $ne"], "start-day": ["31"]}
    assert drafts.save(DRAFT, "medicine-1", typed, LATER)
    assert drafts.save(DRAFT, "patient", {}, LATER)  # as another tab has it, that knows nothing of the first
    assert kept(drafts).answers == {**DRAFT.answers, "medicine-1": typed, "patient": {}}
    assert kept(drafts).changed_at == LATER


def test_a_page_is_replaced_as_a_whole(drafts: DraftStore) -> None:
    drafts.save(DRAFT, "patient", {"initials": ["A"], "sex": ["male"]}, NOW)
    drafts.save(DRAFT, "patient", {"sex": ["female"]}, NOW)
    assert kept(drafts).answers["patient"] == {"sex": ["female"]}


def test_pages_are_dropped(drafts: DraftStore) -> None:
    for page in ("medicine-1", "taken-1", "medicine-10"):
        drafts.save(DRAFT, page, {"x": ["y"]}, NOW)
    drafts.drop(DRAFT, ["medicine-1", "taken-1"], LATER)
    assert kept(drafts).answers.keys() == {"start", "medicine-10"}


def test_what_was_sent_is_forgotten_and_takes_nothing_more(drafts: DraftStore) -> None:
    drafts.save(DRAFT, "patient", {"initials": ["A"]}, NOW)
    drafts.finish(DRAFT, "rep_a", LATER)
    assert (kept(drafts).answers, kept(drafts).report_id) == ({}, "rep_a")
    assert not drafts.save(DRAFT, "patient", {"initials": ["A"]}, LATER)
    drafts.drop(DRAFT, ["patient"], LATER)
    drafts.finish(DRAFT, "rep_b", LATER)
    assert kept(drafts).report_id == "rep_a"


def test_what_is_being_sent_does_not_change_and_is_the_same_to_everyone(drafts: DraftStore) -> None:
    drafts.save(DRAFT, "patient", {"initials": ["A"]}, NOW)
    closed = drafts.close(DRAFT)
    assert closed is not None
    assert closed.answers["patient"] == {"initials": ["A"]}  # as it is kept, not as it was found before
    assert not drafts.save(DRAFT, "patient", {"initials": ["B"]}, LATER)
    assert not drafts.drop(DRAFT, ["patient"], LATER)
    assert drafts.close(DRAFT) == closed == kept(drafts)
    drafts.reopen(DRAFT)
    assert drafts.save(DRAFT, "patient", {"initials": ["B"]}, LATER)
    assert drafts.close(DRAFT)
    drafts.finish(DRAFT, "rep_a", LATER)
    assert drafts.close(DRAFT) is None
    drafts.reopen(DRAFT)
    assert not drafts.save(DRAFT, "patient", {"initials": ["C"]}, LATER)


def test_an_unknown_draft_takes_nothing(drafts: DraftStore) -> None:
    other = Draft(draft_id="dft_b", sponsor="helvion", sponsor_stated=None, answers={}, changed_at=NOW)
    assert not drafts.save(other, "patient", {}, NOW)
    assert drafts.close(other) is None
    drafts.finish(other, "rep_a", NOW)
    assert drafts.find(None, "dft_b") is None


def test_a_draft_is_as_declared_through_its_life(database: IntakeDatabase) -> None:
    drafts = MongoDrafts(database)
    drafts.begin(DRAFT)
    _valid(database)
    drafts.save(DRAFT, "patient", {"initials": ["A"]}, LATER)
    _valid(database)
    drafts.close(DRAFT)
    _valid(database)
    drafts.finish(DRAFT, "rep_a", LATER)
    assert _valid(database)["answers"] == {}


def test_mongodb_forgets_a_draft_a_day_after_its_last_change(database: IntakeDatabase) -> None:
    indexes = database.collection("drafts").index_information()
    (until,) = [index for index in indexes.values() if index["key"] == [("changed_at", 1)]]
    assert until["expireAfterSeconds"] == DRAFT_SECONDS == 24 * 60 * 60


def _valid(database: IntakeDatabase) -> dict[str, Any]:
    stored: dict[str, Any]
    (stored,) = database.collection("drafts").find()
    DraftDocument._from_son(stored).validate()
    return stored
