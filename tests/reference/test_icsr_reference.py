"""The language held against the reference material: ICH's tables, ICH's schema set, authorities' own files.

Needs `$DAYZERO_REFERENCE` or `../shared/reference`, and fails without it.
"""

from __future__ import annotations

import csv
import json
import os
import re
from functools import cache
from pathlib import Path
from typing import cast

import pytest

from shared.icsr import api
from shared.icsr.e2b.writer import write_batch
from shared.icsr.element import Element
from shared.icsr.model.codes import LANGUAGES
from shared.icsr.model.null_flavor import NullFlavor
from shared.icsr.rules import required_with
from shared.icsr.rules.required_with import REQUIREMENTS
from shared.icsr.rules.walk import Occurrence, declared_element, occurrences
from tests.golden.icsr.models import acknowledgement, minimal, rich
from tests.unit.icsr.change import changed
from tests.unit.icsr.filled import filled

REFERENCE = Path(os.environ.get("DAYZERO_REFERENCE", Path(__file__).parents[3] / "shared" / "reference")) / "e2b"
SCHEMAS = REFERENCE / "schemas"
GOLDEN = Path(__file__).parents[1] / "golden" / "icsr"
FLAVORS = ("NI", "MSK", "UNK", "NA", "ASKU", "NASK", "NINF", "PINF")
ICH = [info.element for info in api.elements() if info.element.authority == "ICH"]
WHOLE = [element for element in ICH if not element.part]
PLACED = [element for element in WHOLE if not element.refers]  # what refers to a record has no XPath

# What the tables have and the declarations have not, or otherwise, and why; nothing else differs.
NOT_DECLARED = {
    "FDA.D.1": "D.1 with one more nullFlavor (NA) for FDA, and no place of its own: `fda_pathway.MORE_NULLS`",
    "FDA.G.k.12.r.7": "the heading of FDA.G.k.12.r.7.1a to e; no element",
}
# Conditional elements of ICH's sheet for which neither sheet nor guide states a condition.
NO_CONDITION = {
    "C.2.r.2.5": "the guide calls it optional and the sheet names no condition",
    **dict.fromkeys(
        ("D.8.r.2a", "D.8.r.2b", "D.8.r.3a", "G.k.2.1.1a", "G.k.2.1.1b", "G.k.2.1.2a"),
        "the guide calls it optional; that not both ids are given is a rule of D.8.r.3b or G.k.2.1.2b",
    ),
    "G.k.4.r.2": "the guide calls it optional, and units such as {asnecessary} stand alone",
}
OTHER_CONFORMANCE = dict.fromkeys(
    ("FDA.C.1.12", "FDA.C.2.r.2.8", "FDA.D.11.r.1", "FDA.D.12", "FDA.E.i.3.2h"),
    "FDA demands it on some of its pathways only, and no rule of ours asks for it yet",
)
# Where a declared name differs from ICH's sheet, and why; nothing else differs.
OTHER_NAMES = {
    "N.1.1": "the sheet's plural slipped to the wrong noun; the guide's heading stands",
    "C.1.8.1": "the guide's heading adds 'Number'",
    "C.1.9.1.r.1": "one entry is one source; the group carries the plural",
    "C.1.9.1.r.2": "one entry is one identifier; the group carries the plural",
}


@cache
def _sheet() -> dict[str, list[str]]:
    with (REFERENCE / "tables" / "ich-core-data-elements-v1.csv").open(encoding="utf-8-sig", newline="") as file:
        return {row[2].strip(): row for row in csv.reader(file)}


@cache
def _table() -> dict[str, dict[str, object]]:
    entries = json.loads((REFERENCE / "tables" / "ich-e2br3.json").read_text(encoding="utf-8"))["entries"]
    return {entry["code"]: entry for entry in entries}


def _valid(xml: bytes) -> api.SchemaResult:
    return api.check_schema(xml, SCHEMAS)


def test_every_element_of_the_tables_is_declared() -> None:
    declared = {info.element.id for info in api.elements()}
    ich, fda = _table(), _fda()
    assert len([code for code in ich if code in declared]) == 223
    assert len(fda) == 29
    known = {code for code, entry in {**ich, **fda}.items() if entry.get("kind") == "element" or code in fda}
    assert known - declared == set(NOT_DECLARED)
    assert declared - known == {f"G.k.9.i.2.r.{number}.EU.1" for number in (1, 2, 3)}


@pytest.mark.parametrize("element", WHOLE, ids=lambda element: element.id)
def test_each_element_is_as_in_ichs_sheet(element: Element) -> None:
    row = _sheet()[element.id]
    # Four elements have two lengths there, of which the last is R3's.
    length = re.sub(r".*?(\d+)\* E2B\(R3\)", r"\1", row[4].strip(), flags=re.DOTALL).replace("-", "")
    assert length == (str(element.max_length) if element.max_length else "")
    assert row[7].strip() == element.conformance.value
    allowed = {name for name, cell in zip(FLAVORS, row[11:19], strict=True) if cell.strip().lower().startswith("yes")}
    assert allowed == {flavor.value for flavor in element.nulls}
    assert (_plain(row[3]) == _plain(element.name)) is (element.id not in OTHER_NAMES)


def _plain(name: str) -> str:
    return re.sub(r"[^a-z]", "", name.lower().replace("(repeat as necessary)", ""))


@pytest.mark.parametrize("element", PLACED, ids=lambda element: element.id)
def test_each_element_stands_where_the_table_says(element: Element) -> None:
    """The codes and roots of the declared place are those of the table's path, and so is its last step."""
    path = str(_table()[element.id]["xpath"])
    place = element.place if isinstance(element.place, str) else f"{element.place.base}/{element.place.path}"
    numbers = re.findall(r"'(2\.16[\d.]+|1\.0[\d.]+|\d+)'", path)
    for code, root in re.findall(r"=(\d+)@ich:([\d.]+)", place):
        assert code in numbers
        assert f"2.16.840.1.113883.3.989.2.1.{root}" in numbers
    for root in re.findall(r"@(?:root|codeSystem)=ich:([\d.]+)", place):
        assert f"2.16.840.1.113883.3.989.2.1.{root}" in numbers
    assert _last(path) == _last(place)


def _last(path: str) -> str:
    return re.sub(r"\[[^\]]*\]|,\d+\)$", "", path).rpartition("/")[2]


def test_all_mandatory_elements_are_declared() -> None:
    wanted = {code for code, row in _sheet().items() if len(row) > 7 and row[7].strip() in {"Mandatory", "Required"}}
    assert len(wanted) == 34
    assert wanted <= {element.id for element in ICH}


def test_every_condition_of_the_sheet_has_a_rule() -> None:
    wanted = {code for code, row in _sheet().items() if len(row) > 7 and row[7].strip() == "Conditional-Mandatory"}
    required = {declared_element(line.kind, line.needs).id for line in REQUIREMENTS}
    folder = Path(required_with.__file__).parent
    named = "".join((folder / f"{name}.py").read_text(encoding="utf-8") for name in ("ich", "within_entry"))
    by_field = {"D.8.r.1", "F.r.3.1", "F.r.3.2", "F.r.3.3", "F.r.3.4", "D.8.r.3b", "G.k.2.1.2b"}  # by test_icsr_rules
    assert {code for code in wanted - required - by_field if f'"{code}"' not in named} == set(NO_CONDITION)


# What in FDA's own samples breaks v5.03; nothing else is found in them.
SAMPLES_BREAK = {
    "ICH.D.8.r.2a.length": "a version of FDA's product list has 12 characters, ICH's element 10",
    "ICH.G.k.2.1.1a.length": "a version of FDA's product list has 12 characters, ICH's element 10",
    "ICH.N.2.r.1.equal": "the message number is not C.1.1",
    "ICH.C.1.4.future": "received in 2022, created (C.1.2) in 2014",
    "ICH.C.1.5.future": "received in 2022, created (C.1.2) in 2014",
    "ICH.E.i.4.future": "begun in October 2014, created in July",
    "FDA.W0006": "5-1 and 5-2 take FDA.G.k.10a from the list of sender types",
    "DZ.unknown": "processingModeCode I, places where ICH and FDA have no element",
}


@pytest.mark.parametrize("number", ["1", "2", "3", "5-1", "5-2", "8"])
def test_nothing_else_is_found_in_fdas_samples(number: str) -> None:
    batch = api.read((REFERENCE / "instances" / "r3" / f"FAERS2022Scenario{number}.xml").read_bytes())
    found = {issue.rule_id for issue in api.check(batch)}
    assert found - set(SAMPLES_BREAK) == set()


def test_code_lists_are_those_of_the_table() -> None:
    for element in ICH:
        constraint = _table()[element.id].get("allowed_value_constraint")
        if element.codes and isinstance(constraint, dict) and constraint.get("kind") == "code_set":
            assert set(element.codes.values) == set(constraint["values"]), element.id


def test_languages_are_those_of_the_table() -> None:
    entries = json.loads((REFERENCE / "tables" / "iso639-2.json").read_text(encoding="utf-8"))["entries"]
    assert {entry["code"] for entry in entries} - set(LANGUAGES.values) == {"qaa-qtz"}  # a range for local use
    assert set(LANGUAGES.values) <= {entry["code"] for entry in entries}


FDA = [info.element for info in api.elements() if info.element.authority == "FDA"]


@pytest.mark.parametrize("element", FDA, ids=lambda element: element.id)
def test_each_fda_element_is_as_in_fdas_table(element: Element) -> None:
    """Format and values; where the table's place is one that FDA's own files do not use, the files' place stands."""
    entry = _fda()[element.id]
    assert entry.get("max_length") in (None, str(element.max_length))
    constraint = entry.get("allowed_value_constraint")
    if isinstance(constraint, dict) and constraint["kind"] == "code_set":
        assert element.codes is not None
        assert set(element.codes.values) == set(constraint["values"])
    assert {flavor.value for flavor in element.nulls} == set(cast("list[str]", entry.get("null_flavors") or ()))
    mandatory = entry["conformance"] == "mandatory" and element.id not in OTHER_CONFORMANCE
    assert (element.conformance.value == "Mandatory") is mandatory


@cache
def _fda() -> dict[str, dict[str, object]]:
    entries = json.loads((REFERENCE / "tables" / "fda-regional.json").read_text(encoding="utf-8"))["entries"]
    return {entry["code"]: entry for entry in entries}


def test_a_message_with_every_element_is_valid() -> None:
    assert _valid(write_batch(filled())) == api.SchemaResult(checked=True)


@pytest.mark.parametrize("name", ["minimal.xml", "rich.xml", "acknowledgement.xml"])
def test_golden_files_are_valid(name: str) -> None:
    assert _valid((GOLDEN / name).read_bytes()) == api.SchemaResult(checked=True)


def test_reports_without_any_one_optional_element_are_valid() -> None:
    """Whatever a report leaves out, what remains is in order and complete for the schema."""
    for found in occurrences(rich()):
        if isinstance(found, Occurrence) and found.element.conformance.value not in {"Mandatory", "Required"}:
            assert _valid(write_batch(changed(rich(), found.location, None))).issues == (), found.location


def test_reports_with_any_one_null_flavor_are_valid() -> None:
    for found in occurrences(rich()):
        for flavor in NullFlavor if isinstance(found, Occurrence) else ():
            if isinstance(found, Occurrence) and flavor in found.element.nulls:
                xml = write_batch(changed(rich(), found.location, flavor))
                assert _valid(xml).issues == (), (found.location, flavor)


def test_a_batch_of_two_messages_is_valid() -> None:
    batch = minimal()
    assert _valid(write_batch(changed(batch, "messages", (*batch.messages, *rich().messages)))).issues == ()


def test_the_schema_speaks() -> None:
    broken = write_batch(minimal()).replace(b"</creationTime>", b"").replace(b'typeCode="RCV"', b'typeCode="XXX"')
    issues = _valid(broken).issues
    assert issues
    assert all(issue.rule_id == "XSD" for issue in issues)
    assert _valid(api.write_acknowledgement(acknowledgement())).issues == ()


@pytest.mark.parametrize("number", ["1", "2", "3", "5-1", "5-2", "8"])
def test_fdas_sample_reports_are_read(number: str) -> None:
    batch = api.read((REFERENCE / "instances" / "r3" / f"FAERS2022Scenario{number}.xml").read_bytes())
    report = batch.messages[0].report
    assert [drug.role for drug in report.drugs] == ["1", "1", "2"]
    assert len(report.reactions) == 2
    assert report.identification.safety_report_id is not None
    assert batch.unknown  # a processing mode of its own, and a nullFlavor where ICH has no element
    # FDA's samples give versions of the product list that are longer than ICH lets them be.
    problems = {issue.rule_id for issue in api.check(batch)} - {"ICH.D.8.r.2a.length", "ICH.G.k.2.1.1a.length"}
    assert not {rule for rule in problems if rule.endswith((".missing", ".null-flavor", ".datatype", ".length"))}


ANSWERS = {
    "EMJQ_v34_13-missing-tags_CR-AR.ack": ("AR", "CR"),
    "INDT04_causality-missing_CR-AR.ack": ("AR", "CR"),
    "MEGA5_v12_CA-AA.ack": ("AA", "CA"),
    "R3ack-positive.ack": ("AA", "CA"),
    "TCF04_study-type-missing_CR-AR.ack": ("AR", "CR"),
    "ack3-01.xml": ("AA", "CA"),
    "ack3-02.xml": ("AE", "CA"),
}


@pytest.mark.parametrize("name", ANSWERS)
def test_every_r3_answer_is_read(name: str) -> None:
    answer = api.read_acknowledgement((REFERENCE / "instances" / "ack" / name).read_bytes())
    assert answer.code is not None
    assert answer.batch_number
    assert answer.sender
    assert answer.receiver
    assert answer.date is not None
    assert answer.batch_date is not None
    assert answer.unread == ()
    assert {(answer.code.value, each.code.value) for each in answer.messages if each.code} == {ANSWERS[name]}
    assert all(each.message_number and each.local_report_number for each in answer.messages)


def test_fdas_reasons_are_read_in_full() -> None:
    path = REFERENCE / "instances" / "ack" / "EMJQ_v34_13-missing-tags_CR-AR.ack"
    comment = api.read_acknowledgement(path.read_bytes()).messages[0].comment
    assert comment is not None
    assert comment.count("Data value required for tag") == 13


def test_hostile_files_are_refused_or_unreadable() -> None:
    files = sorted((REFERENCE / "instances" / "hostile").glob("*.xml"))
    assert files
    for path in files:
        with pytest.raises(api.UnreadableMessage):
            api.read(path.read_bytes())
