"""Every declared element is written and read back, at more than one repeat, in XML and in JSON (guide v5.03, 3.4)."""

from __future__ import annotations

import json
from collections import Counter
from random import Random

from hypothesis import given, settings
from hypothesis import strategies as st

from shared.icsr import api
from shared.icsr.e2b.writer import write_batch
from shared.icsr.element import Element
from shared.icsr.model.message import Batch
from shared.icsr.model.values import Coded, Unparsed
from shared.icsr.rules.walk import Occurrence, occurrences
from tests.golden.icsr.models import rich
from tests.unit.icsr.change import changed
from tests.unit.icsr.filled import filled, value_for


def _told(batch: Batch) -> Counter[str]:
    return Counter(
        f"{each.element.id} {each.element.part}"
        for each in occurrences(batch)
        if isinstance(each, Occurrence) and each.value is not None
    )


def test_every_element_is_compared_and_comes_back() -> None:
    batch = filled()
    told = _told(batch)
    declared = {f"{info.element.id} {info.element.part}" for info in api.elements()}
    assert set(told) == declared
    assert all(told[each] > 1 for each in declared if not each.startswith("N.1."))
    again = api.read(write_batch(batch))
    assert again.unknown == ()
    assert again == batch
    assert _told(again) == told


def test_every_element_comes_back_from_json() -> None:
    batch = filled()
    assert api.from_json(json.loads(json.dumps(api.to_json(batch)))) == batch


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 2**32))
def test_random_cases_come_back(seed: int) -> None:
    """Whatever is left out or said by a nullFlavor, the rest stays in its place."""
    chance = Random(seed)  # noqa: S311 - drawing each of a thousand values from hypothesis takes too long

    def make(element: Element, n: int) -> object:
        if element.refers:
            return f"R{n}"
        nulls = sorted(element.nulls, key=lambda flavor: flavor.value)
        return chance.choice([value_for(element, n), None, *nulls])

    batch = filled(make, messages=1)
    again = api.read(write_batch(batch))
    assert _told(again) - _told(batch) == Counter()
    assert api.read(write_batch(again)) == again
    assert api.from_json(json.loads(json.dumps(api.to_json(again)))) == again
    assert again.unknown == ()
    if not any(issue.rule_id.endswith(".empty") for issue in api.check(batch)):
        assert again == batch


def test_what_is_of_another_format_is_kept_as_it_is() -> None:
    for location, original, other in (
        ("patient.birth_date", '<birthTime value="19780615"/>', "20251399"),
        ("patient.height", 'unit="cm" value="168"', "tall"),
        ("patient.age", 'value="47.50" unit="a"', "047.50"),
    ):
        before = original.split('value="')[1].split('"')[0]
        xml = write_batch(rich()).decode().replace(original, original.replace(before, other))
        batch = api.read(xml.encode())
        assert batch == changed(rich(), f"messages[0].report.{location}", Unparsed(other))
        assert write_batch(batch).decode() == xml
        assert [issue.rule_id.rpartition(".")[2] for issue in api.check(batch)] == ["datatype"]
        assert api.from_json(api.to_json(batch)) == batch


def test_codes_of_other_lists_keep_their_list() -> None:
    for value in (Coded("48", "2.16.840.1.113883.3.989.2.1.1.14"), Coded("48", ""), Coded("", "1.2.3")):
        batch = changed(rich(), "messages[0].report.drugs[0].dosages[0].route", value)
        assert api.read(write_batch(batch)) == batch
        assert api.from_json(api.to_json(batch)) == batch


def test_a_list_without_a_name_says_nothing() -> None:
    for system in ("", " "):
        batch = changed(rich(), "messages[0].report.drugs[0].dosages[0].route", Coded("", system))
        assert api.read(write_batch(batch)).messages[0].report.drugs[0].dosages[0].route is None
