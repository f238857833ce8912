"""H.1 captures a focused, factual and clear description of the case; each ICSR must include one (guide, section H.1).

H.1 takes no nullFlavor. Where no narrative was received the sender writes one of the stated facts alone and says so.
"""

from collections.abc import Iterable

from reporting.domain import drug, reaction
from reporting.domain.overlay import laid_over
from reporting.domain.people import NOBODY
from reporting.domain.values import Findings
from shared.contracts import clinical
from shared.contracts.case_snapshot import CaseSnapshot
from shared.icsr.elements.h_narrative import Narrative

_COMPOSED = "No narrative was received. This one was composed by the sender from the facts reported."


def narrative_of(snapshot: CaseSnapshot, received: Narrative, found: Findings) -> Narrative:
    """Map H. ``found`` must hold all its remarks by now: they are told in H.4, with what was derived."""
    content = snapshot.content
    stated = Narrative(
        case_narrative=content.narrative or _composed(content),
        reporter_comments=content.reporter_comments,
        sender_comments=" ".join(filter(None, [content.sender_comments, *_derived(snapshot), *found.remarks])) or None,
    )
    return laid_over(received, stated)


def _derived(snapshot: CaseSnapshot) -> list[str]:
    return [
        f"Derived by the sender, not reported: {_place(each.pointer)} {_words(each.value)} ({each.basis})."
        for each in snapshot.derived
    ]


def _place(pointer: str) -> str:
    """Say in words where in a case a pointer points: ``/reporters/0/country`` is "reporter 1 country"."""
    return " ".join(str(int(step) + 1) if step.isdigit() else step.removesuffix("s") for step in pointer[1:].split("/"))


def _composed(content: clinical.CaseContent) -> str:
    patient = _joined(_patient(content.patient or NOBODY))
    sentences = [
        _COMPOSED,
        f"Patient: {patient}." if patient else "",
        *(
            f"{_capital(reaction.words_of(each, i))}{_in_brackets(_event(each))}."
            for i, each in enumerate(content.reactions)
        ),
        *(f"{_capital(drug.words_of(each, i))}{_in_brackets(_drug(each))}." for i, each in enumerate(content.drugs)),
    ]
    return " ".join(filter(None, sentences))


def _patient(patient: clinical.Patient) -> Iterable[str | None]:
    yield patient.sex
    yield f"age {patient.age.value:g} {patient.age.unit or '(unit not stated)'}" if patient.age else None
    yield _words(patient.age_group)
    yield f"{patient.weight_kg:g} kg" if patient.weight_kg is not None else None
    yield f"died {patient.death_date}" if patient.death_date else None


def _event(event: clinical.Reaction) -> Iterable[str | None]:
    yield f"translated as {event.translation}" if event.verbatim and event.translation else None
    yield f"coded as {event.coding.llt_name}" if event.coding and event.coding.llt_name else None
    yield f"began {event.onset}" if event.onset else None
    yield f"ended {event.end}" if event.end else None
    yield from (_words(criterion) for criterion in event.criteria)
    yield f"outcome {_words(event.outcome)}" if event.outcome else None


def _drug(taken: clinical.Drug) -> Iterable[str | None]:
    yield _words(taken.role)
    yield f"substance {', '.join(taken.substances)}" if taken.substances else None
    yield f"{taken.dose.value:g} {taken.dose.unit}" if taken.dose else taken.dose_text
    yield f"from {taken.start}" if taken.start else None
    yield f"until {taken.end}" if taken.end else None
    yield f"for {taken.indication}" if taken.indication else None
    yield f"action taken: {_words(taken.action_taken)}" if taken.action_taken else None


def _words(name: str | None) -> str | None:
    return name.replace("_", " ") if name else None


def _joined(facts: Iterable[str | None]) -> str:
    return ", ".join(fact for fact in facts if fact)


def _in_brackets(facts: Iterable[str | None]) -> str:
    joined = _joined(facts)
    return f" ({joined})" if joined else ""


def _capital(words: str) -> str:
    return words[0].upper() + words[1:]
