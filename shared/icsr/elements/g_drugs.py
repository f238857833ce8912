"""Every suspect, interacting or relevant other drug is listed with its role (guide v5.03, section G.k)."""

# ruff: noqa: RUF009 - the calls in the class bodies declare dataclass fields, and run once on import

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from shared.icsr.declare import code, flag, identity, many, number, term, text
from shared.icsr.element import CONDITIONAL, MANDATORY, Code, Flag, Joined, Key, Number, Term, Text
from shared.icsr.model.codes import COUNTRIES, DOSE_UNITS, GESTATION_UNITS, TRUE_ONLY, CodeList

_PRODUCT = "consumable/instanceOfKind/kindOfProduct"
_ASSESSMENT = "component/adverseEventAssessment/component"
_MPID = _PRODUCT + "/code[@codeSystem?=TBD-MPID]"
_PHPID = _PRODUCT + "/code[@codeSystem=TBD-PhPID]"
_MADE = _PRODUCT + "/asManufacturedProduct"
_APPROVAL = _MADE + "/subjectOf/approval"
_FACT = "outboundRelationship2[@typeCode={}]/observation[code={}@ich:1.19]/value[@xsi:type={}]"
_STRENGTH = "quantity/numerator"
_SUBSTANCE = "ingredientSubstance/code[@codeSystem?=TBD-Substance]"


@dataclass(frozen=True, kw_only=True, slots=True)
class Substance:
    """G.k.2.3.r: one active substance of the drug."""

    FIXED: ClassVar[tuple[str, ...]] = ("quantity/denominator[@value=1]",)

    name: Text = text("G.k.2.3.r.1", "Substance / specified substance name", "ingredientSubstance/name/text()", 250)
    term_version: Text = text(
        "G.k.2.3.r.2a",
        "Substance / specified substance TermID version date / number",
        _SUBSTANCE + "/@codeSystemVersion",
        10,
    )
    term_id: Term = term("G.k.2.3.r.2b", "Substance / specified substance TermID", _SUBSTANCE + "/@code", 100)
    strength: Number = number("G.k.2.3.r.3a", "Strength (number)", _STRENGTH + "/@value", 10)
    strength_unit: Text = text("G.k.2.3.r.3b", "Strength (unit)", _STRENGTH + "/@unit", 50)


@dataclass(frozen=True, kw_only=True, slots=True)
class AdditionalInformation:
    """G.k.10.r: one more thing to know of the drug, coded."""

    code: Code = code(
        "G.k.10.r",
        "Additional information on drug (coded)",
        "value[@xsi:type=CE][@codeSystem=ich:1.17]/@code",
        2,
        CodeList(
            "additional information on drug",
            {
                "1": "counterfeit",
                "2": "overdose",
                "3": "drug taken by the father",
                "4": "drug taken beyond expiry date",
                "5": "batch and lot tested and found within specifications",
                "6": "batch and lot tested and found not within specifications",
                "7": "medication error",
                "8": "misuse",
                "9": "abuse",
                "10": "occupational exposure",
                "11": "off label use",
            },
        ),
    )


@dataclass(frozen=True, kw_only=True, slots=True)
class DrugInformation:
    """G.k: one drug; dosages, indications, reactions and devices have modules of their own.

    `id` is what other parts of the message refer to the drug by.
    """

    id: str | None = identity()
    role: Code = code(
        "G.k.1",
        "Characterisation of drug role",
        Joined(
            _ASSESSMENT + "*/causalityAssessment[code=20@ich:1.19]",
            "value[@xsi:type=CE][@codeSystem=ich:1.13]/@code",
            (Key("subject2/productUseReference/id", 1),),
        ),
        1,
        CodeList(
            "drug roles",
            {"1": "suspect", "2": "concomitant", "3": "interacting", "4": "drug not administered"},
        ),
        MANDATORY,
    )
    fda_other_role: Code = code(
        "FDA.G.k.1.a",
        "FDA other characterisation of drug role",
        Joined(
            _ASSESSMENT + "[~causalityAssessment/value/@codeSystem=fda:1.1.8]*/causalityAssessment[code=20@ich:1.19]",
            "value[@xsi:type=CE][@codeSystem==fda:1.1.8]/@code",
            (Key("subject2/productUseReference/id", 1),),
        ),
        1,
        CodeList("FDA other drug roles", {"1": "similar device"}),
        CONDITIONAL,
    )
    mpid_version: Text = text(
        "G.k.2.1.1a", "MPID version date / number", _MPID + "/@codeSystemVersion", 10, CONDITIONAL
    )
    mpid: Term = term("G.k.2.1.1b", "Medicinal product identifier (MPID)", _MPID + "/@code", 1000, CONDITIONAL)
    phpid_version: Text = text(
        "G.k.2.1.2a", "PhPID version date / number", _PHPID + "/@codeSystemVersion", 10, CONDITIONAL
    )
    phpid: Text = text("G.k.2.1.2b", "Pharmaceutical product identifier (PhPID)", _PHPID + "/@code", 250, CONDITIONAL)
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
    country_obtained: Text = text(
        "G.k.2.4",
        "Identification of the country where the drug was obtained",
        "consumable/instanceOfKind/subjectOf/productEvent[code=1@ich:1.18]"
        "/performer/assignedEntity/representedOrganization/addr/country/text()",
        2,
        codes=COUNTRIES,
        letters=True,
    )
    blinded: Flag = flag(
        "G.k.2.5", "Investigational product blinded", _FACT.format("PERT", 6, "BL") + "/@value", codes=TRUE_ONLY
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
    cumulative_dose: Number = number(
        "G.k.5a",
        "Cumulative dose to first reaction (number)",
        _FACT.format("SUMM", 14, "PQ") + "/@value",
        10,
        CONDITIONAL,
    )
    cumulative_dose_unit: Text = text(
        "G.k.5b",
        "Cumulative dose to first reaction (unit)",
        _FACT.format("SUMM", 14, "PQ") + "/@unit",
        50,
        CONDITIONAL,
        codes=DOSE_UNITS,
    )
    gestation_at_exposure: Number = number(
        "G.k.6a",
        "Gestation period at time of exposure (number)",
        _FACT.format("PERT", 16, "PQ") + "/@value",
        3,
        CONDITIONAL,
    )
    gestation_at_exposure_unit: Text = text(
        "G.k.6b",
        "Gestation period at time of exposure (unit)",
        _FACT.format("PERT", 16, "PQ") + "/@unit",
        50,
        CONDITIONAL,
        codes=GESTATION_UNITS,
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
    additional: tuple[AdditionalInformation, ...] = many(
        AdditionalInformation,
        "G.k.10.r",
        "Additional information on drug (coded)",
        "outboundRelationship2[@typeCode=REFR]*/observation[code=9@ich:1.19]",
    )
    fda_additional: Code = code(
        "FDA.G.k.10a",
        "FDA additional information on drug (coded)",
        "outboundRelationship2[@typeCode=REFR][~observation/value/@codeSystem=fda:1.1.7]"
        "/observation[code=9@ich:1.19]/value[@xsi:type=CE][@codeSystem==fda:1.1.7]/@code",
        2,
        CodeList(
            "FDA additional information on drug",
            {
                "1": "test",
                "2": "reference",
                "3": "bulk ingredient",
                "4": "bulk ingredient for human prescription compounding",
                "5": "unapproved drug product manufactured exclusively for private label distributor",
            },
        ),
        CONDITIONAL,
        "NA",
    )
    additional_text: Text = text(
        "G.k.11", "Additional information on drug (free text)", _FACT.format("REFR", 2, "ST") + "/text()", 2000
    )
