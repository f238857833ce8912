"""What was taken: role, product, substances, authorisation, dosage, indication (ICH E2B(R3) G.k).

A case has the first dosage and the first indication of a drug; further ones stay in the report as received, which goes
with the case.
"""

from msgspec.structs import replace

from intake.domain.findings import Finding
from intake.domain.icsr import codes
from intake.domain.icsr.said import Said
from shared.contracts.clinical import Dose, Drug

_MOST_DOSE = 1e12

_NO_UNIT = Finding("dose-unit-missing", "A dose without its unit cannot be kept as a dose; please say in which unit.")
_CODE_ONLY = Finding(
    "route-code-only", "The route is coded by a list that is not installed here; please give it in words too."
)


def drug(said: Said) -> Drug:
    """Return one drug."""
    substances = (each.text("name", 250) for each in said.each("substances"))
    told = Drug(
        name=said.text("name", 250),
        role=said.coded("role", codes.ROLE),
        substances=tuple(filter(None, substances)),
        authorisation_number=said.identifier("authorisation_number", 35),
        authorisation_country=said.country("authorisation_country", with_union=True),
        holder=said.text("authorisation_holder", 60),
        indication=next((each.text("reported_text", 250) for each in said.each("indications")), None),
        action_taken=said.coded("action_taken", codes.ACTION),
        blinded=said.flag("blinded"),
        situations=tuple(filter(None, (each.coded("code", codes.SITUATION) for each in said.each("additional")))),
        received_id=said.identity,
    )
    return next((_dosed(told, each) for each in said.each("dosages")), told)


def _dosed(told: Drug, dosage: Said) -> Drug:
    return replace(
        told,
        batch_number=dosage.identifier("batch_number", 35),
        dose=_dose(dosage),
        dose_text=dosage.text("dosage_text", 2000),
        route=_route(dosage),
        start=dosage.day("start_date"),
        end=dosage.day("end_date"),
        not_known=dosage.not_known({"start_date": "start", "end_date": "end", "route_text": "route"}),
    )


def _dose(dosage: Said) -> Dose | None:
    value, unit = dosage.number("dose", 0, _MOST_DOSE), dosage.identifier("dose_unit", 50)
    if value is None:
        return None
    if unit is None:
        dosage.note("dose_unit", _NO_UNIT)
        return None
    return Dose(value=value, unit=unit)


def _route(dosage: Said) -> str | None:
    words = dosage.text("route_text", 60)
    if words is None and dosage.is_stated("route"):
        dosage.note("route", _CODE_ONLY)
    return words
