"""What the case says beyond the report as received is added: opinions, situations, articles, linked cases, numbers.

What was received of these goes on as it came; nothing is said twice, and no opinion takes another's place (DOMAIN 12).
"""

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal
from uuid import NAMESPACE_OID, uuid5

from shared.contracts import clinical, codes
from shared.contracts.code_lists import CausalityResult
from shared.icsr.elements.c1_identification import LinkedReport
from shared.icsr.elements.c4_literature import LiteratureReference
from shared.icsr.elements.c5_study import Study, StudyRegistration
from shared.icsr.elements.d10_parent import Parent
from shared.icsr.elements.e_reactions import Reaction
from shared.icsr.elements.g_drugs import AdditionalInformation
from shared.icsr.elements.g_matrix import Assessment, DrugReaction
from shared.icsr.model.dates import TS
from shared.icsr.model.message import Drug, SafetyReport
from shared.icsr.model.null_flavor import NullFlavor

_PLACES = uuid5(NAMESPACE_OID, "DayZero, ids of the parts of a case")
_FDA = "FDA"
_RESULTS = {CausalityResult.RELATED: "Related", CausalityResult.NOT_RELATED: "Not related"}


def with_additions(report: SafetyReport, content: clinical.CaseContent, authority: str) -> SafetyReport:
    """Return the report with everything that only the case says."""
    identification, reactions = report.identification, _named(report.reactions, content.reactions)
    linked = [each.identifier for each in identification.linked_reports]
    cited = [each.citation for each in report.literature]
    return replace(
        report,
        identification=replace(
            identification,
            linked_reports=(
                *identification.linked_reports,
                *(LinkedReport(identifier=each) for each in content.linked_cases if each not in linked),
            ),
        ),
        literature=(
            *report.literature,
            *(LiteratureReference(citation=each) for each in content.literature if each not in cited),
        ),
        study=_study(report.study, content.study, authority),
        parent=report.parent if report.parent != Parent() else _parent(content.parent),
        reactions=reactions,
        drugs=tuple(_drug(drug, report, reactions, content) for drug in report.drugs),
    )


def _study(received: Study, study: clinical.Study | None, authority: str) -> Study:
    if study is None:
        return received
    known = [each.number for each in received.registrations]
    added = (StudyRegistration(number=number) for number in study.registrations if number not in known)
    return replace(
        received,
        registrations=(*received.registrations, *added),
        fda_ind_number=received.fda_ind_number or (study.ind_number if authority == _FDA else None),
    )


def _parent(parent: clinical.Parent | None) -> Parent:
    if parent is None:
        return Parent()
    whole = parent.birth_date if parent.birth_date and len(parent.birth_date) == len("1991-01-01") else None
    return Parent(
        identification=parent.identification,
        birth_date=TS(whole.replace("-", "")) if whole else None,
        age=Decimal(str(parent.age.value)) if parent.age and parent.age.unit else None,
        age_unit=codes.AGE_UNITS[parent.age.unit] if parent.age and parent.age.unit else None,
        sex=codes.SEXES[parent.sex] if parent.sex else NullFlavor.UNK,  # demanded of a parent (D.10.6)
    )


def _named(reactions: Sequence[Reaction], told: Sequence[clinical.Reaction]) -> tuple[Reaction, ...]:
    """A reaction of which an opinion is added needs an id, by which the drug's entry names it (G.k.9.i.1)."""
    return tuple(
        replace(each, id=each.id or str(uuid5(_PLACES, f"reaction {i}"))) if _added(said) else each
        for i, (each, said) in enumerate(zip(reactions, told, strict=True))
    )


def _drug(drug: Drug, report: SafetyReport, reactions: Sequence[Reaction], content: clinical.CaseContent) -> Drug:
    told = next((each for each in content.drugs if each.name == drug.name), None)
    known = {each.code for each in drug.additional}
    situations = [codes.SITUATIONS[each] for each in told.situations] if told else []
    added = (AdditionalInformation(code=code) for code in situations if code not in known)
    links = _matrix(drug, reactions, content)
    needs_id = links != drug.reactions and drug.id is None
    return replace(
        drug,
        id=str(uuid5(_PLACES, f"drug {report.drugs.index(drug)}")) if needs_id else drug.id,
        additional=(*drug.additional, *added),
        reactions=links,
    )


def _matrix(drug: Drug, reactions: Sequence[Reaction], content: clinical.CaseContent) -> tuple[DrugReaction, ...]:
    """Add each opinion of the case to the entry of its reaction."""
    links = list(drug.reactions)
    for reaction, told in zip(reactions, content.reactions, strict=True):
        given = tuple(_assessment(each) for each in _added(told) if each.drug in {None, drug.name})
        if not given or drug.role == codes.CONCOMITANT:
            continue
        place = next((i for i, link in enumerate(links) if link.reaction == reaction.id), None)
        if place is None:
            links.append(DrugReaction(reaction=reaction.id, assessments=given))
        else:
            links[place] = replace(links[place], assessments=(*links[place].assessments, *given))
    return tuple(links)


def _added(told: clinical.Reaction) -> list[clinical.Causality]:
    return [each for each in told.causality if not each.received]


def _assessment(given: clinical.Causality) -> Assessment:
    result = given.result_text or (_RESULTS[given.result] if given.result else None)
    return Assessment(source=given.source.capitalize() if given.source else None, method=given.method, result=result)
