"""Every drug is listed with its role, suspects first (ICH E2B(R3) guide, section G.k)."""

from collections.abc import Mapping
from dataclasses import replace

from reporting.domain.additions import situations_of
from reporting.domain.matrix import entry_of, judged
from reporting.domain.overlay import laid_over, onward_id, received_as
from reporting.domain.values import Findings
from shared.contracts import clinical, codes
from shared.icsr.elements.g_dosage import Dosage
from shared.icsr.elements.g_drugs import Substance
from shared.icsr.elements.g_indication import Indication
from shared.icsr.model.codes import DOSE_UNITS
from shared.icsr.model.message import Drug


def drugs_of(
    content: clinical.CaseContent, received: Mapping[str, Drug], pre_market: bool, found: Findings
) -> tuple[Drug, ...]:
    """Map G.k. Concomitant drugs come last: FDA warns of a message that begins with one (W0005)."""
    if not content.drugs:
        found.block("no_drug", "G.k", "The case has no drug; add the suspect one and approve again.")
    entries = []
    for i, drug in enumerate(content.drugs):
        known = received_as(drug.received_id, received)
        entries.append(entry_of(i, drug, known, _drug(drug, i, known, found)))
    mapped = judged(content, entries, pre_market, found)
    return tuple(sorted(mapped, key=lambda drug: drug.role == codes.CONCOMITANT))


def words_of(drug: clinical.Drug, index: int) -> str:
    """Name a drug as its reporter did, or by its place."""
    return f'drug "{drug.name}"' if drug.name else f"drug {index + 1}"


def _drug(drug: clinical.Drug, index: int, received: Drug | None, found: Findings) -> Drug:
    name = words_of(drug, index)
    if drug.role is None:
        words = f"The role of the {name} was not stated; say whether it is suspect and approve again."
        found.block("drug_role_missing", "G.k.1", words)
    if not drug.name:
        found.block("drug_name_missing", "G.k.2.2", f"The name of the {name} was not stated; add it and approve again.")
    stated = Drug(
        role=codes.ROLES[drug.role] if drug.role else None,
        name=drug.name,
        blinded=drug.blinded or None,  # true or nothing (ICH E2B(R3) G.k.2.5)
        authorisation_number=_number_with_country(drug, name, found),
        authorisation_country=drug.authorisation_country,
        authorisation_holder=drug.holder,
        action_taken=codes.ACTIONS_TAKEN[drug.action_taken] if drug.action_taken else None,
    )
    merged, known = laid_over(received, stated), received or Drug()
    return replace(
        merged,
        id=onward_id(drug.received_id),
        substances=_substances(known, drug),
        dosages=_dosages(known, _dosage(drug, found)),
        indications=_indications(known, drug),
        additional=situations_of(drug, known.additional),
        reactions=tuple(replace(link, reaction=onward_id(str(link.reaction))) for link in known.reactions),
    )


def _substances(received: Drug, drug: clinical.Drug) -> tuple[Substance, ...]:
    """Those that were received with all that was said of them, and those that were added."""
    known = {substance.name for substance in received.substances}
    return received.substances + tuple(Substance(name=name) for name in drug.substances if name not in known)


def _dosages(received: Drug, stated: Dosage) -> tuple[Dosage, ...]:
    """What the case says of the dose is said of the first dosage."""
    first, others = received.dosages[:1], received.dosages[1:]
    all_of_them = (laid_over(first[0] if first else None, stated), *others)
    return tuple(dosage for dosage in all_of_them if dosage != Dosage())


def _indications(received: Drug, drug: clinical.Drug) -> tuple[Indication, ...]:
    known = {indication.reported_text for indication in received.indications}
    if not drug.indication or drug.indication in known:
        return received.indications
    return (Indication(reported_text=drug.indication), *received.indications)


def _number_with_country(drug: clinical.Drug, name: str, found: Findings) -> str | None:
    if drug.authorisation_number and not drug.authorisation_country:
        # G.k.3.1 needs its country (G.k.3.2); the number is told in words, not given a country nobody stated.
        found.remark(
            f"The {name} was reported with authorisation number {drug.authorisation_number}, of no stated country."
        )
        return None
    return drug.authorisation_number


def _dosage(drug: clinical.Drug, found: Findings) -> Dosage:
    dose, text = drug.dose, drug.dose_text
    if dose is not None and dose.unit not in DOSE_UNITS.values:
        # The unit is none of ICH's; a dose in words is better than one in another unit (G.k.4.r.8).
        text = "; ".join(part for part in (f"{dose.value:g} {dose.unit}", text) if part)
        dose = None
    return Dosage(
        dose=found.number(Dosage, "dose", dose.value) if dose else None,
        dose_unit=dose.unit if dose else None,
        start_date=found.date(Dosage, "start_date", drug.start),
        end_date=found.date(Dosage, "end_date", drug.end),
        batch_number=drug.batch_number,
        dosage_text=text,
        route_text=drug.route,
    )
