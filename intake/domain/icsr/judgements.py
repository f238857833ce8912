"""Who judged what of each reaction with each drug (ICH E2B(R3) G.k.9.i.2.r); no opinion overwrites another.

A result counts where its meaning is certain: the EU's code, or words that say whether there is a reasonable
possibility. Other words are kept as they are, and count as no judgement (DOMAIN 12).
"""

import re
from collections.abc import Iterator, Sequence

from msgspec.structs import replace

from intake.domain.icsr.said import Said
from shared.contracts.clinical import Causality, Drug, Reaction
from shared.contracts.code_lists import CausalityResult, CausalitySource

_EU_RESULTS = {"1": CausalityResult.RELATED, "2": CausalityResult.NOT_RELATED}  # G.k.9.i.2.r.3.EU.1
_NOT = re.compile(r"\b(?:not related|unrelated|no reasonable possibility|not suspected)\b", re.IGNORECASE)
_IS = re.compile(r"\b(?:related|reasonable possibility|suspected|possible|probable|certain|definite)\b", re.IGNORECASE)
_SOURCES = (
    (re.compile(r"investigator", re.IGNORECASE), CausalitySource.INVESTIGATOR),
    (re.compile(r"sponsor|company|\bmah\b|manufacturer|sender", re.IGNORECASE), CausalitySource.SPONSOR),
    (re.compile(r"reporter|primary source|physician|hcp", re.IGNORECASE), CausalitySource.REPORTER),
)


def judged(drugs: Sequence[tuple[Said, Drug]], reactions: Sequence[Reaction]) -> tuple[Reaction, ...]:
    """Return the reactions with what each source judged of them with each drug."""
    given: dict[str, list[Causality]] = {}
    for said, drug in drugs:
        for link in said.each("reactions"):
            given.setdefault(link.text("reaction", 100) or "", []).extend(_assessments(link, drug))
    return tuple(replace(each, causality=tuple(given.get(each.received_id or "", ()))) for each in reactions)


def _assessments(link: Said, drug: Drug) -> Iterator[Causality]:
    for each in link.each("assessments"):
        source, result = each.text("source", 60), each.text("result", 60)
        coded = each.coded("eu_result", _EU_RESULTS) if each.is_stated("eu_result") else None
        if source or result or coded:
            yield Causality(
                source=_source(source),
                drug=drug.name,
                method=each.text("method", 60),
                result=coded or _result(result),
                result_text=result,
                received=True,
            )


def _source(words: str | None) -> CausalitySource | None:
    if not words:
        return None
    return next((source for pattern, source in _SOURCES if pattern.search(words)), CausalitySource.OTHER)


def _result(words: str | None) -> CausalityResult | None:
    if not words:
        return None
    if _NOT.search(words):
        return CausalityResult.NOT_RELATED
    return CausalityResult.RELATED if _IS.search(words) else None
