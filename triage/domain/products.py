"""An obligation needs a suspect product of the sponsor, authorised or under trial for that destination (DOMAIN 8)."""

from collections.abc import Callable, Iterator
from datetime import date
from enum import StrEnum

import msgspec

from shared.contracts.clinical import CaseContent, Drug
from shared.contracts.code_lists import DrugRole
from triage.domain.registry import Authorisation, ImpRole, Product, Sponsor, Study, moieties
from triage.domain.rulebook import Destination, Pathway
from triage.domain.text import folded

_INVESTIGATED = {ImpRole.TEST, ImpRole.COMPARATOR}
_NOT_TO_BLAME = {DrugRole.CONCOMITANT, DrugRole.NOT_ADMINISTERED}


class Standing(StrEnum):
    """What a drug of the report is to a destination."""

    AUTHORISED = "authorised"
    SAME_ACTIVE_MOIETY = "same_active_moiety"
    NOT_AUTHORISED_HERE = "not_authorised_here"
    UNMATCHED = "unmatched"
    NOT_THE_SPONSORS = "not_the_sponsors"
    PLACEBO = "placebo"
    UNDER_TRIAL = "under_trial"
    AUXILIARY = "auxiliary"
    NOT_UNDER_TRIAL_HERE = "not_under_trial_here"


class Held(msgspec.Struct, frozen=True, kw_only=True):
    """What a suspect is to a destination, by one of the sponsor's authorisations or studies where there is any."""

    standing: Standing
    authorisation: Authorisation | None = None
    study: Study | None = None


class Suspect(msgspec.Struct, frozen=True, kw_only=True):
    """A suspect drug of the report, and the sponsor's product that it is, with the datum by which it was recognised."""

    index: int
    drug: Drug
    product: Product | None
    matched_by: str | None


def is_suspect(drug: Drug) -> bool:
    """Say whether a drug counts as suspect: said to be suspect or interacting, or its role was not said at all."""
    return drug.role not in _NOT_TO_BLAME and bool(drug.name or drug.substances)


def suspects(content: CaseContent, sponsor: Sponsor) -> tuple[Suspect, ...]:
    """Return the suspect drugs, each with the sponsor's product that it is."""
    return tuple(_suspect(i, drug, sponsor) for i, drug in enumerate(content.drugs) if is_suspect(drug))


def held(suspect: Suspect, sponsor: Sponsor, destination: Destination, today: date) -> tuple[Held, ...]:
    """Say what a suspect is to a destination today: once for each authorisation, or for the first study."""
    if suspect.drug.placebo:
        return (Held(standing=Standing.PLACEBO),)
    if suspect.drug.sponsor_product is False:
        return (Held(standing=Standing.NOT_THE_SPONSORS),)
    if suspect.product is None:
        return (Held(standing=Standing.UNMATCHED),)
    if destination.pathway is Pathway.TRIAL:
        return (_in_trial(suspect.product, sponsor, destination, today),)
    return tuple(_authorised(suspect.product, sponsor, destination, today)) or (
        Held(standing=Standing.NOT_AUTHORISED_HERE),
    )


def _authorised(product: Product, sponsor: Sponsor, destination: Destination, today: date) -> Iterator[Held]:
    own = _authorisations(product, destination, today)
    yield from (Held(standing=Standing.AUTHORISED, authorisation=each) for each in own)
    if destination.same_active_moiety and not own:
        for same in sponsor.by_moieties.get(product.moieties, ()):
            for each in _authorisations(same, destination, today):
                yield Held(standing=Standing.SAME_ACTIVE_MOIETY, authorisation=each)


def _authorisations(product: Product, destination: Destination, today: date) -> list[Authorisation]:
    return [a for a in product.authorisations if a.country in destination.territories and a.holds_on(today)]


def _in_trial(product: Product, sponsor: Sponsor, destination: Destination, today: date) -> Held:
    """Any running study with a site there counts: a suspected reaction is told to every trial of its product."""
    here = [(study, role) for study, role in sponsor.studies_of.get(product.id, ()) if _is_here(study, destination)]
    running = [(study, role) for study, role in here if study.runs_on(today)]
    for study, role in running:
        if role in _INVESTIGATED:
            return Held(standing=Standing.UNDER_TRIAL, study=study)
    for study, role in running:
        return Held(standing=Standing.PLACEBO if role is ImpRole.PLACEBO else Standing.AUXILIARY, study=study)
    return Held(standing=Standing.NOT_UNDER_TRIAL_HERE)


def _is_here(study: Study, destination: Destination) -> bool:
    """An IND is a study's standing at FDA wherever its sites are; elsewhere it is its sites, or the EU trial number."""
    if destination.authority == "FDA":
        return study.ind_number is not None
    in_eu = study.eu_trial_number is not None and "EU" in destination.territories
    return in_eu or not set(study.countries).isdisjoint(destination.territories)


def _suspect(index: int, drug: Drug, sponsor: Sponsor) -> Suspect:
    for by, recognise in _RECOGNISED_BY.items():
        if product := recognise(drug, sponsor):
            return Suspect(index=index, drug=drug, product=product, matched_by=by)
    return Suspect(index=index, drug=drug, product=None, matched_by=None)


def _by_substance(drug: Drug, sponsor: Sponsor) -> Product | None:
    return next(iter(sponsor.by_moieties.get(moieties(drug.substances), ())), None)


_RECOGNISED_BY: dict[str, Callable[[Drug, Sponsor], Product | None]] = {
    "authorisation number": lambda drug, sponsor: sponsor.by_number.get(folded(drug.authorisation_number)),
    "name": lambda drug, sponsor: sponsor.by_name.get(folded(drug.name)),
    "active substance": _by_substance,
}
