"""What the schema refuses is told by line, element id and cure, and the rest of the file is read (guide v5.03, App. I).

Needs `$DAYZERO_REFERENCE` or `../shared/reference`.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from shared.icsr import api
from shared.icsr.e2b.locate import nearest_id
from shared.icsr.e2b.parser import parse
from shared.icsr.e2b.writer import write_batch
from tests.golden.icsr.models import rich
from tests.reference.test_icsr_reference import REFERENCE, SCHEMAS
from tests.reference.xpaths import found
from tests.unit.icsr.test_icsr_follow_up import KINDS

# what is replaced by what in a valid file, the element that is named, and what its cure speaks of
MUTATIONS: list[tuple[str, str, str, str]] = [
    ('<birthTime value="19780615"/>', '<birthTime value="1978-06-15"/>', "D.2.1", "without hyphens"),
    ('<birthTime value="19780615"/>', '<birthtime value="19780615"/>', "D", "order"),
    ('unit="kg" value="71.2"', 'unit="kg" value="71,2"', "D.3", "form of its datatype"),
    ('xsi:type="PQ" ', "", "D.2.2a", "State the datatype"),
    ('xsi:type="BL"', 'xsi:type="BOOL"', "C.1.6.1", "Name a datatype"),
    ('<statusCode code="active"/>', "", "C.1.4", "missing before it"),
    ("<routeCode", "<routingCode", "G.k.4.r", "order"),
    ('root="2.16.840.1.113883.3.989.2.1.3.1"', 'root="2.16.840..1"', "N.2.r.1", "form of its datatype"),
    ('<receiver typeCode="RCV">', "<receiver>", "N.2.r.3", "Add the attribute"),
    ('<value xsi:type="ED"', '<value foo="1" xsi:type="ED"', "D.7.2", "Take the attribute out"),
    ('nullFlavor="NI"', 'nullFlavor="ZZ"', "E.i.3.2a", "codes that are listed"),
    ("<productUseReference", "<productUse", "G.k.1", "order"),
]


def _mutated(valid: str, broken: str) -> tuple[str, int]:
    """The file with one fault, and the line of it."""
    written = write_batch(rich()).decode()
    xml = written.replace(valid, broken, 1)
    for name, other in (("routeCode", "routingCode"), ("productUseReference", "productUse")):
        if broken == f"<{other}":
            xml = xml.replace(f"</{name}>", f"</{other}>", 1)
    return xml, written[: written.index(valid)].count("\n") + 1


@pytest.mark.parametrize(("valid", "broken", "element", "cure"), MUTATIONS)
def test_a_fault_names_its_line_its_element_and_the_cure(valid: str, broken: str, element: str, cure: str) -> None:
    xml, line = _mutated(valid, broken)
    first = api.check_schema(xml.encode(), SCHEMAS).issues[0]
    assert first.element_id == element
    assert abs(int(first.location.removeprefix("line ")) - line) <= 1  # of what is missing, the next line tells
    assert cure in first.cure
    assert "{urn:hl7-org" not in first.message
    streamed = [issue for part in api.read_stream([xml.encode()], SCHEMAS) for issue in part.schema.issues]
    assert (streamed[0].element_id, streamed[0].cure) == (first.element_id, first.cure)


@pytest.mark.parametrize(("valid", "broken", "element", "cure"), MUTATIONS)
def test_the_rest_of_a_broken_file_is_read(valid: str, broken: str, element: str, cure: str) -> None:
    xml, _ = _mutated(valid, broken)
    report = api.read(xml.encode()).messages[0].report
    assert len(report.drugs) == len(report.reactions) == 2
    assert report.narrative == rich().messages[0].report.narrative


def test_an_authoritys_own_invalid_file_is_told_and_read() -> None:
    path = REFERENCE / "instances" / "r3" / "example_hl7_standard.xml"
    [issue] = api.check_schema(path.read_bytes(), SCHEMAS).issues
    assert (issue.location, issue.element_id) == ("line 440", "G.k.4.r")
    assert "Add what is expected" in issue.cure
    assert len(api.read(path.read_bytes()).messages[0].report.drugs) == 2


def test_a_file_of_nothing_but_faults_is_told_at_once() -> None:
    xml = write_batch(rich()).decode().replace("</investigationEvent>", "<x/>" * 20_000 + "</investigationEvent>")
    issues = api.check_schema(xml.encode(), SCHEMAS).issues
    assert issues
    assert issues[0].element_id


def test_places_of_several_elements_are_told_by_what_their_ids_share() -> None:
    root = parse((Path(__file__).parents[1] / "golden" / "icsr" / "rich.xml").read_bytes())
    told = {
        path: nearest_id(found(root, f"//v:{path}")[0])
        for path in ("primaryRole", "player1", "researchStudy", "device", "interactionId", "controlActProcess")
    }
    assert told == {
        "primaryRole": "N.2.r",
        "player1": "D",
        "researchStudy": "C.5",
        "device": "N.2.r.3",
        "interactionId": "",
        "controlActProcess": "N.2.r",
    }
    assert nearest_id(parse(b"<other/>")) == ""


@pytest.mark.parametrize("kind", KINDS)
def test_nullifications_amendments_and_follow_ups_are_accepted(kind: str) -> None:
    assert api.check_schema(write_batch(KINDS[kind]), SCHEMAS) == api.SchemaResult(checked=True)
