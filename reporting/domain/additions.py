"""What the case says beyond the report as received is added: articles, linked cases, numbers, situations.

These groups are not among what the case alone says (CASE_SAYS): what was received of them goes on as it was received,
with the country, the attached file or the code that the case has no place for, and beyond the first 500 that a case
holds. So nothing received is lost, and only what was not received is added.
"""

from collections.abc import Sequence
from dataclasses import replace

from shared.contracts import clinical, codes
from shared.icsr.elements.c1_identification import LinkedReport
from shared.icsr.elements.c4_literature import LiteratureReference
from shared.icsr.elements.c5_study import CrossReportedInd, Study, StudyRegistration
from shared.icsr.elements.g_drugs import AdditionalInformation
from shared.icsr.model.null_flavor import NullFlavor


def linked_of(content: clinical.CaseContent, received: Sequence[LinkedReport]) -> tuple[LinkedReport, ...]:
    """Map C.1.10.r."""
    added = _beyond(content.linked_cases, [each.identifier for each in received])
    return (*received, *(LinkedReport(identifier=each) for each in added))


def literature_of(
    content: clinical.CaseContent, received: Sequence[LiteratureReference]
) -> tuple[LiteratureReference, ...]:
    """Map C.4.r."""
    added = _beyond(content.literature, [each.citation for each in received])
    return (*received, *(LiteratureReference(citation=each) for each in added))


def numbered(study: Study, stated: clinical.Study | None, pre_market: bool) -> Study:
    """Map C.5.1.r, and FDA.C.5.5a, which FDA takes at its pre-market address only (R0107).

    With it FDA asks for the other INDs that the report goes to (R0026); where none is known, that is NA.
    """
    if stated is None:
        return study
    added = _beyond(stated.registrations, [each.number for each in study.registrations])
    whole = replace(study, registrations=(*study.registrations, *(StudyRegistration(number=each) for each in added)))
    if not (pre_market and stated.ind_number):
        return whole
    crossed = study.fda_cross_reported or (CrossReportedInd(number=NullFlavor.NA),)
    return replace(whole, fda_ind_number=stated.ind_number, fda_cross_reported=crossed)


def situations_of(drug: clinical.Drug, received: Sequence[AdditionalInformation]) -> tuple[AdditionalInformation, ...]:
    """Map G.k.10.r."""
    added = _beyond([codes.SITUATIONS[each] for each in drug.situations], [each.code for each in received])
    return (*received, *(AdditionalInformation(code=each) for each in added))


def _beyond(stated: Sequence[str], received: Sequence[object]) -> list[str]:
    known = {each.strip() for each in received if isinstance(each, str)}
    return [each for each in dict.fromkeys(stated) if each.strip() not in known]
