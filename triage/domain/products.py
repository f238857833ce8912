"""An obligation needs a suspect or interacting product of the sponsor, authorised for that destination (DOMAIN 8)."""

from collections.abc import Callable
from datetime import date
from enum import StrEnum

import msgspec

from shared.contracts.clinical import CaseContent, Drug
from shared.contracts.code_lists import DrugRole
from triage.domain.registry import Authorisation, Product, Sponsor, moieties
from triage.domain.rulebook import Destination
from triage.domain.text import folded

_NOT_TO_BLAME = {DrugRole.CONCOMITANT, DrugRole.NOT_ADMINISTERED}


class Standing(StrEnum):
    """What a drug of the report is to a destination."""

    AUTHORISED = "authorised"
    SAME_ACTIVE_MOIETY = "same_active_moiety"
    NOT_AUTHORISED_HERE = "not_authorised_here"
    UNMATCHED = "unmatched"
    NOT_THE_SPONSORS = "not_the_sponsors"
    PLACEBO = "placebo"


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


def standing(
    suspect: Suspect, sponsor: Sponsor, destination: Destination, today: date
) -> tuple[Standing, Authorisation | None]:
    """Say what a suspect is to a destination today, and by which authorisation."""
    if suspect.drug.placebo:
        return Standing.PLACEBO, None
    if suspect.drug.sponsor_product is False:
        return Standing.NOT_THE_SPONSORS, None
    if suspect.product is None:
        return Standing.UNMATCHED, None
    if authorisation := _authorised(suspect.product, destination, today):
        return Standing.AUTHORISED, authorisation
    if destination.same_active_moiety:
        for product in sponsor.by_moieties.get(suspect.product.moieties, ()):
            if authorisation := _authorised(product, destination, today):
                return Standing.SAME_ACTIVE_MOIETY, authorisation
    return Standing.NOT_AUTHORISED_HERE, None


def _authorised(product: Product, destination: Destination, today: date) -> Authorisation | None:
    held = (a for a in product.authorisations if a.country in destination.territories and a.holds_on(today))
    return next(held, None)


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
