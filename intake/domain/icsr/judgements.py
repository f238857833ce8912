"""Who judged what of each reaction with each drug (ICH E2B(R3) G.k.9.i.2.r); no opinion overwrites another."""

from collections.abc import Iterator, Sequence

from msgspec.structs import replace

from intake.domain.icsr.said import Said
from shared.contracts.clinical import Causality, Drug, Reaction
from shared.contracts.opinions import EU_RESULTS, opinion, united

_LONGEST_ID = 1000


def judged(drugs: Sequence[tuple[Said, Drug]], reactions: Sequence[Reaction]) -> tuple[Reaction, ...]:
    """Return the reactions with what each source judged of them with each drug.

    Of two reactions with one id the first is meant, as everywhere; an id that no reaction has is asked about with the
    rest of the rules.
    """
    given: dict[str | None, list[Causality]] = {}
    for said, drug in drugs:
        for link in said.each("reactions"):
            given.setdefault(link.identifier("reaction", _LONGEST_ID), []).extend(_assessments(link, drug))
    return tuple(replace(each, causality=united(given.pop(each.received_id, ()))) for each in reactions)


def _assessments(link: Said, drug: Drug) -> Iterator[Causality]:
    for each in link.each("assessments"):
        source, method, result = (each.text(field, 60) for field in ("source", "method", "result"))
        coded = each.coded("eu_result", EU_RESULTS)
        if source or method or result or coded:  # without a result it is a missing assessment, and counts as such
            yield opinion(drug.name, source, method, result, coded)
