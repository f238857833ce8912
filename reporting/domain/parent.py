"""In a parent-child or parent-foetus report the parent is described as the patient is (ICH E2B(R3) guide, D.10)."""

from dataclasses import replace

from reporting.domain.overlay import laid_over
from reporting.domain.values import Findings
from shared.contracts import clinical, codes
from shared.icsr.elements.d10_parent import Parent
from shared.icsr.model.dates import TS, Precision
from shared.icsr.model.null_flavor import NullFlavor


def parent_of(parent: clinical.Parent | None, received: Parent, found: Findings) -> Parent:
    """Map D.10; where the case says nothing of a parent, one that was received goes on whole."""
    if parent is None:
        return received
    age = parent.age if parent.age and parent.age.unit else None
    if parent.age and not age:
        found.remark(f"The age of the parent was reported as {parent.age.value:g}, of no stated unit.")
    stated = Parent(
        identification=parent.identification,
        birth_date=_whole_birth_date(parent, found),
        age=found.number(Parent, "age", age.value) if age else None,
        age_unit=codes.AGE_UNITS[age.unit] if age and age.unit else None,
        history_narrative=parent.medical_history,
    )
    # D.10.6 is demanded of every parent: UNK where nobody stated it. It is no element that the case says alone, for
    # what is sent of a received parent without one, and why, is told where the report is carried on.
    sex = codes.SEXES[parent.sex] if parent.sex else received.sex or NullFlavor.UNK
    return replace(laid_over(received, stated), sex=sex)


def _whole_birth_date(parent: clinical.Parent, found: Findings) -> TS | None:
    """Say in words what D.10.2.1, which takes whole days only, cannot hold."""
    reported = found.date(Parent, "birth_date", parent.birth_date)
    if reported is None or reported.precision >= Precision.DAY:
        return reported
    found.remark(f"The date of birth of the parent was reported as {parent.birth_date}.")
    return None
