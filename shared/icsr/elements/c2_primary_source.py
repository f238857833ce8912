"""The primary source is who gave the facts; one of them counts for regulatory purposes (guide v5.03, section C.2.r)."""

# ruff: noqa: RUF009 - the calls in the class bodies declare dataclass fields, and run once on import

from __future__ import annotations

from dataclasses import dataclass

from shared.icsr.declare import code, text
from shared.icsr.element import CONDITIONAL, MANDATORY, Code, Text
from shared.icsr.model.codes import COUNTRIES, CodeList

_REPORTER = "subjectOf2/controlActEvent/author/assignedEntity"
_NAME = _REPORTER + "/assignedPerson/name"
_WITHHELD = "MSK ASKU NASK"


@dataclass(frozen=True, kw_only=True, slots=True)
class PrimarySource:
    """C.2.r: one reporter."""

    title: Text = text("C.2.r.1.1", "Reporter's title", _NAME + "/prefix/text()", 50, nulls="MSK UNK ASKU NASK")
    given_name: Text = text("C.2.r.1.2", "Reporter's given name", _NAME + "/given[1]/text()", 60, nulls=_WITHHELD)
    middle_name: Text = text("C.2.r.1.3", "Reporter's middle name", _NAME + "/given[2]/text()", 60, nulls=_WITHHELD)
    family_name: Text = text("C.2.r.1.4", "Reporter's family name", _NAME + "/family/text()", 60, nulls=_WITHHELD)
    organisation: Text = text(
        "C.2.r.2.1",
        "Reporter's organisation",
        _REPORTER + "/representedOrganization/assignedEntity/representedOrganization/name/text()",
        60,
        nulls=_WITHHELD,
    )
    department: Text = text(
        "C.2.r.2.2",
        "Reporter's department",
        _REPORTER + "/representedOrganization/name/text()",
        60,
        nulls=_WITHHELD,
    )
    street: Text = text(
        "C.2.r.2.3", "Reporter's street", _REPORTER + "/addr/streetAddressLine[1]/text()", 100, nulls=_WITHHELD
    )
    street_continued: Text = text(
        "C.2.r.2.3", "Reporter's street", _REPORTER + "/addr/streetAddressLine[2]/text()", 100, part="second line"
    )
    city: Text = text("C.2.r.2.4", "Reporter's city", _REPORTER + "/addr/city/text()", 35, nulls=_WITHHELD)
    state: Text = text(
        "C.2.r.2.5", "Reporter's state or province", _REPORTER + "/addr/state/text()", 40, CONDITIONAL, _WITHHELD
    )
    postcode: Text = text(
        "C.2.r.2.6", "Reporter's postcode", _REPORTER + "/addr/postalCode/text()", 15, nulls=_WITHHELD
    )
    telephone: Text = text(
        "C.2.r.2.7", "Reporter's telephone", _REPORTER + "/telecom[tel:]/@value", 33, nulls=_WITHHELD
    )
    fda_email: Text = text(
        "FDA.C.2.r.2.8", "Reporter's email", _REPORTER + "/telecom[mailto:]/@value", 100, CONDITIONAL, _WITHHELD
    )
    country: Text = text(
        "C.2.r.3",
        "Reporter's country code",
        _REPORTER + "/assignedPerson/asLocatedEntity/location/code[@codeSystem=country]/@code",
        2,
        CONDITIONAL,
        "MSK UNK ASKU NASK",
        COUNTRIES,
        letters=True,
    )
    qualification: Code = code(
        "C.2.r.4",
        "Qualification",
        _REPORTER + "/assignedPerson/asQualifiedEntity/code[@codeSystem=ich:1.6]/@code",
        1,
        CodeList(
            "qualifications",
            {
                "1": "physician",
                "2": "pharmacist",
                "3": "other health professional",
                "4": "lawyer",
                "5": "consumer or other non health professional",
            },
        ),
        MANDATORY,
        "UNK",
    )
    regulatory_purposes: Code = code(
        "C.2.r.5",
        "Primary source for regulatory purposes",
        "../priorityNumber/@value",
        1,
        CodeList("primary source for regulatory purposes", {"1": "primary"}),
        CONDITIONAL,
    )
