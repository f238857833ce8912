"""Source, method and result of an assessment call for no standard words (ICH E2B(R3) guide v5.03, G.k.9.i.2.r).

So a result counts only where its meaning is certain: the EU's code, or words that say by themselves whether there is a
reasonable possibility. Those of a scale, as "possible" and "unlikely", stay beside it, and count as no judgement; so do
words that say both, as "probably not related" (DOMAIN 4, 12).
"""

import re
import unicodedata
from collections.abc import Iterable, Mapping

from shared.contracts.clinical import Causality
from shared.contracts.code_lists import CausalityResult, CausalitySource
from shared.icsr.elements.g_matrix import Assessment

EU_RESULTS: Mapping[str, CausalityResult] = {  # G.k.9.i.2.r.3.EU.1
    "1": CausalityResult.RELATED,
    "2": CausalityResult.NOT_RELATED,
}
_RESULTS: Mapping[str, CausalityResult] = {
    "related": CausalityResult.RELATED,
    "causally related": CausalityResult.RELATED,
    "reasonable possibility": CausalityResult.RELATED,
    "a reasonable possibility": CausalityResult.RELATED,
    "suspected": CausalityResult.RELATED,  # FDA's word for an IND's reports (R0087)
    "not related": CausalityResult.NOT_RELATED,
    "not causally related": CausalityResult.NOT_RELATED,
    "non related": CausalityResult.NOT_RELATED,
    "unrelated": CausalityResult.NOT_RELATED,
    "no reasonable possibility": CausalityResult.NOT_RELATED,
    "not suspected": CausalityResult.NOT_RELATED,
}
_SOURCES: Mapping[CausalitySource, re.Pattern[str]] = {
    CausalitySource.INVESTIGATOR: re.compile(r"\b(?:sub)?investigator\b"),
    CausalitySource.REPORTER: re.compile(r"\b(?:reporter|reporting|primary source)\b"),
    CausalitySource.SPONSOR: re.compile(
        r"\b(?:sponsor|company|mah|marketing authori[sz]ation holder|applicant|manufacturer)\b"
    ),
}
_REPORTING_INVESTIGATOR = {CausalitySource.INVESTIGATOR, CausalitySource.REPORTER}
_BETWEEN_WORDS = re.compile(r"[^\w?]+|_+")  # "related?" is not "related"


def opinion(
    drug: str | None, source: str | None, method: str | None, result: str | None, coded: CausalityResult | None
) -> Causality:
    """Return what one source judged, as a case holds it; ``drug`` is the name of the drug that it was said of."""
    return Causality(
        source=source_of(source),
        drug=drug,
        method=method,
        result=coded or _RESULTS.get(folded(result)),
        result_text=result,
    )


def received(assessment: Assessment, drug: str | None) -> Causality:
    """Return what a received assessment is in the case."""
    source, method, result = map(_text, (assessment.source, assessment.method, assessment.result))
    return opinion(drug, source, method, result, EU_RESULTS.get(str(assessment.eu_result)))


def source_of(words: str | None) -> CausalitySource:
    """Say who judged; of whom the words don't tell, or tell two, that is another: nobody may lower what was judged."""
    told = folded(words)
    found = {source for source, pattern in _SOURCES.items() if pattern.search(told)}
    if found == _REPORTING_INVESTIGATOR:
        return CausalitySource.INVESTIGATOR
    return found.pop() if len(found) == 1 else CausalitySource.OTHER


def folded(words: str | None) -> str:
    """Return the form in which two spellings are equal."""
    return _BETWEEN_WORDS.sub(" ", unicodedata.normalize("NFKC", words or "").casefold()).strip()


def united(*opinions: Iterable[Causality]) -> tuple[Causality, ...]:
    """Return all opinions, each once: none takes another's place (Regulation (EU) 536/2014, Annex III, 4)."""
    return tuple(dict.fromkeys(each for some in opinions for each in some))


def _text(value: object) -> str | None:
    """Text as intake keeps it: NFC, without blanks around it."""
    return (unicodedata.normalize("NFC", value).strip() or None) if isinstance(value, str) else None
