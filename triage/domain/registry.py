"""The registry: what a sponsor holds, where, and which safety information is its reference (DOMAIN 8, 11)."""

from collections.abc import Hashable, Iterable
from datetime import date
from enum import StrEnum
from functools import cached_property
from typing import TypeVar

import msgspec

from triage.domain.text import folded

K = TypeVar("K", bound=Hashable)
UNASSIGNED = "unassigned"


class Authorisation(msgspec.Struct, frozen=True, kw_only=True):
    """A marketing authorisation: country (ISO 3166-1, or EU), number, type, holder, dates.

    Types: NDA, ANDA, BLA, OTC (a monograph drug, marketed without an application), UNAPPROVED (prescription, 21 CFR
    310.305), PMA, 510K, DE_NOVO, HDE (of a device that leads a combination product); elsewhere MA.
    """

    country: str
    number: str
    type: str
    holder: str
    valid_from: date | None = None
    valid_to: date | None = None

    def holds_on(self, day: date) -> bool:
        """Say whether the authorisation is in force on a day."""
        return (self.valid_from or date.min) <= day <= (self.valid_to or date.max)


class ImpRole(StrEnum):
    """What a product is in a trial (Regulation (EU) 536/2014 art. 2)."""

    TEST = "test"
    COMPARATOR = "comparator"
    PLACEBO = "placebo"
    AUXILIARY = "auxiliary"


class StudyProduct(msgspec.Struct, frozen=True, kw_only=True):
    """A product of the registry in a study."""

    product: str  # its id in the registry
    role: ImpRole = ImpRole.TEST


class Study(msgspec.Struct, frozen=True, kw_only=True):
    """A study of the sponsor: its numbers, where it has sites (ISO 3166-1), since and until when, and its products."""

    protocol: str  # sponsor's study number, C.5.3
    countries: tuple[str, ...]
    products: tuple[StudyProduct, ...]
    name: str | None = None
    ind_number: str | None = None
    eu_trial_number: str | None = None
    registrations: tuple[str, ...] = ()  # further numbers, as of ClinicalTrials.gov
    blinded: bool = False
    started_on: date | None = None
    ended_on: date | None = None

    def runs_on(self, day: date) -> bool:
        """Say whether the study is running on a day."""
        return (self.started_on or date.min) <= day <= (self.ended_on or date.max)

    @property
    def numbers(self) -> frozenset[str]:
        """Return every number by which a report may name the study, folded."""
        numbers = (self.protocol, self.ind_number, self.eu_trial_number, *self.registrations)
        return frozenset(map(folded, numbers)) - {""}


class ReferenceSafetyInformation(msgspec.Struct, frozen=True, kw_only=True, dict=True):
    """One version of a document against which expectedness is judged: the terms it lists, and how severe.

    ``fatal_terms`` are listed with a fatal outcome too, ``mild_terms`` only where they are not serious.
    """

    document: str  # USPI, SmPC, CCDS, IB-RSI
    version: str
    in_force_from: date
    in_force_to: date | None = None
    terms: tuple[str, ...] = ()
    fatal_terms: tuple[str, ...] = ()
    mild_terms: tuple[str, ...] = ()

    def holds_on(self, day: date) -> bool:
        """Say whether this version is in force on a day."""
        return self.in_force_from <= day <= (self.in_force_to or date.max)

    @cached_property
    def listed(self) -> frozenset[str]:
        """Return every term that is listed, folded."""
        return frozenset(map(folded, self.terms)) | self.listed_as_fatal | self.listed_as_mild

    @cached_property
    def listed_as_fatal(self) -> frozenset[str]:
        """Return the terms that are listed with a fatal outcome, folded."""
        return frozenset(map(folded, self.fatal_terms))

    @cached_property
    def listed_as_mild(self) -> frozenset[str]:
        """Return the terms that are listed only where they are not serious, folded."""
        return frozenset(map(folded, self.mild_terms)) - frozenset(map(folded, self.terms)) - self.listed_as_fatal


class Product(msgspec.Struct, frozen=True, kw_only=True):
    """A product of the sponsor."""

    id: str
    names: tuple[str, ...]
    substances: tuple[str, ...]
    authorisations: tuple[Authorisation, ...] = ()
    reference_safety_information: tuple[ReferenceSafetyInformation, ...] = ()
    combination: bool = False  # a drug or biologic with a device constituent (21 CFR 3.2(e))

    @property
    def moieties(self) -> frozenset[str]:
        """Return the active moieties."""
        return moieties(self.substances)


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
    studies: tuple[Study, ...] = ()

    @cached_property
    def by_id(self) -> dict[str, Product]:
        """Return each product by its id."""
        return {product.id: product for product in self.products}

    @cached_property
    def studies_of(self) -> dict[str, list[tuple[Study, ImpRole]]]:
        """Return the studies that a product takes part in, and as what."""
        found: dict[str, list[tuple[Study, ImpRole]]] = {}
        for study in self.studies:
            for each in study.products:
                found.setdefault(each.product, []).append((study, each.role))
        return found

    @cached_property
    def by_number(self) -> dict[str, Product]:
        """Return the product of each authorisation number; of two with one number the first stands."""
        return _first((folded(a.number), product) for product in self.products for a in product.authorisations)

    @cached_property
    def by_name(self) -> dict[str, Product]:
        """Return the product of each name; of two with one name the first stands."""
        return _first((folded(name), product) for product in self.products for name in product.names)

    @cached_property
    def by_moieties(self) -> dict[frozenset[str], list[Product]]:
        """Return the products that have the same active moieties; one whose substances nobody entered is of none."""
        same: dict[frozenset[str], list[Product]] = {}
        for product in self.products:
            if product.moieties:
                same.setdefault(product.moieties, []).append(product)
        return same


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


def moieties(substances: tuple[str, ...]) -> frozenset[str]:
    """Return the active moieties that these substances are."""
    return frozenset(map(folded, substances)) - {""}


def _first(named: Iterable[tuple[K, Product]]) -> dict[K, Product]:
    found: dict[K, Product] = {}
    for name, product in named:
        if name:
            found.setdefault(name, product)
    return found
