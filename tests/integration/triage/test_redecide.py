"""Cases on a real mongod decided again: proved against their records, previewed, and made anew where they change."""

import shutil
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import msgspec
import pytest
import yaml
from pymongo.database import Database

from deploy.local.suite import Options
from shared.clock import SetClock
from shared.contracts.code_lists import DrugRole
from shared.ids import sha256
from tests.builders import DICTIONARY, SPONSOR, a_content, a_drug, a_reaction, a_report, with_reaction
from tests.unit.triage.signing import signing
from triage.administer import By, Denied
from triage.decide import Actor, Decide
from triage.domain.case import CauseKind
from triage.domain.redecision import Sameness
from triage.domain.registry import Sponsor
from triage.domain.rulebook import Kind
from triage.nullify import Nullify
from triage.open_case import OpenCase
from triage.redecide import Redecide
from triage.reference.source import FileReference
from triage.sign_off import SignRules
from triage.store.cases import MongoCaseStore
from triage.store.database import opened, prepare
from triage.store.memory import MongoMemory
from triage.store.sign_offs import MongoSignOffStore
from triage.store.walk import MongoCaseWalk

FIRST = datetime(2026, 11, 23, 10, 0, tzinfo=UTC)
LATER = datetime(2026, 12, 1, 10, 0, tzinfo=UTC)
BY = By(actor="r.owner", authentication="console", scopes=("installation",), reason="a new rulebook")
SPONSORS = ("helvion", "unassigned")
OPTIONS = Options()


class Stored:
    """Everything over one database, with reference files that an operator may change before a restart."""

    def __init__(self, database: Database[dict[str, Any]], folder: Path) -> None:
        self.clock = SetClock(FIRST)
        self.cases = MongoCaseStore(database, self.clock)
        self.sign_offs = MongoSignOffStore(database)
        self.sign = SignRules(self.sign_offs, self.clock)
        self.registry = folder / "registry"
        self.registry.mkdir()
        self.register(SPONSOR)
        self.database = database
        self.restart()

    def register(self, sponsor: Sponsor) -> None:
        """Write the registry's file."""
        (self.registry / "helvion.yaml").write_text(yaml.safe_dump(msgspec.to_builtins(sponsor)), encoding="utf-8")

    def restart(self, dictionary: Path = OPTIONS.dictionary, **lists: Path) -> None:
        """Start the doors anew: the files are read again."""
        self.reference = FileReference(self.registry, dictionary, MongoMemory(self.database), lists=lists)
        self.open = OpenCase(self.cases, self.reference, self.clock)
        self.redecide = Redecide(self.cases, MongoCaseWalk(self.database), self.reference, self.clock)


@pytest.fixture
def stored(suite_env: dict[str, str], tmp_path: Path) -> Iterator[Stored]:
    with opened(suite_env["DAYZERO_TRIAGE_MONGO_URI"]) as database:
        prepare(database)
        yield Stored(database, tmp_path)


def receive(stored: Stored) -> None:
    """Receive a serious case, one on placebo, and one of nobody's product."""
    stored.open(a_report("rep_1"))
    stored.open(a_report("rep_2", content=a_content(drugs=(a_drug(name="Saline", placebo=True),))))
    stored.open(a_report("rep_3", content=with_reaction(serious=False, criteria=(), country="US")))


def test_every_record_comes_out_byte_for_byte_by_its_own_rulebook(stored: Stored) -> None:
    receive(stored)
    stored.clock.advance(LATER - FIRST)
    receive_later(stored)
    proved = list(stored.redecide.prove(SPONSORS))
    assert {each.version.rulebook for each in proved} == {"2026.1", "2026.2"}
    assert [each.sameness for each in proved] == [Sameness.IDENTICAL] * 4
    assert stored.redecide.total(SPONSORS) == 4


def receive_later(stored: Stored) -> None:
    stored.open(a_report("rep_4", content=a_content(drugs=(a_drug(role=DrugRole.INTERACTING),))))


def test_a_preview_stores_nothing_and_says_what_would_change(stored: Stored) -> None:
    receive(stored)
    found = list(stored.redecide.preview(SPONSORS, LATER.date()))
    by_report = {each.version.cause.report_id: each for each in found}
    assert by_report["rep_1"].sameness is Sameness.SAME
    assert by_report["rep_2"].sameness is Sameness.CHANGED
    fda = by_report["rep_2"].changes[0]
    assert (fda.destination, fda.before, fda.after) == ("fda_postmarketing", Kind.NONE, Kind.UNDETERMINED)
    assert [each.sameness for each in stored.redecide.prove(SPONSORS)] == [Sameness.IDENTICAL] * 3


def test_applying_makes_versions_of_what_changes_and_starts_no_clock(stored: Stored) -> None:
    receive(stored)
    stored.clock.advance(LATER - FIRST)
    made = [each for each, is_made in stored.redecide.apply(BY, SPONSORS) if is_made]
    assert [each.version.cause.report_id for each in made] == ["rep_2"]
    case = stored.cases.get(made[0].case.id, SPONSORS)
    assert case is not None
    version = stored.cases.version(case, 2)
    assert (version.cause.kind, version.rulebook, version.cause.actor) == (CauseKind.REDECISION, "2026.2", "r.owner")
    assert version.clock_start == made[0].version.clock_start
    assert version.snapshot.latest_information_on == made[0].version.snapshot.latest_information_on
    assert stored.cases.version(case, 1).rulebook == "2026.1"
    assert not [each for each, is_made in stored.redecide.apply(BY, SPONSORS) if is_made]  # once is enough


def test_a_sign_off_makes_a_rule_decide_and_is_proved_as_of_its_day(stored: Stored) -> None:
    stored.clock.advance(LATER - FIRST)
    receive(stored)
    rulebook = stored.reference.rulebook(LATER.date())
    with pytest.raises(Denied, match="was read in the primary text"):
        stored.sign(BY, rulebook, ["FDA-PLACEBO", "FDA-314.80-15D"])
    assert stored.sign_offs.all() == []
    stored.clock.advance(timedelta(days=1))
    stored.sign(BY, rulebook, ["FDA-PLACEBO"])
    with pytest.raises(Denied, match="signed off already"):
        stored.sign(BY, rulebook, ["FDA-PLACEBO"])
    stored.restart()
    assert {each.sameness for each in stored.redecide.prove(SPONSORS)} == {Sameness.IDENTICAL}
    (changed,) = (each for each in stored.redecide.preview(SPONSORS, LATER.date()) if each.changes)
    decision = next(each for each in changed.found.decisions if each.destination == "fda_postmarketing")
    assert (decision.kind, decision.rule_id) == (Kind.NONE, "FDA-PLACEBO")
    assert decision.sign_off
    assert (decision.sign_off.owner, decision.sign_off.reason) == ("r.owner", "a new rulebook")


def test_a_nullified_case_is_decided_by_no_rulebook(stored: Stored) -> None:
    receive(stored)
    case = stored.cases.worklist(("helvion",), None, 10)[0]
    nullify = Nullify(Decide(stored.cases, stored.reference, stored.clock), stored.cases, stored.clock)
    first, second = (Actor(name=name, authentication="none", scopes=("helvion",)) for name in ("dr.one", "dr.two"))
    nullify.propose(case.id, case.revision, first, signing(first), "no such patient")
    nullify.confirm(case.id, case.revision + 1, second, signing(second), "agreed")
    assert case.id not in {each.case.id for each in stored.redecide.prove(SPONSORS)}
    stored.clock.advance(LATER - FIRST)
    assert case.id not in {each.case.id for each, _ in stored.redecide.apply(BY, SPONSORS)}


def test_a_record_is_proved_by_the_registry_and_lists_of_its_day(stored: Stored, tmp_path: Path) -> None:
    important = tmp_path / "ime.txt"
    important.write_bytes(b"version 28.0\r\nDry mouth\r\n")
    stored.clock.advance(LATER - FIRST)
    stored.restart(IME=important)
    stored.open(a_report("rep_1"))
    stored.open(a_report("rep_2", content=with_reaction(verbatim="Dry mouth", serious=False, criteria=())))
    records = [version.decisions for _, version in MongoCaseWalk(stored.database).walk("helvion")]

    nothing_authorised = tuple(msgspec.structs.replace(each, authorisations=()) for each in SPONSOR.products)
    stored.register(msgspec.structs.replace(SPONSOR, products=nothing_authorised))
    stored.restart()
    proved = list(stored.redecide.prove(SPONSORS))
    assert [each.found.decisions for each in proved] == records
    assert [each.sameness for each in proved] == [Sameness.IDENTICAL] * 2
    changed = [each.changes for each in stored.redecide.preview(SPONSORS, LATER.date())]
    assert all(changed)  # the files of today decide otherwise

    (first, second) = (each.version for each in proved)
    assert first.held_to is not None
    assert set(first.held_to.files) == {"registry", "cues", "IME"}
    kept = MongoMemory(stored.database).kept(first.held_to.files["IME"], [])
    assert kept is not None
    assert (kept.content, kept.sha256) == (important.read_bytes(), sha256(important.read_bytes()))
    assert second.held_to == first.held_to
    assert MongoMemory(stored.database).kept(first.held_to.files["registry"], ["ostrava"]) is None  # another sponsor's


def test_a_designated_medical_event_is_marked_in_the_queue(stored: Stored, tmp_path: Path) -> None:
    designated = tmp_path / "dme.txt"
    designated.write_text("version 2020\nRash\n", encoding="utf-8")
    stored.clock.advance(LATER - FIRST)
    stored.restart(DME=designated)
    stored.open(a_report("rep_1"))
    stored.open(a_report("rep_2", content=with_reaction(verbatim="Cough")))
    marked = {case.title: case.priority for case in stored.cases.worklist(("helvion",), None, 10)}
    assert marked == {"Alvora: rash": "designated medical event, DME 2020", "Alvora: Cough": None}


def test_a_record_is_proved_with_the_terms_of_its_day(stored: Stored, tmp_path: Path) -> None:
    stored.clock.advance(LATER - FIRST)
    stored.open(a_report("rep_1", content=with_reaction(verbatim="Head pain")))  # the term of a listed event
    later = tmp_path / "dictionary"
    shutil.copytree(OPTIONS.dictionary, later)
    terms = later / "llt.asc"
    terms.write_text(terms.read_text().replace("Head pain", "Cephalic pain"))
    stored.restart(dictionary=later)
    assert [each.sameness for each in stored.redecide.prove(SPONSORS)] == [Sameness.IDENTICAL]
    [found] = stored.redecide.preview(SPONSORS, LATER.date())
    assert found.changes  # without the term the event cannot be compared, and counts as unexpected


def test_a_list_counts_by_the_name_that_it_had_then(stored: Stored, tmp_path: Path) -> None:
    events = tmp_path / "events.txt"
    events.write_text("version 2020\nRash\n", encoding="utf-8")
    stored.clock.advance(LATER - FIRST)
    for number, lists in enumerate(({"IME": events}, {"DME": events}, {"IME": events, "DME": events})):
        stored.restart(**lists)
        stored.open(a_report(f"rep_{number}", content=with_reaction(serious=False, criteria=())))
    stored.restart()
    proved = list(stored.redecide.prove(SPONSORS))
    assert [each.found.determinations for each in proved] == [each.version.determinations for each in proved]
    found = {tuple(sorted(each.version.held_to.files)) for each in proved if each.version.held_to}
    assert found == {("IME", "cues", "registry"), ("DME", "cues", "registry"), ("DME", "IME", "cues", "registry")}


def test_a_code_that_was_received_is_no_term_of_the_dictionary_for_others(stored: Stored) -> None:
    stored.clock.advance(LATER - FIRST)
    known = DICTIONARY.find("Headache")
    coded, plain = a_reaction(verbatim="odd", received_coding=known), a_reaction(verbatim="odd")
    stored.open(a_report("rep_1", content=a_content(reactions=(coded, plain))))
    assert [each.sameness for each in stored.redecide.prove(SPONSORS)] == [Sameness.IDENTICAL]


def test_a_sponsor_that_the_registry_names_no_more_is_proved_too(stored: Stored) -> None:
    stored.clock.advance(LATER - FIRST)
    receive(stored)
    stored.register(msgspec.structs.replace(SPONSOR, sponsor="another"))
    stored.restart()
    assert stored.redecide.sponsors() == ["helvion"]
    assert {each.sameness for each in stored.redecide.prove(["helvion"])} == {Sameness.IDENTICAL}


def test_a_file_that_is_not_kept_is_told_not_replaced(stored: Stored) -> None:
    receive(stored)
    held_to = {"version.held_to.files.registry": "0" * 64}
    stored.database["case_versions"].update_many({}, {"$set": held_to})
    with pytest.raises(LookupError, match="the file of SHA-256 0000"):
        list(stored.redecide.prove(SPONSORS))


def test_a_version_from_before_files_were_kept_is_proved_by_those_in_use(stored: Stored) -> None:
    receive(stored)
    stored.database["case_versions"].update_many({}, {"$unset": {"version.held_to": ""}})
    assert {each.sameness for each in stored.redecide.prove(SPONSORS)} == {Sameness.IDENTICAL}


def test_a_sign_off_that_was_not_yet_known_has_no_part_in_a_record(stored: Stored) -> None:
    stored.clock.advance(LATER - FIRST)
    stored.open(a_report("rep_1"))  # the sign-offs were asked for just now
    stored.clock.advance(timedelta(seconds=1))
    stored.sign(BY, stored.reference.rulebook(LATER.date()), ["FDA-PLACEBO"])
    stored.clock.advance(timedelta(seconds=1))
    stored.open(a_report("rep_2", content=a_content(drugs=(a_drug(name="Saline", placebo=True),))))
    stored.restart()
    assert {each.sameness for each in stored.redecide.prove(SPONSORS)} == {Sameness.IDENTICAL}
