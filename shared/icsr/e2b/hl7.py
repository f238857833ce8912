"""The HL7 schema fixes each element's class attributes and the order of its children (guide v5.03, Appendix I (A)).

Both are the same wherever an element of that name occurs, so they are stated here, once, and not in the declarations.
A name as `parent/child` holds under that parent only. Children that a list does not name come last.
"""

from __future__ import annotations

NAMESPACE = "urn:hl7-org:v3"
XSI = "http://www.w3.org/2001/XMLSchema-instance"

_ACT = "classCode={} moodCode=EVN"
_INSTANCE = "classCode={} determinerCode=INSTANCE"
_KIND = "classCode={} determinerCode=KIND"

ATTRIBUTES = {
    "MCCI_IN200100UV01": "ITSVersion=XML_1.0",
    "MCCI_IN200101UV01": "ITSVersion=XML_1.0",
    # entities and roles
    "device": _INSTANCE.format("DEV"),
    "player1": _INSTANCE.format("PSN"),
    "assignedPerson": _INSTANCE.format("PSN"),
    "associatedPerson": _INSTANCE.format("PSN"),
    "representedOrganization": _INSTANCE.format("ORG"),
    "playingOrganization": _INSTANCE.format("ORG"),
    "asLocatedEntity/location": _INSTANCE.format("COUNTRY"),
    "locatedPlace": _INSTANCE.format("COUNTRY"),
    "governingPlace": _INSTANCE.format("COUNTRY"),
    "territory": _INSTANCE.format("NAT"),
    "productInstanceInstance": _INSTANCE.format("MMAT"),
    "kindOfProduct": _KIND.format("MMAT"),
    "partProduct": _KIND.format("DEV"),
    "manufacturerOrganization": _INSTANCE.format("ORG"),
    "ingredientSubstance": _KIND.format("MMAT"),
    "primaryRole": "classCode=INVSBJ",
    "assignedEntity": "classCode=ASSIGNED",
    "asQualifiedEntity": "classCode=QUAL",
    "asLocatedEntity": "classCode=LOCE",
    "asIdentifiedEntity": "classCode=IDENT",
    "locatedEntity": "classCode=LOCE",
    "territorialAuthority": "classCode=TERR",
    "instanceOfKind": "classCode=INST",
    "asManufacturedProduct": "classCode=MANU",
    "part": "classCode=PART",
    "ingredient": "classCode=ACTI",
    "holder/role": "classCode=HLD",
    "player1/role": "classCode=PRS",
    # acts
    "controlActProcess": _ACT.format("CACT"),
    "controlActEvent": _ACT.format("CACT"),
    "investigationEvent": _ACT.format("INVSTG"),
    "adverseEventAssessment": _ACT.format("INVSTG"),
    "relatedInvestigation": _ACT.format("INVSTG"),
    "observation": _ACT.format("OBS"),
    "observationEvent": _ACT.format("OBS"),
    "causalityAssessment": _ACT.format("OBS"),
    "investigationCharacteristic": _ACT.format("OBS"),
    "adverseEffectReference": _ACT.format("OBS"),
    "actReference": _ACT.format("OBS"),
    "observationRange": "classCode=OBS moodCode=EVN.CRT",
    "characteristic": _ACT.format("OBS"),
    "organizer": _ACT.format("CATEGORY"),
    "substanceAdministration": _ACT.format("SBADM"),
    "productUseReference": _ACT.format("SBADM"),
    "productEvent": _ACT.format("ACT"),
    "act": _ACT.format("ACT"),
    "document": _ACT.format("DOC"),
    "researchStudy": _ACT.format("CLNTRL"),
    "studyRegistration": _ACT.format("ACT"),
    "approval": _ACT.format("CNTRCT"),
    # relationships; those with more than one use state their typeCode in the declaration
    "receiver": "typeCode=RCV",
    "sender": "typeCode=SND",
    "subject": "typeCode=SUBJ",
    "component": "typeCode=COMP",
    "component1": "typeCode=COMP",
    "subject1": "typeCode=SUBJ",
    "adverseEventAssessment/subject1": "typeCode=SBJ",
    "subject2": "typeCode=SUBJ",
    "subjectOf": "typeCode=SBJ",
    "subjectOf1": "typeCode=SUBJ",
    "subjectOf2": "typeCode=SUBJ",
    "primaryRole/subjectOf1": "typeCode=SBJ",
    "primaryRole/subjectOf2": "typeCode=SBJ",
    "role/subjectOf2": "typeCode=SBJ",
    "outboundRelationship": "typeCode=SPRT",
    "reference": "typeCode=REFR",
    "authorization": "typeCode=AUTH",
    "author": "typeCode=AUT",
    "holder": "typeCode=HLD",
    "performer": "typeCode=PRF",
    "location": "typeCode=LOC",
    "consumable": "typeCode=CSM",
    "referenceRange": "typeCode=REFV",
}

# What the schema demands although nothing may be known of it; written also where it says nothing.
DEMANDED = frozenset(
    {
        "MCCI_IN200100UV01/id",
        "MCCI_IN200100UV01/creationTime",
        "PORR_IN049016UV/id",
        "PORR_IN049016UV/creationTime",
        "investigationEvent/id",
        "device/id",
        "ingredientSubstance/name",
    }
)
# The same for what the schema demands only where something else is said beside it.
COMPLETING = frozenset({"primaryRole/player1", "role/associatedPerson", "observation/code"})

# Relationships that lead to exactly one target: two declared paths share one only if they share its target too.
LINKS = frozenset(
    {
        "component",
        "component1",
        "subjectOf",
        "subjectOf1",
        "subjectOf2",
        "reference",
        "outboundRelationship",
        "outboundRelationship1",
        "outboundRelationship2",
        "inboundRelationship",
        "referenceRange",
    }
)

CHILD_ORDER = {
    "MCCI_IN200100UV01": "id creationTime responseModeCode interactionId name PORR_IN049016UV receiver sender",
    "PORR_IN049016UV": "id creationTime interactionId processingCode processingModeCode acceptAckCode receiver sender"
    " attentionLine controlActProcess",
    "controlActProcess": "id code text effectiveTime subject",
    "investigationEvent": "id code text statusCode effectiveTime availabilityTime reference component"
    " outboundRelationship subjectOf1 subjectOf2",
    "document": "code title text bibliographicDesignationText",
    "adverseEventAssessment": "id code text subject1 author subject2 component component1",
    "primaryRole": "id player1 subjectOf1 subjectOf2",
    "player1": "name telecom administrativeGenderCode birthTime deceasedInd deceasedTime addr raceCode"
    " asIdentifiedEntity role",
    "role": "code associatedPerson playingOrganization subjectOf1 subjectOf2",
    "associatedPerson": "name telecom administrativeGenderCode birthTime",
    "asIdentifiedEntity": "id code",
    "researchStudy": "id code title authorization",
    "studyRegistration": "id author",
    "observation": "id code text statusCode effectiveTime confidentialityCode value interpretationCode performer author"
    " location referenceRange outboundRelationship1 outboundRelationship2 inboundRelationship",
    "observationRange": "value interpretationCode",
    "observationEvent": "id code value author component1",
    "organizer": "code text performer author location component",
    "act": "code performer author location outboundRelationship1 outboundRelationship2 inboundRelationship",
    "substanceAdministration": "id text statusCode effectiveTime confidentialityCode repeatNumber approachSiteCode"
    " routeCode doseQuantity rateQuantity doseCheckQuantity maxDoseQuantity administrationUnitCode consumable performer"
    " author location outboundRelationship1 outboundRelationship2 inboundRelationship",
    "partProduct": "code name desc asManufacturedProduct instanceOfKind",
    "asManufacturedProduct": "id manufacturerOrganization subjectOf",
    "manufacturerOrganization": "id name telecom addr",
    "characteristic": "code value",
    "instanceOfKind": "quantity productInstanceInstance deviceInstanceInstance kindOfProduct subjectOf",
    "kindOfProduct": "code name desc riskCode handlingCode formCode expirationTime asIdentifiedEntity"
    " asManufacturedProduct asNamedEntity instanceOfKind asSpecializedKind asEntityWithGeneric asEquivalentEntity"
    " ingredient asContent asPartOfAssembly part",
    "ingredient": "id effectiveTime quantity ingredientSubstance",
    "ingredientSubstance": "code name desc",
    "approval": "id code statusCode effectiveTime holder author",
    "territory": "code name",
    "productEvent": "id code text effectiveTime performer",
    "causalityAssessment": "code value methodCode author subject1 subject2",
    "outboundRelationship": "priorityNumber relatedInvestigation",
    "outboundRelationship1": "pauseQuantity actReference",
    "relatedInvestigation": "code subjectOf1 subjectOf2",
    "investigationCharacteristic": "code value",
    "controlActEvent": "id code author",
    "assignedEntity": "id code addr telecom assignedPerson representedOrganization",
    "assignedPerson": "name asQualifiedEntity asIdentifiedEntity asLocatedEntity",
    "representedOrganization": "id name telecom addr assignedEntity",
    "name": "prefix given family suffix",
    "addr": "streetAddressLine city county state postalCode country",
    "effectiveTime": "period low high width",
    "value": "low center width high originalText",
    "quantity": "numerator denominator",
}

# A time is spelled as an interval, a period, or an expression of both; the parts in the order they are written in.
TIME_PARTS = ("period", "low", "width", "high")
PERIOD, INTERVAL, EXPRESSION = "PIVL_TS", "IVL_TS", "SXPR_TS"

MIXED = frozenset({"name", "addr"})  # white space between their children would count as text


def attributes(parent: str, name: str) -> dict[str, str]:
    """The class attributes of an element under this parent."""
    stated = ATTRIBUTES.get(f"{parent}/{name}", ATTRIBUTES.get(name, ""))
    return dict(part.split("=", 1) for part in stated.split())


def rank(parent: str, name: str) -> int:
    """Where among its parent's children the schema wants an element."""
    order = CHILD_ORDER.get(parent, "").split()
    return order.index(name) if name in order else len(order)
