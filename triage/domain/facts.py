"""What rules may ask of an event with a suspect drug at a destination, and the answers that there are.

A rule that asks for anything else is refused when it is read, so that no condition waits for a fact that never comes.
"""

from collections.abc import Mapping

from shared.contracts.clinical import CaseContent, Drug, Reaction
from shared.contracts.code_lists import Criterion, ReportType
from triage.domain.expectedness import Expectedness, is_fatal
from triage.domain.origin import Origin
from triage.domain.products import Held, Standing
from triage.domain.registry import Product
from triage.domain.seriousness import Seriousness

YES, NO = "yes", "no"
NOT_STATED = "not_stated"
NONE = "none"
_NO_HARM = {Seriousness.NON_SERIOUS, Seriousness.NOT_STATED}
STUDY_TYPES = {1: "clinical_trial", 2: "individual_use", 3: "other"}  # C.5.4
APPLICATIONS = ("NDA", "ANDA", "BLA", "OTC", "UNAPPROVED", "PMA", "510K", "DE_NOVO", "HDE", "MA")

# The facts that rules may ask for. Drug, matched_by, authorisation and study are recorded beside them.
ANSWERS: Mapping[str, tuple[str, ...]] = {
    "validity": ("valid", "invalid"),
    "report_type": (*ReportType, NOT_STATED),
    "study_type": (*STUDY_TYPES.values(), NOT_STATED, NONE),
    "product": tuple(Standing),
    "application": APPLICATIONS,
    "combination": (YES, NO),
    "seriousness": tuple(Seriousness),
    "gravity": ("fatal", "life_threatening", "other"),
    "expectedness": tuple(Expectedness),
    "causality": ("suspected", "not_suspected"),
    "origin": tuple(Origin),
    "event": ("adverse_reaction", "lack_of_efficacy", "without_harm"),
    "pregnancy": (YES, NO),
    "malfunction": (YES, NO),
    "remedial_action": (YES, NO),
    "blinded": (YES, NO),
}
RECORDED = ("drug", "matched_by", "authorisation", "study")


def of_case(content: CaseContent, validity: str) -> dict[str, str]:
    """Return the facts of a case as a whole."""
    return {
        "validity": validity,
        "report_type": content.report_type or NOT_STATED,
        "study_type": _study_type(content),
        "pregnancy": _said(content.patient is not None and content.patient.pregnant),
    }


def of_event(reaction: Reaction, seriousness: str, origin: str) -> dict[str, str]:
    """Return the facts of an event that are the same with every drug."""
    return {
        "seriousness": seriousness,
        "gravity": _gravity(reaction),
        "event": _event(reaction, seriousness),
        "origin": origin,
    }


def of_drug(drug: Drug, product: Product | None, matched_by: str | None, held: Held) -> dict[str, str]:
    """Return the facts of a suspect drug at a destination."""
    facts = {
        "product": held.standing.value,
        "drug": drug.name or "",
        "matched_by": matched_by or "",
        "combination": _said(product is not None and product.combination),
        "malfunction": _said(drug.malfunction),
        "remedial_action": _said(drug.remedial_action),
        "blinded": _said(drug.blinded),
    }
    if held.authorisation is not None:
        told = held.authorisation
        facts |= {"application": told.type, "authorisation": f"{told.country} {told.number}"}
    if held.study is not None:
        facts["study"] = held.study.protocol
    return facts


def _study_type(content: CaseContent) -> str:
    if content.report_type is not ReportType.STUDY:
        return NONE
    stated = content.study.type if content.study else None
    return NOT_STATED if stated is None else STUDY_TYPES.get(stated, NOT_STATED)


def _gravity(reaction: Reaction) -> str:
    if is_fatal(reaction):
        return "fatal"
    return "life_threatening" if Criterion.LIFE_THREATENING in reaction.criteria else "other"


def _event(reaction: Reaction, seriousness: str) -> str:
    """What is serious did harm, whatever else was said."""
    if reaction.without_harm and seriousness in _NO_HARM:
        return "without_harm"
    return "lack_of_efficacy" if reaction.lack_of_efficacy else "adverse_reaction"


def _said(value: bool | None) -> str:
    return YES if value else NO
