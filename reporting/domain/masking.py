"""What goes to EudraVigilance says MSK for who reported, record numbers and the parent's name (GVP VI Addendum II).

Thirteen elements are known but withheld; a sender's person and address stay blank, which the sender's part already is.
Nothing else is masked: initials, dates of birth, sex and the reporter's city, state and country go on.
"""

from dataclasses import replace
from typing import Any, TypeVar

from shared.icsr.elements.c2_primary_source import PrimarySource
from shared.icsr.elements.d10_parent import Parent
from shared.icsr.elements.d_patient import Patient
from shared.icsr.model.message import SafetyReport
from shared.icsr.model.null_flavor import NullFlavor

EU = "EMA"
MASKED: dict[type, tuple[str, ...]] = {
    PrimarySource: (  # C.2.r.1.1 to .4, C.2.r.2.1 to .3, .6, .7
        "title",
        "given_name",
        "middle_name",
        "family_name",
        "organisation",
        "department",
        "street",
        "postcode",
        "telephone",
    ),
    Patient: ("gp_record_number", "specialist_record_number", "hospital_record_number"),  # D.1.1.1 to .3
    Parent: ("identification",),  # D.10.1
}
_ADDRESS_GOES_ON = "street_continued"  # C.2.r.2.3's second line: it has no nullFlavor, the first one's stands for both

Record = TypeVar("Record", PrimarySource, Patient, Parent)


def masked_for(authority: str, report: SafetyReport) -> SafetyReport:
    """Return the report as an authority may see it."""
    if authority != EU:
        return report
    sources = (replace(_masked(each), **{_ADDRESS_GOES_ON: None}) for each in report.primary_sources)
    return replace(
        report, primary_sources=tuple(sources), patient=_masked(report.patient), parent=_masked(report.parent)
    )


def _masked(record: Record) -> Record:
    """Mask what has a value; what is unknown, or withheld otherwise, stays so."""
    known = {name: getattr(record, name) for name in MASKED[type(record)]}
    withheld: dict[str, Any] = {name: NullFlavor.MSK for name, value in known.items() if _is_known(value)}
    return replace(record, **withheld)


def _is_known(value: object) -> bool:
    return value is not None and not isinstance(value, NullFlavor)
