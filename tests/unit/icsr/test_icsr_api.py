"""The facade lists, checks and reads without any schema set."""

from __future__ import annotations

from pathlib import Path

import pytest

from shared.icsr import api
from shared.icsr.e2b.hl7 import NAMESPACE
from shared.icsr.e2b.writer import write_batch
from tests.golden.icsr.models import minimal, rich
from tests.unit.icsr.change import changed


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
