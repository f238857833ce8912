"""Blinded people can't infer an allocation, not from what follows of it either (ICH E9 2.3.1; DOMAIN 19).

They see a case of a blinded trial as it was when it was first blinded: drugs, narrative and comments as then, the
patient and the events as known now. Nothing of it tells whether the subject was unblinded since: no decision, date or
state, no number or time of a version, no order by any of these.
"""

from collections.abc import Sequence
from datetime import datetime

import msgspec

from shared.contracts.clinical import CaseContent, Patient, Reaction
from triage.domain.case import Case, CaseVersion


class Blinded(Exception):
    """Who asks stays blinded: of this case there is a blinded view and nothing else."""

    def __init__(self, case: Case) -> None:
        """``case`` is what the view is made of; it is not for who asked."""
        super().__init__(f"{case.id} is of a blinded trial")
        self.case = case


class BlindedCase(msgspec.Struct, frozen=True, kw_only=True):
    """What a blinded reader may see of a case."""

    id: str
    sponsor: str
    title: str
    received_at: datetime
    content: CaseContent | None = None  # None in a list


def is_blinded(content: CaseContent) -> bool:
    """Say whether the treatment of the patient is blinded (G.k.2.5)."""
    return any(drug.blinded for drug in content.drugs)


def unblinds(before: CaseContent, after: CaseContent) -> bool:
    """Say whether a change would tell an allocation: it takes who may, with a reason and a signature."""
    blinded = [sum(bool(drug.blinded) for drug in content.drugs) for content in (before, after)]
    said = [[drug.placebo for drug in content.drugs if drug.placebo is not None] for content in (before, after)]
    return blinded[1] < blinded[0] or said[0] != said[1]


def refuse_blinded(case: Case, unblinded: Sequence[str]) -> None:
    """Refuse a case of a blinded trial to who may not see allocations of its sponsor. Raises Blinded."""
    if case.blinded_trial and case.sponsor not in unblinded:
        raise Blinded(case)


def listed(case: Case) -> BlindedCase:
    """Return what a list shows of a case of a blinded trial."""
    return BlindedCase(id=case.id, sponsor=case.sponsor, title=case.blinded_title or "", received_at=case.opened_at)


def blinded_view(case: Case, versions: Sequence[CaseVersion]) -> BlindedCase:
    """Return what a blinded reader may see of a case, the same whether or not the subject was unblinded."""
    contents = [each.snapshot.content for each in sorted(versions, key=lambda each: each.snapshot.version)]
    first = next(content for content in contents if is_blinded(content))
    content = msgspec.structs.replace(
        first,
        patient=_patient(first.patient, contents[-1].patient),
        reactions=tuple(_reaction(i, first.reactions, each) for i, each in enumerate(contents[-1].reactions)),
        reporters=tuple(msgspec.structs.replace(each, received_id=None) for each in first.reporters),
        drugs=tuple(msgspec.structs.replace(each, received_id=None) for each in first.drugs),
        received_icsr=None,
        goes_on=None,
    )
    return msgspec.structs.replace(listed(case), content=content)


def _patient(first: Patient | None, now: Patient | None) -> Patient | None:
    """Free text stays as it was: who wrote on in it later may have known."""
    if now is None:
        return first
    return msgspec.structs.replace(now, medical_history=first.medical_history if first else None)


def _reaction(index: int, first: Sequence[Reaction], now: Reaction) -> Reaction:
    """Opinions stay as they were too: one names the drug that it is of, and who gave it later may have known."""
    then = first[index] if index < len(first) else Reaction()
    held = then.causality if then.verbatim == now.verbatim else ()
    return msgspec.structs.replace(now, received_id=None, causality=held)
