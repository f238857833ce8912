"""What happened: each reaction with its own term, seriousness, dates and outcome (ICH E2B(R3) E.i)."""

from intake.domain.findings import Finding
from intake.domain.icsr import codes
from intake.domain.icsr.said import Said
from shared.contracts.clinical import Coding, Reaction
from shared.contracts.code_lists import Criterion

MEDDRA = "MedDRA"
NO_VERSION = "not stated"
_UNVERSIONED = Finding(
    "meddra-version-missing", "A MedDRA code says nothing for certain without its version; please send the version."
)


def reaction(said: Said) -> Reaction:
    """Return one reaction."""
    serious, criteria = _seriousness(said)
    return Reaction(
        verbatim=said.text("reported_text", 250),
        language=said.language("reported_language"),
        translation=said.text("translated_text", 250),
        received_coding=_coding(said),
        serious=serious,
        criteria=criteria,
        onset=said.day("start_date"),
        end=said.day("end_date"),
        outcome=said.coded("outcome", codes.OUTCOME),
        country=said.country("country"),
        received_id=said.identity,
        not_known=said.not_known({"start_date": "onset", "end_date": "end"}),
    )


def _coding(said: Said) -> Coding | None:
    code, version = said.identifier("meddra_code", 8), said.identifier("meddra_version", 10)
    if code is None:
        return None
    if version is None:
        said.note("meddra_version", _UNVERSIONED)
    return Coding(dictionary=MEDDRA, version=version or NO_VERSION, llt_code=code)


def _seriousness(said: Said) -> tuple[bool | None, tuple[Criterion, ...]]:
    """Return what is said of seriousness.

    Six criteria without a value say either "not serious" or "not known" (E.i.3.2): so neither is taken, unless the
    term was highlighted with a word on it (E.i.3.1) or a sender writes "false" six times.
    """
    stated = {criterion: said.flag(field) for field, criterion in codes.CRITERIA.items()}
    criteria = tuple(criterion for criterion, holds in stated.items() if holds)
    highlighted = said.coded("highlighted", codes.HIGHLIGHTED_AS_SERIOUS)
    if criteria or highlighted:
        return True, criteria
    denied = highlighted is False or all(holds is False for holds in stated.values())
    return (False if denied else None), ()
