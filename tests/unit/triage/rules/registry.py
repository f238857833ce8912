"""A made-up sponsor with a product of every kind that a rule speaks of."""

from datetime import date

from triage.domain.registry import (
    Authorisation,
    ImpRole,
    Product,
    ReferenceSafetyInformation,
    Sponsor,
    Study,
    StudyProduct,
)

DOCUMENTS = ("USPI", "SmPC", "UK-SmPC", "CPM", "AU-PI", "CH-PI", "JP-PI", "CN-PI", "BR-PI", "IB-RSI")
COUNTRIES = ("EU", "GB", "CA", "AU", "CH", "JP", "CN", "BR")
APPROVED = date(2019, 2, 28)


def _document(name: str) -> ReferenceSafetyInformation:
    return ReferenceSafetyInformation(
        document=name,
        version="3",
        in_force_from=date(2019, 1, 1),
        terms=("Headache",),
        fatal_terms=("Liver failure",),
    )


def _held(country: str, kind: str) -> Authorisation:
    return Authorisation(country=country, number=f"{country}-{kind}", type=kind, holder="Helvion", valid_from=APPROVED)


def _product(name: str, *authorisations: Authorisation, substance: str = "", combination: bool = False) -> Product:
    return Product(
        id=name,
        names=(name,),
        substances=(substance or f"{name} substance",),
        authorisations=authorisations,
        reference_safety_information=tuple(map(_document, DOCUMENTS)),
        combination=combination,
    )


SPONSOR = Sponsor(
    sponsor="helvion",
    organisation="Helvion",
    company_code="HELV",
    products=(
        _product("nda", _held("US", "NDA"), *(_held(country, "MA") for country in COUNTRIES), substance="alvorium"),
        _product("anda", _held("US", "ANDA")),
        _product("bla", _held("US", "BLA"), _held("EU", "MA")),
        _product("otc", _held("US", "OTC")),
        _product("nda_and_otc", _held("US", "NDA"), _held("US", "OTC")),
        _product("unapproved", _held("US", "UNAPPROVED")),
        _product("abroad", _held("JP", "MA"), substance="alvorium"),  # the same active moiety as nda
        _product("eu_only", _held("EU", "MA")),
        _product("drug_led", _held("US", "NDA"), combination=True),
        _product("device_led", _held("US", "PMA"), combination=True),
        _product("imp"),
        _product("comparator"),
        _product("auxiliary"),
        _product("imp_us"),
    ),
    studies=(
        Study(
            protocol="HELV-301",
            ind_number="123456",
            eu_trial_number="2024-500001-11-00",
            countries=("US", "DE", "GB", "CA", "AU", "JP", "CN"),
            started_on=date(2024, 1, 1),
            products=(
                StudyProduct(product="imp"),
                StudyProduct(product="comparator", role=ImpRole.COMPARATOR),
                StudyProduct(product="auxiliary", role=ImpRole.AUXILIARY),
            ),
        ),
        Study(
            protocol="HELV-302",
            ind_number="123457",
            countries=("US",),
            started_on=date(2024, 1, 1),
            products=(StudyProduct(product="imp_us"),),
        ),
    ),
)
