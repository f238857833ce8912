"""The registry: what a sponsor holds, where, and which safety information is its reference (DOMAIN 8, 11)."""

from datetime import date

import msgspec

UNASSIGNED = "unassigned"


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


class ReferenceSafetyInformation(msgspec.Struct, frozen=True, kw_only=True):
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


class Sponsor(msgspec.Struct, frozen=True, kw_only=True):
    """A sponsor's part of the registry."""

    sponsor: str
    organisation: str
    company_code: str
    destinations: dict[str, DestinationIds] = {}
    products: tuple[Product, ...] = ()


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
