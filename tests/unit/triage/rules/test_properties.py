"""What holds whatever a case says: DOMAIN 3, 4, 6, 9 and 10, for random cases against every rulebook."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import msgspec
from hypothesis import given, settings
from hypothesis import strategies as st

from shared.contracts.clinical import CaseContent, Causality, Drug, Patient, Reaction, Reporter, Study
from shared.contracts.code_lists import CausalityResult, CausalitySource, Criterion, DrugRole, Outcome, ReportType
from tests.builders import DICTIONARY, RULEBOOKS, RULES
from tests.unit.triage.rules.cases import sign_offs
from tests.unit.triage.rules.registry import SPONSOR
from triage.domain.case import Case, CaseVersion, Cause, CauseKind, Obligation
from triage.domain.due_dates import due_date
from triage.domain.pipeline import Assessment, Reference, assess
from triage.domain.rulebook import Kind, Rulebook
from triage.domain.seriousness import determine as seriousness_of
from triage.domain.versions import Identity, advanced, frozen

COUNTRIES = st.sampled_from([None, "US", "DE", "GB", "CA", "AU", "CH", "JP", "BR"])
NAMES = st.sampled_from([product.names[0] for product in SPONSOR.products] + ["unmatched", "another"])
RANK = {"serious": 2, "serious_criterion_not_stated": 2, "suspected": 1, "not_stated": 0, "non_serious": 0}
SIGNED = RULES.signed(sign_offs(RULES))

reactions = st.builds(
    Reaction,
    verbatim=st.sampled_from(["rash", "headache", "liver failure", "something else"]),
    serious=st.sampled_from([None, True, False]),
    criteria=st.lists(st.sampled_from(Criterion), unique=True, max_size=3).map(tuple),
    outcome=st.sampled_from([None, *Outcome]),
    onset=st.sampled_from([None, "2026", "2026-02", "2026-04-27"]),
    country=COUNTRIES,
    causality=st.lists(
        st.builds(Causality, source=st.sampled_from(CausalitySource), result=st.sampled_from([None, *CausalityResult])),
        max_size=2,
    ).map(tuple),
    without_harm=st.sampled_from([None, True]),
    lack_of_efficacy=st.sampled_from([None, True]),
)
drugs = st.builds(
    Drug,
    name=NAMES,
    role=st.sampled_from([None, *DrugRole]),
    blinded=st.sampled_from([None, True]),
    malfunction=st.sampled_from([None, True]),
    remedial_action=st.sampled_from([None, True]),
    sponsor_product=st.sampled_from([None, None, False]),
    placebo=st.sampled_from([None, None, None, True]),
)
contents = st.builds(
    CaseContent,
    report_type=st.sampled_from([None, *ReportType]),
    patient=st.sampled_from([None, Patient(initials="A"), Patient(initials="A", death_date="2026")]),
    reporters=st.sampled_from([(), (Reporter(country="DE"),)]),
    reactions=st.lists(reactions, max_size=3).map(tuple),
    drugs=st.lists(drugs, max_size=3).map(tuple),
    study=st.builds(Study, number=st.just("HELV-301"), type=st.sampled_from([None, 1, 2, 3])),
    qualified_on=st.sampled_from([None, "2026-12-01"]),
)
days = st.dates(date(2024, 1, 1), date(2030, 12, 31))
books = st.sampled_from([*RULEBOOKS, SIGNED])
many = settings(max_examples=150, deadline=None)


def assessed(content: CaseContent, day: date, book: Rulebook) -> Assessment:
    reference = Reference(sponsor=SPONSOR, rulebook=book, terminology=DICTIONARY, today=day)
    return assess(content, day, "CH", reference)


@many
@given(contents, days, books)
def test_deciding_is_deterministic_and_every_destination_has_one_decision(
    content: CaseContent, day: date, book: Rulebook
) -> None:
    first, second = (msgspec.json.encode(assessed(content, day, book)) for _ in range(2))
    assert first == second
    decisions = assessed(content, day, book).decisions
    assert [each.destination for each in decisions] == [each.id for each in book.taking_part(day)]
    assert all(each.paragraph and each.reason for each in decisions)


@many
@given(reactions, st.sampled_from(Criterion), st.sampled_from([None, "2026"]))
def test_removing_a_criterion_never_makes_an_event_more_serious(
    reaction: Reaction, removed: Criterion, death: str | None
) -> None:
    def rank(criteria: Any) -> int:
        told = msgspec.structs.replace(reaction, criteria=tuple(criteria))
        (found,) = seriousness_of(CaseContent(reactions=(told,), patient=Patient(death_date=death)))
        return RANK[found.value]

    assert rank(set(reaction.criteria) - {removed}) <= rank(set(reaction.criteria) | {removed})


@many
@given(contents, days, books)
def test_an_unmatched_product_is_never_not_reportable(content: CaseContent, day: date, book: Rulebook) -> None:
    suspect = Drug(name="nobody knows it", role=DrugRole.SUSPECT)
    content = msgspec.structs.replace(content, drugs=(*content.drugs, suspect))
    for decision in assessed(content, day, book).decisions:
        assert decision.kind in {Kind.EXPEDITED, Kind.UNDETERMINED}


@many
@given(contents, days)
def test_what_was_not_read_in_its_source_dismisses_nothing(content: CaseContent, day: date) -> None:
    confidence = {rule.id: rule.confidence.value for rule in RULES.rules}
    for decision in assessed(content, day, RULES).decisions:
        if confidence.get(decision.rule_id) in {"S", "K"}:
            assert decision.kind is Kind.UNDETERMINED


@many
@given(contents, days, books)
def test_no_clock_is_later_than_the_decision_and_the_earliest_counts(
    content: CaseContent, day: date, book: Rulebook
) -> None:
    for decision in assessed(content, day, book).decisions:
        dues = [clock.due for clock in decision.clocks or () if clock.due]
        if decision.kind in {Kind.EXPEDITED, Kind.UNDETERMINED} and dues:
            assert decision.due == min(dues)


@many
@given(st.lists(st.tuples(contents, st.integers(-40, 40), st.booleans()), min_size=2, max_size=5), days)
def test_no_obligation_moves_later_or_goes(history: list[tuple[CaseContent, int, bool]], first: date) -> None:
    case: Case | None = None
    for number, (content, shift, is_amendment) in enumerate(history, 1):
        before = case
        case = next_version(before, number, content, first + timedelta(days=shift), is_amendment and number > 1)
        held = {each.id: each for each in case.obligations}
        for owed in before.obligations if before else ():
            assert held[owed.id].due <= owed.due
        assert all(isinstance(each, Obligation) and each.due >= each.day_zero for each in case.obligations)


def next_version(before: Case | None, number: int, content: CaseContent, day: date, is_amendment: bool) -> Case:
    """Make the next version as opening, following up and amending do."""
    start = before.current.clock_start if before and is_amendment else day
    kind = CauseKind.AMENDMENT if is_amendment else CauseKind.FOLLOW_UP if before else CauseKind.INITIAL
    cause = Cause(kind=kind, actor="a", authentication="none", at=datetime(2030, 1, 1, tzinfo=UTC), reason="r")
    owed_by = before.owed_by(start, number) if before else frozenset[str]()
    reference = Reference(sponsor=SPONSOR, rulebook=SIGNED, terminology=DICTIONARY, today=start)
    found = assess(content, start, "CH", reference, owed_by)
    identity = Identity(
        case_id="c",
        version=number,
        sponsor="helvion",
        first_received_on=start,
        latest_information_on=start,
        day_zero=before.day_zero if before else None,
    )
    version: CaseVersion = frozen(found, identity, cause, start, "CH", reference)
    return advanced(before, version, "c", None)


def test_every_rule_has_a_paragraph() -> None:
    assert all(rule.paragraph.strip() and rule.words.strip() for book in RULEBOOKS for rule in book.rules)


@many
@given(days, st.integers(1, 90))
def test_business_days_are_never_sooner_than_calendar_days(day: date, count: int) -> None:
    assert due_date(day, count, "US") >= due_date(day, count)
    assert due_date(day, count, "US").weekday() < 5
