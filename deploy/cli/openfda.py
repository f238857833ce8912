"""One raw openFDA report becomes one ``POST /v1/reports`` body; nothing is invented on the way (DOMAIN 4).

openFDA is ICH E2B(R2) as JSON. Seriousness is stated of the case, so it stays at case level here. A code that no table
has is left out and counted by field and code; a field for which the report form has no place is counted by its name.
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from math import isfinite
from typing import Any

from deploy.cli import openfda_codes as codes
from deploy.cli.mapped import Mapped

Raw = Mapping[str, Any]
Body = dict[str, Any]
_DATE = re.compile(r"(\d{4})(\d{2})?(\d{2})?")
_COUNTRY = re.compile(r"[A-Z]{2}")
_TRUE = "1"
_NO_OBJECT = "a report that is no object"
_EMPTY: tuple[object, ...] = (None, "", [], {})
_SERIOUS = {"1": True, "2": False}


class Source:
    """A part of a raw report, read field by field; what was asked for is remembered, so that the rest can be told."""

    def __init__(self, raw: object, left_out: Counter[str]) -> None:
        """Read from ``raw`` if it is an object; anything else holds nothing."""
        self.raw: Raw = raw if isinstance(raw, Mapping) else {}
        self.left_out = left_out
        self._within: list[Source] = []
        self._asked = {"openfda"}  # FDA's own annotation of names, no part of the report

    def text(self, name: str) -> str | None:
        """Return the text of a field; blank is nothing."""
        value = self.raw.get(name)
        if not isinstance(value, str | int | float):
            return None  # a list or an object here cannot be read: it stays unasked, and is told
        self._asked.add(name)
        return str(value).strip() or None

    def term(self, name: str) -> str | None:
        """Return a term with its apostrophes: openFDA writes carets for them."""
        text = self.text(name)
        return text.replace("^", "'") if text else None

    def coded(self, name: str, table: codes.Table) -> str | None:
        """Return the word of a code; an unknown code is left out and counted."""
        code = self.text(name)
        return self._found(name, code, table.get(code) if code else None)

    def number(self, name: str) -> float | None:
        """Return a number."""
        text = self.text(name)
        try:
            value = float(text) if text else None
        except ValueError:
            value = None
        value = value if value is not None and isfinite(value) else None
        return value if self._found(name, text, str(value) if value is not None else None) else None

    def day(self, name: str) -> str | None:
        """Return a date as precise as it was given: 2014, 2014-03, 2014-03-06."""
        self._asked.add(f"{name}format")
        text = self.text(name)
        match = _DATE.fullmatch(text or "")
        return self._found(name, text, "-".join(filter(None, match.groups())) if match else None)

    def country(self, name: str) -> str | None:
        """Return an ISO 3166-1 alpha-2 code."""
        text = self.text(name)
        return self._found(name, text, text if text and _COUNTRY.fullmatch(text) else None)

    def part(self, name: str) -> "Source":
        """Return an object inside this one."""
        return self._inner(name, [self.raw.get(name)])[0]

    def parts(self, name: str) -> "list[Source]":
        """Return a list of objects; openFDA writes a list of one as the object itself."""
        value = self.raw.get(name)
        return self._inner(name, value if isinstance(value, list) else [value] if value else [])

    def unasked(self) -> Iterator[str]:
        """Yield the names of fields, here and further in, that say something and that nothing could read."""
        yield from (name for name, value in self.raw.items() if name not in self._asked and value not in _EMPTY)
        for source in self._within:
            yield from source.unasked()

    def _inner(self, name: str, items: Iterable[Any]) -> "list[Source]":
        sources = [Source(item, self.left_out) for item in items]
        self._within += sources
        if all(item in _EMPTY or isinstance(item, Mapping) for item in items):
            self._asked.add(name)
        return sources

    def _found(self, name: str, stated: str | None, understood: str | None) -> str | None:
        if stated and understood is None:
            self.left_out[f"{name}={stated}"] += 1
        return understood


def body_of(raw: object, sponsor: str) -> Mapped:
    """Map one element of ``results``."""
    left_out: Counter[str] = Counter()
    case = Source(raw, left_out)
    patient, reporter = case.part("patient"), case.part("primarysource")
    reactions, drugs = patient.parts("reaction"), patient.parts("drug")
    sender, duplicates = case.part("sender"), case.parts("reportduplicate")
    death, summary = patient.part("patientdeath"), patient.part("summary")
    occurred = case.country("occurcountry")
    body = {
        "sponsor": sponsor,
        "sender": _said(
            {
                "organisation": sender.text("senderorganization"),
                "type": sender.coded("sendertype", codes.SENDER_TYPE),
                "case_id": case.text("safetyreportid"),
            }
        ),
        "first_aware_at": case.day("receivedate"),
        "latest_information_on": case.day("receiptdate"),
        "report_type": case.coded("reporttype", codes.REPORT_TYPE),
        **_seriousness(case),
        **_identifiers(case, duplicates),
        "patient": _patient(patient, death),
        "reporters": _all([_reporter(reporter, case)]),
        "reactions": _all(_reaction(reaction, occurred) for reaction in reactions),
        "drugs": _all(_drug(drug) for drug in drugs),
        "narrative": summary.text("narrativeincludeclinical"),
    }
    no_place = Counter(case.unasked())
    if raw not in _EMPTY and not isinstance(raw, Mapping):
        no_place[_NO_OBJECT] += 1
    return Mapped(body=_said(body), left_out=left_out, no_place=no_place)


def _seriousness(case: Source) -> Body:
    stated = case.text("serious")
    criteria = [word for name, word in codes.CRITERIA.items() if case.text(name) == _TRUE]
    return {"serious": _SERIOUS.get(stated or ""), "seriousness_criteria": criteria}


def _identifiers(case: Source, duplicates: Iterable[Source]) -> Body:
    company = case.text("companynumb")
    others = ({"source": each.text("duplicatesource"), "identifier": each.text("duplicatenumb")} for each in duplicates)
    return {
        "worldwide_case_id": company,
        "first_sender": "other" if company else None,
        "other_case_ids": [pair for pair in others if all(pair.values())],
    }


def _patient(patient: Source, death: Source) -> Body:
    age = {"value": patient.number("patientonsetage"), "unit": patient.coded("patientonsetageunit", codes.AGE_UNIT)}
    if age["value"] is None:
        age.clear()  # a unit alone says nothing; a number alone is sent, and intake asks for its unit
    return _said(
        {
            "age": _said(age),
            "age_group": patient.coded("patientagegroup", codes.AGE_GROUP),
            "sex": patient.coded("patientsex", codes.SEX),
            "weight_kg": patient.number("patientweight"),
            "death_date": death.day("patientdeathdate"),
        }
    )


def _reporter(reporter: Source, case: Source) -> Body:
    of_case = case.country("primarysourcecountry")  # A.1.1 is the country of the same person
    return _said(
        {
            "country": reporter.country("reportercountry") or of_case,
            "qualification": reporter.coded("qualification", codes.QUALIFICATION),
        }
    )


def _reaction(reaction: Source, occurred: str | None) -> Body:
    verbatim = reaction.term("reactionmeddrapt")
    outcome = reaction.coded("reactionoutcome", codes.OUTCOME)
    return _said({"verbatim": verbatim, "outcome": outcome, "country": occurred}) if verbatim or outcome else {}


def _drug(drug: Source) -> Body:
    substances = drug.part("activesubstance").term("activesubstancename")
    dose = {
        "value": drug.number("drugstructuredosagenumb"),
        "unit": drug.coded("drugstructuredosageunit", codes.DOSE_UNIT),
    }
    return _said(
        {
            "name": drug.term("medicinalproduct"),
            "role": drug.coded("drugcharacterization", codes.ROLE),
            "substances": [name.strip() for name in (substances or "").split("\\") if name.strip()],
            "authorisation_number": drug.text("drugauthorizationnumb"),
            "batch_number": drug.text("drugbatchnumb"),
            "dose": dose if None not in dose.values() else None,
            "dose_text": drug.text("drugdosagetext"),
            "route": drug.coded("drugadministrationroute", codes.ROUTE),
            "start": drug.day("drugstartdate"),
            "end": drug.day("drugenddate"),
            "indication": drug.term("drugindication"),
            "action_taken": drug.coded("actiondrug", codes.ACTION),
        }
    )


def _said(values: Body) -> Body:
    """Return what was said: a value that is absent is not written."""
    return {name: value for name, value in values.items() if value not in _EMPTY}


def _all(parts: Iterable[Body]) -> list[Body]:
    return [part for part in parts if part]
