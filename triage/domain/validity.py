"""A report is valid with an identifiable reporter, a patient, a suspect product and an event (GVP VI.B.2).

An invalid report is kept, says what is missing, and its clock starts on the day the missing criterion arrives.
"""

from collections.abc import Callable, Iterable

from shared.contracts.clinical import CaseContent, Patient, Reaction, Reporter
from shared.contracts.code_lists import SenderType
from triage.domain.determination import Determination, Rule, determined
from triage.domain.products import is_suspect

RULE = Rule(id="VAL-1", version=1, paragraph="GVP Module VI, VI.B.2")
VALID = "valid"
INVALID = "invalid"
_STAGE = "validity"


def determine(content: CaseContent) -> Determination:
    """Say whether the four minimum criteria are held."""
    held = {name: holds(content) for name, holds in _CRITERIA.items()}
    missing = [name for name, is_held in held.items() if not is_held]
    if missing:
        reason = f"Not yet a valid report: no {', no '.join(missing)}. It is kept; ask the sender."
        return determined(_STAGE, "", INVALID, RULE, {"missing": missing}, reason)
    return determined(_STAGE, "", VALID, RULE, {"missing": []}, "All four minimum criteria are held.")


def missing(determinations: Iterable[Determination]) -> tuple[str, ...]:
    """Return the criteria that were found missing."""
    facts = (each.facts["missing"] for each in determinations if each.stage == _STAGE)
    return tuple(name for found in facts if isinstance(found, list) for name in found)


def is_event(reaction: Reaction) -> bool:
    """Say whether a reaction names an event."""
    return bool(reaction.verbatim or reaction.coding or reaction.received_coding)


def _came_by_authority(content: CaseContent) -> bool:
    """An authority that forwards a report has met its reporter."""
    return content.first_sender == "regulator" or SenderType.REGULATORY_AUTHORITY in content.received_from


def _is_identifiable_reporter(reporter: Reporter) -> bool:
    named = reporter.given_name or reporter.family_name or reporter.organisation or reporter.contact
    return bool(named or reporter.qualification or reporter.country)


def _is_identifiable_patient(patient: Patient | None) -> bool:
    if patient is None:
        return False
    return any((patient.initials, patient.birth_date, patient.age, patient.age_group, patient.sex))


_CRITERIA: dict[str, Callable[[CaseContent], bool]] = {
    "identifiable reporter": lambda c: _came_by_authority(c) or any(map(_is_identifiable_reporter, c.reporters)),
    "identifiable patient": lambda c: _is_identifiable_patient(c.patient),
    "suspect product": lambda c: any(is_suspect(drug) for drug in c.drugs),
    "reaction or event": lambda c: any(is_event(reaction) for reaction in c.reactions),
}
