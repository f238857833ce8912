"""Contradictions and improbabilities become queries; what was reported stays as it was reported (DOMAIN 1, 4).

The functions look at a draft: the structured form before it is frozen, whose lists keep the places of the body as
received (None where an item left), so that a finding points at what the sender wrote.
"""

from collections.abc import Callable, Iterator, Mapping
from datetime import date, timedelta
from typing import Any

from intake.domain.dates import span, surely_before
from intake.domain.findings import Finding, Located, Path

Draft = Mapping[str, Any]

_TOMORROW = timedelta(days=1)  # it may be tomorrow already where the sender is
_OLDEST_YEARS = 130
_AGE_SLACK_YEARS = 2
_YEARS_OF = {"decade": 10.0, "year": 1.0, "month": 1 / 12, "week": 7 / 365.25, "day": 1 / 365.25, "hour": 1 / 8766}
_DEATH = "results_in_death"

_END_FIRST = Finding("end-before-start", "The end lies before the start; please say which date is right.")
_FUTURE = Finding("date-in-future", "The date lies after the receipt of the report; please check it.")
_AGE = Finding("age-implausible", f"The age is above {_OLDEST_YEARS} years; please check number and unit.")
_NO_UNIT = Finding("age-unit-missing", "Say of what the number is: decade, year, month, week, day or hour.")
_AGE_MISMATCH = Finding("age-contradicts-birth-date", "Age and date of birth do not fit the onset; please check both.")
_BORN_LATE = Finding("birth-after-reaction", "The reaction began before the patient was born; please check both dates.")
_DEATH_FIRST = Finding("death-before-birth", "The patient died before being born; please check both dates.")
_NO_TERM = Finding("reaction-term-missing", "Say in the reporter's words what happened.")
_NO_NAME = Finding("drug-name-missing", "Name the drug as reported, or its substances.")
_ZERO = Finding("dose-zero", "A dose of zero was reported; if the drug was not given, say so in its role.")
_NOT_SERIOUS = Finding(
    "seriousness-contradiction", "Criteria are given, yet the statement is 'not serious'; it is treated as serious."
)
_FATAL = Finding(
    "fatal-without-death", "The outcome is fatal; please state the criterion results_in_death if it is so."
)
_NO_PRIMARY = Finding("primary-reporter-missing", "Mark the one reporter who is the primary source.")
_PRIMARIES = Finding("primary-reporter-several", "Exactly one reporter is the primary source; mark only that one.")
_NO_SUSPECT = Finding("suspect-drug-missing", "No drug is suspect or interacting; say which one is suspected.")
_NO_REACTION = Finding(
    "seriousness-without-reaction", "Seriousness is stated, but no reaction; say what happened, so that it can be kept."
)


def findings(draft: Draft, received_on: date) -> Iterator[Located]:
    """Yield what seems wrong in a draft. ``received_on`` is the date of receipt at the receiving site."""
    for path, text in _dates(draft):
        days = span(text)
        if days and days.first > received_on + _TOMORROW:
            yield path, _FUTURE
    yield from _on_patient(draft, received_on)
    yield from _on_case(draft)
    for name, check in _ITEM_CHECKS.items():
        for index, item in _items(draft, name):
            yield from (((name, index, *path), finding) for path, finding in check(item))


def _items(draft: Draft, name: str) -> Iterator[tuple[int, Draft]]:
    for index, item in enumerate(draft.get(name) or ()):
        if item:
            yield index, item


_DATES = {"reactions": ("onset", "end"), "drugs": ("start",)}  # a drug's end may be planned


def _dates(draft: Draft) -> Iterator[tuple[Path, str]]:
    patient = draft.get("patient") or {}
    places: list[tuple[Path, Any]] = [(("patient", name), patient.get(name)) for name in ("birth_date", "death_date")]
    places.append((("latest_information_on",), draft.get("latest_information_on")))
    for part, names in _DATES.items():
        places += [((part, i, name), item.get(name)) for i, item in _items(draft, part) for name in names]
    return ((path, text) for path, text in places if text)


def _on_patient(draft: Draft, received_on: date) -> Iterator[Located]:
    patient = draft.get("patient") or {}
    born = patient.get("birth_date")
    onsets = [item["onset"] for _, item in _items(draft, "reactions") if item.get("onset")]
    if surely_before(patient.get("death_date"), born):
        yield ("patient", "death_date"), _DEATH_FIRST
    if any(surely_before(onset, born) for onset in onsets):
        yield ("patient", "birth_date"), _BORN_LATE
    age = patient.get("age")
    if age and not age.get("unit"):
        yield ("patient", "age", "unit"), _NO_UNIT
    years = _years(age)
    if years is not None and years > _OLDEST_YEARS:
        yield ("patient", "age"), _AGE
    elif years is not None and born and _disagree(years, born, onsets[0] if onsets else received_on.isoformat()):
        yield ("patient", "age"), _AGE_MISMATCH


def _years(age: Draft | None) -> float | None:
    return age["value"] * _YEARS_OF[age["unit"]] if age and age.get("unit") else None


def _disagree(years: float, born: str, onset: str) -> bool:
    birth, event = span(born), span(onset)
    if birth is None or event is None:
        return False
    youngest, oldest = event.first.year - birth.last.year, event.last.year - birth.first.year
    return not youngest - _AGE_SLACK_YEARS <= years <= oldest + _AGE_SLACK_YEARS


def _on_case(draft: Draft) -> Iterator[Located]:
    reporters = [item for _, item in _items(draft, "reporters")]
    primaries = sum(item.get("primary") is True for item in reporters)
    if len(reporters) > 1 and not primaries:
        yield ("reporters",), _NO_PRIMARY
    if primaries > 1:
        yield ("reporters",), _PRIMARIES
    drugs = [item for _, item in _items(draft, "drugs")]
    if drugs and all(item.get("role") in {"concomitant", "not_administered"} for item in drugs):
        yield ("drugs",), _NO_SUSPECT
    criteria = [each for each in draft.get("seriousness_criteria") or () if each]
    if criteria and draft.get("serious") is False:
        yield ("serious",), _NOT_SERIOUS
    if (criteria or draft.get("serious") is not None) and not any(_items(draft, "reactions")):
        yield ("seriousness_criteria" if criteria else "serious",), _NO_REACTION


def _on_reaction(reaction: Draft) -> Iterator[Located]:
    criteria = [each for each in reaction.get("criteria") or () if each]
    if not any(reaction.get(name) for name in ("verbatim", "translation", "received_coding")):
        yield ("verbatim",), _NO_TERM
    if surely_before(reaction.get("end"), reaction.get("onset")):
        yield ("end",), _END_FIRST
    if criteria and reaction.get("serious") is False:
        yield ("serious",), _NOT_SERIOUS
    if reaction.get("outcome") == "fatal" and criteria and _DEATH not in criteria:
        yield ("outcome",), _FATAL


def _on_drug(drug: Draft) -> Iterator[Located]:
    if not drug.get("name") and not any(drug.get("substances") or ()):
        yield ("name",), _NO_NAME
    if surely_before(drug.get("end"), drug.get("start")):
        yield ("end",), _END_FIRST
    if (drug.get("dose") or {}).get("value") == 0:
        yield ("dose", "value"), _ZERO


_ITEM_CHECKS: dict[str, Callable[[Draft], Iterator[Located]]] = {"reactions": _on_reaction, "drugs": _on_drug}
