"""Every suspect, interacting or relevant other drug is listed with its role (guide v5.03, section G.k)."""

# ruff: noqa: RUF009 - the calls in the class bodies declare dataclass fields, and run once on import

from __future__ import annotations

from dataclasses import dataclass

from shared.icsr.element import CONDITIONAL, MANDATORY, Code, Joined, Text, code, many, text
from shared.icsr.model.codes import COUNTRIES, CodeList

_PRODUCT = "consumable/instanceOfKind/kindOfProduct"
_APPROVAL = _PRODUCT + "/asManufacturedProduct/subjectOf/approval"


@dataclass(frozen=True, kw_only=True, slots=True)
class Substance:
    """G.k.2.3.r: one active substance of the drug."""

    name: Text = text("G.k.2.3.r.1", "Substance / specified substance name", "ingredientSubstance/name/text()", 250)


@dataclass(frozen=True, kw_only=True, slots=True)
class DrugInformation:
    """G.k: one drug; its dosages and indications have modules of their own."""

    role: Code = code(
        "G.k.1",
        "Characterisation of drug role",
        Joined(
            "component/adverseEventAssessment/component*/causalityAssessment[code=20@ich:1.19]",
            "value[@xsi:type=CE][@codeSystem=ich:1.13]/@code",
            "subject2/productUseReference/id/@root",
        ),
        1,
        CodeList(
            "drug roles",
            {"1": "suspect", "2": "concomitant", "3": "interacting", "4": "drug not administered"},
        ),
        MANDATORY,
    )
    name: Text = text(
        "G.k.2.2",
        "Medicinal product name as reported by the primary source",
        _PRODUCT + "/name/text()",
        250,
        MANDATORY,
    )
    substances: tuple[Substance, ...] = many(
        Substance, "G.k.2.3.r", "Substance / specified substance identifier and strength", _PRODUCT + "/ingredient*"
    )
    authorisation_number: Text = text(
        "G.k.3.1", "Authorisation / application number", _APPROVAL + "/id[@root=ich:3.4]/@extension", 35
    )
    authorisation_country: Text = text(
        "G.k.3.2",
        "Country of authorisation / application",
        _APPROVAL + "/author/territorialAuthority/territory/code[@codeSystem=country]/@code",
        2,
        CONDITIONAL,
        codes=COUNTRIES,
        letters=True,
    )
    authorisation_holder: Text = text(
        "G.k.3.3", "Name of holder / applicant", _APPROVAL + "/holder/role/playingOrganization/name/text()", 60
    )
    action_taken: Code = code(
        "G.k.8",
        "Action(s) taken with drug",
        "inboundRelationship[@typeCode=CAUS]/act/code[@codeSystem=ich:1.15]/@code",
        1,
        CodeList(
            "actions taken",
            {
                "1": "drug withdrawn",
                "2": "dose reduced",
                "3": "dose increased",
                "4": "dose not changed",
                "0": "unknown",
                "9": "not applicable",
            },
        ),
    )
