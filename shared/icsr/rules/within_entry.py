"""Some elements of one entry are demanded, or excluded, by several others of it (guide v5.03, 3.4: C.1.6.1.r,
D.8.r, D.10, F.r and G.k.2.1).

Each rule is a function of one record and its location; the table at the end lists them by the record's class.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial

from shared.icsr.elements.c1_identification import CaseIdentification
from shared.icsr.elements.d8_past_drugs import PastDrug
from shared.icsr.elements.d10_parent import Parent, ParentPastDrug
from shared.icsr.elements.f_tests import Test
from shared.icsr.elements.g_drugs import DrugInformation
from shared.icsr.model.issue import Issue, Severity
from shared.icsr.model.message import Batch
from shared.icsr.model.null_flavor import NullFlavor
from shared.icsr.rules.declared import rule_id
from shared.icsr.rules.walk import Occurrence, declared_element, named, occurrences, records

Rule = Callable[[object, str], Iterator[Issue]]
_RESULTS = ("result_code", "result", "result_above", "result_below", "result_text")
_WITH_UNIT = ("result", "result_above", "result_below")


def check_entries(batch: Batch) -> Iterator[Issue]:
    """Yield what the rules of this module find anywhere in a batch."""
    for kind, rules in RULES.items():
        found: Iterator[tuple[str, object]] = records(batch, kind)
        for location, record in found:
            for rule in rules:
                yield from rule(record, location)


def _documents_listed(case: object, at: str) -> Iterator[Issue]:
    if isinstance(case, CaseIdentification) and case.additional_documents is True and not case.documents:
        yield _issue(
            rule_id("C.1.6.1.r.1", "required"),
            "C.1.6.1.r.1",
            f"{at}.documents",
            "C.1.6.1 says that there are documents, and none is listed (C.1.6.1.r.1).",
            "List the documents, or say in C.1.6.1 that there are none.",
        )


def _if_anything(needs: str, record: object, at: str) -> Iterator[Issue]:
    """What is required as soon as anything else of the section is said."""
    told = any(isinstance(each, Occurrence) and each.value is not None for each in occurrences(record))
    if told and getattr(record, needs) is None:
        yield _required(record, needs, at, "something else of its section is stated")


def _one_product_id(record: object, at: str) -> Iterator[Issue]:
    if getattr(record, "mpid") is not None and getattr(record, "phpid") is not None:  # noqa: B009 - of three classes
        one, two = (declared_element(type(record), name) for name in ("mpid", "phpid"))
        yield _issue(
            rule_id(two.id, "either"),
            two.id,
            f"{at}.phpid",
            f"{named(two)} and {named(one)} are both stated.",
            "Give one of them.",
        )


def _test_named(test: object, at: str) -> Iterator[Issue]:
    if isinstance(test, Test) and test.test_date is not None and test.name is None and test.meddra_code is None:
        yield _required(test, "name", at, "the test has a date (F.r.1) and no MedDRA code (F.r.2.2b)")


def _test_result(test: object, at: str) -> Iterator[Issue]:
    if not isinstance(test, Test) or (test.name is None and test.meddra_code is None):
        return
    if all(getattr(test, field) is None for field in _RESULTS):
        yield _required(test, "result_text", at, "no result is stated (F.r.3.1, F.r.3.2)")


def _test_unit(test: object, at: str) -> Iterator[Issue]:
    for field in _WITH_UNIT:
        value = getattr(test, field)
        if value is not None and not isinstance(value, NullFlavor) and getattr(test, f"{field}_unit") is None:
            yield _required(test, f"{field}_unit", at, "the result (F.r.3.2) is a number")


def _required(record: object, field: str, at: str, because: str) -> Issue:
    missing = declared_element(type(record), field)
    return _issue(
        rule_id(missing.id, "required"),
        missing.id,
        f"{at}.{field}",
        f"{named(missing)} has no value, and {because}.",
        f"Give {missing.id}, or take the rest back.",
    )


_issue = partial(Issue, Severity.ERROR)

RULES: dict[type, tuple[Rule, ...]] = {
    CaseIdentification: (_documents_listed,),
    PastDrug: (partial(_if_anything, "name"), _one_product_id),
    Parent: (partial(_if_anything, "sex"),),
    ParentPastDrug: (_one_product_id,),
    Test: (_test_named, _test_result, _test_unit),
    DrugInformation: (_one_product_id,),
}
