"""Blinded people can't infer an allocation (DOMAIN 19): views, order and counts are equal whatever was given."""

from collections.abc import Sequence
from typing import Any

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shared.clock import SetClock
from shared.contracts.audit import AuditEntry
from shared.contracts.clinical import CaseContent, Causality
from shared.contracts.code_lists import CausalitySource
from tests.builders import a_content, a_drug, a_reaction, a_report
from tests.unit.triage.fakes import InMemoryCases, InMemoryParked, InMemoryReference
from tests.unit.triage.signing import AT, signing
from triage.decide import Actor, Decide
from triage.domain.amendment import Edit
from triage.domain.blinding import Blinded
from triage.domain.case import Case
from triage.domain.refusal import Refusal
from triage.domain.rulebook import Kind
from triage.open_case import OpenCase
from triage.unblind import Allocation, Unblind
from triage.worklist import Worklist

SCOPES = ("helvion",)
KNOWS = Actor(name="dr.knows", authentication="password+totp", scopes=SCOPES, unblinded=SCOPES)
BLIND = Actor(name="dr.blind", authentication="password+totp", scopes=SCOPES)
STUDY_DRUG = a_drug(blinded=True)
GIVEN = [Allocation(drug=0, name="Saline", placebo=True)]


class Trial:
    """One store, with what acts on it."""

    def __init__(self) -> None:
        self.cases, reference, self.clock = InMemoryCases(), InMemoryReference(), SetClock(AT)
        self.decide = Decide(self.cases, reference, self.clock)
        self.entered: list[AuditEntry] = []
        self.unblind = Unblind(self.decide, self.cases, self.clock, self.entered.append)
        self.open_case = OpenCase(self.cases, reference, self.clock)
        self.worklist = Worklist(self.cases, InMemoryParked())

    def received(self, report_id: str = "rep_1", content: CaseContent | None = None, **facts: Any) -> Case:
        self.open_case(a_report(report_id, content=content or a_content(drugs=(STUDY_DRUG,)), **facts))
        return next(reversed(self.cases.heads.values()))

    def unblinded(self, case: Case, given: Sequence[Allocation] = GIVEN, actor: Actor = KNOWS) -> Case:
        held = self.cases.heads[case.id]
        return self.unblind(case.id, held.revision, actor, signing(actor), "must be treated", given)

    def amended(self, case: Case, *edits: Edit, actor: Actor = KNOWS) -> Case:
        return self.decide.amend(case.id, self.cases.heads[case.id].revision, actor, "known now", edits)

    def seen(self, case: Case) -> Any:
        with pytest.raises(Blinded) as refused:
            self.worklist.get(case.id, SCOPES)
        return self.worklist.blinded_view(refused.value)


@pytest.fixture
def trial() -> Trial:
    return Trial()


def test_a_case_with_a_blinded_drug_is_of_a_blinded_trial_for_good(trial: Trial) -> None:
    case = trial.received()
    assert case.blinded_trial
    assert trial.unblinded(case).blinded_trial
    assert trial.worklist.get(case.id, SCOPES, SCOPES)[0].current.number == 2


def test_who_is_blinded_meets_the_case_in_its_own_list_only(trial: Trial) -> None:
    case = trial.received()
    assert trial.worklist.list(SCOPES, None, None, 10) == []
    assert set(trial.worklist.counts(SCOPES, None, 10).values()) == {0}
    assert [each.id for each in trial.worklist.blinded(SCOPES, None, 10)] == [case.id]
    assert [each.id for each in trial.worklist.list(SCOPES, None, None, 10, None, SCOPES)] == [case.id]
    with pytest.raises(Blinded):
        trial.amended(case, Edit("/narrative", "more"), actor=BLIND)
    with pytest.raises(Blinded):
        trial.unblinded(case, actor=BLIND)


def test_unblinding_is_a_signed_version_with_its_reason_and_its_entry(trial: Trial) -> None:
    case = trial.unblinded(trial.received())
    version = trial.cases.version(trial.cases.heads[case.id], 2)
    drug = version.snapshot.content.drugs[0]
    assert (drug.name, drug.blinded, drug.placebo) == ("Saline", None, True)
    (signature,) = version.cause.signatures
    entry = trial.cases.audit[-1]
    assert (entry.action, entry.reason, entry.signature) == (
        "case.unblinded",
        "must be treated",
        signature.signature_id,
    )
    assert {each.field for each in entry.changes} >= {"/drugs/0/name", "/drugs/0/blinded"}
    assert all(each.discloses for each in trial.cases.audit)


def test_an_event_on_placebo_is_no_susar_by_default_and_the_record_says_so(trial: Trial) -> None:
    case = trial.unblinded(trial.received())
    fda = next(each for each in case.decisions if each.destination == "fda_postmarketing")
    assert (fda.kind, fda.rule_id) == (Kind.UNDETERMINED, "FDA-PLACEBO")
    assert "a regulatory owner has to sign it off" in fda.reason  # what was not read in its source dismisses nothing
    assert {each.kind for each in case.decisions} == {Kind.UNDETERMINED}
    assert case.obligations  # what was owed before stays owed (DOMAIN 6)


def test_the_blind_is_broken_by_unblinding_only(trial: Trial) -> None:
    case = trial.received()
    for edit in (
        Edit("/drugs/0/blinded", None),
        Edit("/drugs/0/blinded", False),
        Edit("/drugs/0/placebo", True),
        Edit("/drugs/0", {"name": "Cardivane", "role": "suspect"}),
    ):
        with pytest.raises(Refusal) as refused:
            trial.amended(case, edit)
        assert refused.value.reasons[0][1] == "unblinding"


@pytest.mark.parametrize("given_for", [[], [Allocation(drug=1, name="Saline")], [Allocation(drug=0, name=" ")]])
def test_a_subject_is_unblinded_whole_or_not_at_all(given_for: list[Allocation], trial: Trial) -> None:
    with pytest.raises(Refusal, match="what was given"):
        trial.unblinded(trial.received(), given_for)


def test_what_is_not_blinded_is_not_unblinded(trial: Trial) -> None:
    with pytest.raises(Refusal, match="No drug of this case is blinded"):
        trial.unblinded(trial.received(content=a_content()))


def test_what_is_seen_unblinded_is_entered(trial: Trial) -> None:
    trial.unblind.seen(trial.received(), KNOWS)
    (entry,) = trial.entered
    assert (entry.action, entry.actor, entry.discloses) == ("case.seen_unblinded", "dr.knows", True)
    trial.unblind.seen(trial.received("rep_2", a_content()), KNOWS)
    assert len(trial.entered) == 1


def test_a_case_that_is_blinded_later_is_shown_as_it_was_then(trial: Trial) -> None:
    case = trial.received(content=a_content(drugs=(a_drug(),)))
    trial.amended(case, Edit("/drugs/0/name", "Study drug"), Edit("/drugs/0/blinded", True))
    assert [drug.name for drug in trial.seen(case).content.drugs] == ["Study drug"]


_ALLOCATIONS = st.builds(
    Allocation,
    drug=st.just(0),
    name=st.text("abcdefgh ", min_size=1, max_size=20).filter(str.strip),
    placebo=st.booleans(),
)
_TOLD_AFTER = st.sampled_from(
    (
        Edit("/drugs/0/holder", "Helvion"),
        Edit("/drugs/0/batch_number", "B1"),
        Edit("/narrative", "The patient had been given the comparator."),
        Edit("/sender_comments", "Related to the active treatment."),
        Edit("/drugs/1", {"name": "Comparator", "role": "suspect"}),
        Edit("/patient/medical_history", "on comparator since May"),
    )
)
_OUTCOMES = st.sampled_from(("recovered", "not_recovered"))


@given(_ALLOCATIONS, st.lists(_TOLD_AFTER, max_size=3, unique_by=lambda edit: edit.pointer), _OUTCOMES, st.booleans())
@settings(max_examples=60, deadline=None)
def test_two_cases_that_differ_in_what_follows_of_an_allocation_look_alike(
    allocation: Allocation, told: list[Edit], outcome: str, is_approved: bool
) -> None:
    trials = (Trial(), Trial())
    views, lists = [], []
    for known, trial in zip((False, True), trials, strict=True):
        case = trial.received()
        other = trial.received(
            "rep_2", a_content(drugs=(STUDY_DRUG,), reactions=(a_reaction(serious=False, criteria=()),))
        )
        if known:
            trial.unblinded(case, [allocation])
            for edit in told:
                trial.amended(case, edit)
            if is_approved:
                held = trial.cases.heads[other.id]
                returned = trial.decide.give_back(other.id, held.revision, KNOWS, "look at its allocation")
                assert returned.note
        trial.amended(case, Edit("/reactions/0/outcome", outcome))  # what happened to the patient is for all
        views.append((trial.seen(case), trial.seen(other)))
        lists.append((trial.worklist.blinded(SCOPES, None, 10), trial.worklist.counts(SCOPES, None, 10)))
    assert msgspec.json.encode(views[0]) == msgspec.json.encode(views[1])
    assert lists[0] == lists[1]
    assert trials[0].worklist.count_blinded(SCOPES, None, 10) == trials[1].worklist.count_blinded(SCOPES, None, 10) == 2


def test_an_opinion_given_after_unblinding_is_not_for_blinded_eyes() -> None:
    """It names what was given, and whoever gave it may have known (DOMAIN 19)."""
    trial = Trial()
    investigators = Causality(source=CausalitySource.INVESTIGATOR, drug=STUDY_DRUG.name)
    content = a_content(reactions=(a_reaction(causality=(investigators,)),), drugs=(STUDY_DRUG,))
    case = trial.received(content=content)
    before = trial.seen(case).content.reactions
    trial.unblinded(case)
    [*_, now] = trial.cases.versions.values()
    assert now.snapshot.content.reactions[0].causality[0].drug == "Saline"
    sponsors = {"source": "sponsor", "drug": "Saline", "result": "not_related"}
    trial.amended(trial.cases.heads[case.id], Edit("/reactions/0/causality/1", sponsors))
    assert trial.seen(case).content.reactions == before
    assert before[0].causality == (investigators,)
