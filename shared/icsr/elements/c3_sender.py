"""The sender of the report answers for it (guide v5.03, section C.3)."""

# ruff: noqa: RUF009 - the calls in the class bodies declare dataclass fields, and run once on import

from __future__ import annotations

from dataclasses import dataclass

from shared.icsr.declare import code, text
from shared.icsr.element import CONDITIONAL, MANDATORY, Code, Text
from shared.icsr.model.codes import COUNTRIES, CodeList

_NAME = "assignedPerson/name"


@dataclass(frozen=True, kw_only=True, slots=True)
class Sender:
    """C.3: the organisation that sends the report."""

    sender_type: Code = code(
        "C.3.1",
        "Sender type",
        "code[@codeSystem=ich:1.7]/@code",
        1,
        CodeList(
            "sender types",
            {
                "1": "pharmaceutical company",
                "2": "regulatory authority",
                "3": "health professional",
                "4": "regional pharmacovigilance centre",
                "5": "WHO collaborating centre for international drug monitoring",
                "6": "other (e.g. distributor)",
                "7": "patient / consumer",
            },
        ),
        MANDATORY,
    )
    organisation: Text = text(
        "C.3.2",
        "Sender's organisation",
        "representedOrganization/assignedEntity/representedOrganization/name/text()",
        100,
        CONDITIONAL,
    )
    department: Text = text("C.3.3.1", "Sender's department", "representedOrganization/name/text()", 60)
    title: Text = text("C.3.3.2", "Sender's title", _NAME + "/prefix/text()", 50)
    given_name: Text = text("C.3.3.3", "Sender's given name", _NAME + "/given[1]/text()", 60)
    middle_name: Text = text("C.3.3.4", "Sender's middle name", _NAME + "/given[2]/text()", 60)
    family_name: Text = text("C.3.3.5", "Sender's family name", _NAME + "/family/text()", 60)
    street: Text = text("C.3.4.1", "Sender's street address", "addr/streetAddressLine[1]/text()", 100)
    street_continued: Text = text(
        "C.3.4.1", "Sender's street address", "addr/streetAddressLine[2]/text()", 100, part="second line"
    )
    city: Text = text("C.3.4.2", "Sender's city", "addr/city/text()", 35)
    state: Text = text("C.3.4.3", "Sender's state or province", "addr/state/text()", 40)
    postcode: Text = text("C.3.4.4", "Sender's postcode", "addr/postalCode/text()", 15)
    country: Text = text(
        "C.3.4.5",
        "Sender's country code",
        "assignedPerson/asLocatedEntity/location/code[@codeSystem=country]/@code",
        2,
        codes=COUNTRIES,
    )
    telephone: Text = text("C.3.4.6", "Sender's telephone", "telecom[tel:]/@value", 33)
    fax: Text = text("C.3.4.7", "Sender's fax", "telecom[fax:]/@value", 33)
    email: Text = text("C.3.4.8", "Sender's e-mail address", "telecom[mailto:]/@value", 100)
