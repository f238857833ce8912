"""The facade lists, checks and reads without any schema set."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import fields
from functools import partial
from pathlib import Path

import pytest

from shared.icsr import api
from shared.icsr.e2b.hl7 import NAMESPACE
from shared.icsr.e2b.writer import write_batch
from shared.icsr.elements.c4_literature import LiteratureReference
from shared.icsr.model.message import Batch
from shared.icsr.model.oids import oid
from shared.icsr.model.values import Attachment, Coded, Unparsed
from shared.icsr.rules.walk import Occurrence, occurrences
from tests.golden.icsr.models import minimal, rich
from tests.unit.icsr.change import changed
from tests.unit.icsr.filled import filled

REPORT = "messages[0].report"
ROUTE = f"{REPORT}.drugs[0].dosages[0].route"
DOCUMENT = f"{REPORT}.literature[0].included"


def _documented() -> Batch:
    return changed(rich(), f"{REPORT}.literature", (LiteratureReference(citation="a"),))


def test_elements_are_listed_with_the_field_that_holds_them() -> None:
    listed = {info.element.id: info for info in api.elements()}
    assert listed["G.k.1"].field == "messages[].report.drugs[].role"
    assert listed["G.k.4.r.7"].field == "messages[].report.drugs[].dosages[].batch_number"
    assert listed["C.1.2"].field == "messages[].report.identification.creation_date"
    assert listed["FDA.C.1.7.1"].element.authority == "FDA"
    assert listed["C.1.1"].element.authority == "ICH"


def test_without_schemas_nothing_is_claimed() -> None:
    assert api.check_schema(b"anything", None) == api.SchemaResult(checked=False)


def test_a_configured_folder_without_schemas_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError, match="DAYZERO_E2B_SCHEMAS"):
        api.check_schema(write_batch(minimal()), tmp_path)


def test_structure_is_checked_from_the_file() -> None:
    assert api.check_structure(write_batch(rich())) == ()
    broken = write_batch(changed(rich(), "messages[0].report.drugs[1].name", None))
    assert [issue.rule_id for issue in api.check_structure(broken)] == ["ICH.G.k.2.2.missing"]


def _document(field: str, text: str) -> Attachment:
    return Attachment(**{field: text})


@pytest.mark.parametrize("wrong", ["\0", "\ufffe", "\ud800"])
@pytest.mark.parametrize(
    ("location", "element_id", "made"),
    [
        ("messages[0].message_id", "N.2.r.1", str),
        (f"{REPORT}.narrative.case_narrative", "H.1", str),
        (f"{REPORT}.patient.age", "D.2.2a", Unparsed),
        (ROUTE, "G.k.4.r.10.2b", lambda text: Coded("48", text)),
        (ROUTE, "G.k.4.r.10.2b", lambda text: Coded(text, "1.2")),
        *((DOCUMENT, "C.4.r.2", partial(_document, each.name)) for each in fields(Attachment)),
        (f"{REPORT}.drugs[0].id", "G.k", str),
    ],
)
def test_what_xml_cannot_carry_is_named_and_not_written(
    location: str, element_id: str, made: Callable[[str], object], wrong: str
) -> None:
    batch = changed(_documented(), location, made(f"a{wrong}b"))
    for written in (api.write(batch), api.render(batch, None)):
        assert written.xml is None
        assert (element_id, location) in {(each.element_id, each.location) for each in written.issues}


def test_what_would_not_be_read_again_is_not_rendered() -> None:
    written = api.render(changed(rich(), "batch_number", "x" * 1024 * 1024), None)
    assert (written.xml, [each.rule_id for each in written.issues]) == (None, ["DZ.unreadable"])


def test_a_document_larger_than_is_read_is_not_written() -> None:
    batch = changed(_documented(), DOCUMENT, Attachment("application/pdf", "B64", None, "QUJD" * (7 * 1024 * 1024)))
    assert (api.write(batch).xml, {each.rule_id for each in api.write(batch).issues}) == (None, {"ICH.C.4.r.2.size"})
    assert api.render(batch, None).xml is None


def test_a_code_of_another_list_stands_only_where_one_is_taken() -> None:
    for location, value, wrong in (
        (f"{REPORT}.drugs[0].name", Coded("a", "1.2"), "ICH.G.k.2.2.datatype"),
        (ROUTE, Coded("", ""), "ICH.G.k.4.r.10.2b.datatype"),
        (ROUTE, Coded("48", "a b"), "ICH.G.k.4.r.10.2b.system"),
    ):
        assert wrong in {each.rule_id for each in api.check(changed(rich(), location, value))}


def test_the_reader_gives_codes_of_other_lists_where_they_are_declared_to_be_taken() -> None:
    xml = write_batch(filled()).decode()
    for system in ("TBD-MPID", "TBD-Substance", *(oid(name) for name in ("dose-form", "route", "eu:5.4", "eu:5.2"))):
        xml = xml.replace(f'codeSystem="{system}"', 'codeSystem="1.2.3"')
    found = [each for each in occurrences(api.read(xml.encode())) if isinstance(each, Occurrence)]
    coded = {each.element.id for each in found if isinstance(each.value, Coded)}
    assert coded == {info.element.id for info in api.elements() if info.element.takes_other_lists}


_SCHEMA = f"""<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema" targetNamespace="{NAMESPACE}"
 elementFormDefault="qualified"><xs:element name="MCCI_IN200100UV01"><xs:complexType><xs:sequence>
 <xs:element name="PORR_IN049016UV" minOccurs="0" maxOccurs="9"><xs:complexType/></xs:element>
 <xs:element name="id" minOccurs="0"><xs:complexType/></xs:element>
</xs:sequence></xs:complexType></xs:element></xs:schema>"""
_MESSAGE = '<MCCI_IN200100UV01 xmlns="{{}}"><PORR_IN049016UV/><PORR_IN049016UV>{}</PORR_IN049016UV></MCCI_IN200100UV01>'


@pytest.mark.parametrize(
    ("xml", "element_id"),
    [
        ('<MCCI_IN200100UV01 xmlns="{}"><id odd="1"/></MCCI_IN200100UV01>', "N.1.2"),
        ('<h:MCCI_IN200100UV01 xmlns:h="{}"><h:id odd="1"/></h:MCCI_IN200100UV01>', "N.1.2"),
        ('<h:MCCI_IN200100UV01 xmlns:h="{}"><h:PORR_IN049016UV/><h:id/><h:id/></h:MCCI_IN200100UV01>', "N.1.2"),
        ('<MCCI_IN200100UV01 xmlns="{0}" xmlns:h="{0}"><h:id odd="1"/></MCCI_IN200100UV01>', "N.1.2"),
        (_MESSAGE.format('<x:a xmlns:x="urn:x"/>'), "N.2.r"),
        (_MESSAGE.format('<a xmlns=""/>'), "N.2.r"),
        ('<MCCI_IN200100UV01 xmlns="{}"><x:a xmlns:x="urn:x"/></MCCI_IN200100UV01>', ""),
    ],
)
def test_a_fault_is_located_whatever_prefix_is_written(tmp_path: Path, xml: str, element_id: str) -> None:
    folder = tmp_path / "multicacheschemas"
    folder.mkdir()
    (folder / "MCCI_IN200100UV01.xsd").write_text(_SCHEMA)
    issues = api.check_schema(xml.format(NAMESPACE).encode(), tmp_path).issues
    assert {issue.element_id for issue in issues} == {element_id}


@pytest.mark.parametrize(
    ("attribute", "stands"), [("", "has no namespace"), (' xmlns="urn:other"', "is in the namespace 'urn:other'")]
)
def test_a_missing_namespace_is_named(attribute: str, stands: str) -> None:
    xml = f"<MCCI_IN200100UV01{attribute}/>".encode()
    told = f"MCCI_IN200100UV01 {stands}: it must be in urn:hl7-org:v3"
    with pytest.raises(api.UnreadableMessage, match=told):
        api.read(xml)
    with pytest.raises(api.UnreadableMessage, match=told):
        list(api.read_stream([xml]))
