"""The registry: what a sponsor holds, where, and which safety information is its reference (DOMAIN 8, 11)."""

from datetime import date
from enum import StrEnum
from functools import cached_property

import msgspec

from triage.domain.text import folded

UNASSIGNED = "unassigned"


class Datum(StrEnum):
    """What tells which product a drug is, the surest first."""

    AUTHORISATION_NUMBER = "authorisation number"
    NAME = "name"
    ACTIVE_SUBSTANCE = "active substance"


def moieties(substances: tuple[str, ...]) -> frozenset[str]:
    """Return the substances of a product as a set of folded names."""
    return frozenset(map(folded, substances)) - {""}


class Authorisation(msgspec.Struct, frozen=True, kw_only=True):
    """A marketing authorisation: country (ISO 3166-1, or EU), number, type (NDA, ANDA, BLA, MA), holder, dates."""

    country: str
    number: str
    type: str
    holder: str
    valid_from: date | None = None
    valid_to: date | None = None

    def holds_on(self, day: date) -> bool:
        """Say whether the authorisation is in force on a day."""
        return (self.valid_from or date.min) <= day <= (self.valid_to or date.max)


class ReferenceSafetyInformation(msgspec.Struct, frozen=True, kw_only=True, dict=True):
    """One version of a document against which expectedness is judged: the terms it lists, and those listed as fatal."""

    document: str  # USPI, SmPC, CCDS, IB-RSI
    version: str
    in_force_from: date
    in_force_to: date | None = None
    terms: tuple[str, ...] = ()
    fatal_terms: tuple[str, ...] = ()

    def holds_on(self, day: date) -> bool:
        """Say whether this version is in force on a day."""
        return self.in_force_from <= day <= (self.in_force_to or date.max)

    @cached_property
    def listed(self) -> frozenset[str]:
        """Every listed term, folded: a label has hundreds, and is asked for each event with each drug."""
        return self.listed_as_fatal.union(map(folded, self.terms))

    @cached_property
    def listed_as_fatal(self) -> frozenset[str]:
        """The terms that are listed with a fatal outcome, folded."""
        return frozenset(map(folded, self.fatal_terms))


class Product(msgspec.Struct, frozen=True, kw_only=True):
    """A product of the sponsor."""

    id: str
    names: tuple[str, ...]
    substances: tuple[str, ...]
    authorisations: tuple[Authorisation, ...] = ()
    reference_safety_information: tuple[ReferenceSafetyInformation, ...] = ()


class DestinationIds(msgspec.Struct, frozen=True, kw_only=True):
    """How sponsor and destination know each other in a transmission (N.1.3, N.1.4, N.2.r.2, N.2.r.3)."""

    batch_sender: str
    batch_receiver: str
    message_sender: str
    message_receiver: str
    test: bool = False


class Sponsor(msgspec.Struct, frozen=True, kw_only=True, dict=True):
    """A sponsor's part of the registry."""

    sponsor: str
    organisation: str
    company_code: str
    destinations: dict[str, DestinationIds] = {}
    products: tuple[Product, ...] = ()

    @cached_property
    def products_by(self) -> dict[Datum, dict[object, Product]]:
        """The products by each datum that tells which one a drug is; of two with the same datum the first stands."""
        found: dict[Datum, dict[object, Product]] = {datum: {} for datum in Datum}
        for product in self.products:
            for number in product.authorisations:
                found[Datum.AUTHORISATION_NUMBER].setdefault(folded(number.number), product)
            for name in product.names:
                found[Datum.NAME].setdefault(folded(name), product)
            found[Datum.ACTIVE_SUBSTANCE].setdefault(moieties(product.substances), product)
        return found

    @cached_property
    def products_of(self) -> dict[frozenset[str], list[Product]]:
        """The products of each active moiety; one whose substances nobody entered is of none."""
        found: dict[frozenset[str], list[Product]] = {}
        for product in self.products:
            if substances := moieties(product.substances):
                found.setdefault(substances, []).append(product)
        return found


class Registry(msgspec.Struct, frozen=True, kw_only=True):
    """All sponsors of this installation."""

    sponsors: dict[str, Sponsor]

    def scope(self, stated: str) -> str:
        """Return the scope of a report: the sponsor that it names, or ``unassigned`` if we know none of that name."""
        return stated if stated in self.sponsors else UNASSIGNED

    def sponsor(self, scope: str) -> Sponsor:
        """Return a sponsor's part; ``unassigned`` holds nothing, so that every product is unmatched."""
        return self.sponsors.get(scope) or Sponsor(sponsor=UNASSIGNED, organisation="", company_code="")

    def scopes(self) -> tuple[str, ...]:
        """Return every scope, ``unassigned`` last."""
        return (*sorted(self.sponsors), UNASSIGNED)
