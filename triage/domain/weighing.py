"""Where nobody judged an event, its words and the disease that was treated may point to a serious one (ICH E2A II.B).

Each word weighs something, and what weighs enough together asks a person to look. An event is weighed by itself, so
that a list of harmless ones makes no grave one; every weight that took part is shown, with its word and its place.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from functools import cached_property, lru_cache

import msgspec

from shared.contracts.clinical import CaseContent, Reaction
from shared.contracts.code_lists import Criterion

ORDINARY = "ordinary"
_LONGEST = 2_000  # characters of a term that are read
_TOKEN = re.compile(r"[^\W\d_]+")
_CLAUSE = re.compile(r"[^.;:!?\n]+")
_DENIAL = re.compile(r"\b(?:no|not|without|denies|denied|never)\b", re.IGNORECASE)
_ONE_SPELLING = (("ae", "e"), ("æ", "e"), ("oe", "e"), ("œ", "e"), ("our", "or"))
_MOST_SHOWN = 5
_SPEAKS = 0.1  # less than that says nothing


class Weights(msgspec.Struct, frozen=True, kw_only=True, dict=True, forbid_unknown_fields=True):
    """What each word adds, as log-odds; a word is whole words in any order, a stem (``sept*``) or an ending (``*oma``).

    ``events`` is by the criterion that a word points to, or ``ordinary``: its grade by medicine, and its weight.
    """

    version: str
    base: float
    threshold: float
    events: dict[str, dict[str, tuple[int, float]]]
    indications: dict[str, float]

    @cached_property
    def in_event(self) -> Callable[[str], tuple[str, ...]]:
        """Find the words of events in a clause."""
        return finder([word for words in self.events.values() for word in words])

    @cached_property
    def in_indication(self) -> Callable[[str], tuple[str, ...]]:
        """Find the words of indications in a clause."""
        return finder(self.indications)

    @cached_property
    def of_event(self) -> Mapping[str, tuple[str, float]]:
        """By word, to what it points and how much it weighs."""
        return {word: (to, weight) for to, words in self.events.items() for word, (_, weight) in words.items()}


class Sign(msgspec.Struct, frozen=True, kw_only=True):
    """A word that took part: what it points to (``ordinary``: to nothing by itself), where it was found, its weight."""

    word: str
    to: str
    pointer: str
    weight: float

    def __str__(self) -> str:
        to = "" if self.to == ORDINARY else f", as in {self.to.replace('_', ' ')}"
        return f"{self.word} {self.weight:+.2f} at {self.pointer}{to}"


class Weighed(msgspec.Struct, frozen=True, kw_only=True):
    """How much points to one event's being serious, and every word that took part, the weightiest first."""

    score: float
    threshold: float
    version: str  # of the weights
    suspected: bool
    signs: tuple[Sign, ...]

    @property
    def criteria(self) -> tuple[Criterion, ...]:
        """Return the criteria that a person should ask about."""
        to = {sign.to for sign in self.signs if sign.weight >= _SPEAKS}
        return tuple(criterion for criterion in Criterion if criterion in to)

    @property
    def words(self) -> tuple[str, ...]:
        """Return the words that speak for it, the weightiest first."""
        return tuple(dict.fromkeys(sign.word for sign in self.signs if sign.weight >= _SPEAKS))[:_MOST_SHOWN]


def weighed(content: CaseContent, weights: Weights) -> list[Weighed]:
    """Weigh every event of a case, the diseases treated counting for each."""
    treated = _of_indications(content, weights)
    return [_weighed(reaction, f"/reactions/{i}", treated, weights) for i, reaction in enumerate(content.reactions)]


def _weighed(reaction: Reaction, pointer: str, treated: Mapping[str, Sign], weights: Weights) -> Weighed:
    """Return what the weightiest clause of an event comes to; where nothing speaks for it, nothing is suspected."""
    clauses = [_signs(words, place, weights) for place, words in _clauses(reaction, pointer, weights)]
    found = max(clauses, key=lambda signs: sum(sign.weight for sign in signs), default=[])
    signs = sorted((*found, *treated.values()), key=lambda sign: -sign.weight)
    score = round(weights.base + sum(sign.weight for sign in signs), 2)
    speaks = any(sign.weight >= _SPEAKS for sign in signs)
    return Weighed(
        score=score,
        threshold=weights.threshold,
        version=weights.version,
        suspected=speaks and score >= weights.threshold,
        signs=tuple(signs),
    )


def _signs(words: tuple[str, ...], pointer: str, weights: Weights) -> list[Sign]:
    known = weights.of_event
    return [Sign(word=word, to=known[word][0], pointer=pointer, weight=known[word][1]) for word in words]


def _clauses(reaction: Reaction, pointer: str, weights: Weights) -> Iterator[tuple[str, tuple[str, ...]]]:
    for name, text in _terms(reaction):
        for clause in _CLAUSE.findall(text[:_LONGEST]):
            yield f"{pointer}/{name}", weights.in_event(clause)


def _terms(reaction: Reaction) -> Iterator[tuple[str, str]]:
    """Return what was said of an event, in a language we read where there is one, and the term chosen for it."""
    if reaction.translation:
        yield "translation", reaction.translation
    elif reaction.verbatim:
        yield "verbatim", reaction.verbatim
    name = reaction.coding and reaction.coding.pt_name
    if name and name != reaction.verbatim:
        yield "coding/pt_name", name


def _of_indications(content: CaseContent, weights: Weights) -> dict[str, Sign]:
    found: dict[str, Sign] = {}
    for i, drug in enumerate(content.drugs):
        for word in weights.in_indication((drug.indication or "")[:_LONGEST]):
            pointer, weight = f"/drugs/{i}/indication", weights.indications[word]
            found.setdefault(word, Sign(word=word, to=ORDINARY, pointer=pointer, weight=weight))
    return found


def finder(words: Mapping[str, float] | list[str]) -> Callable[[str], tuple[str, ...]]:
    """Return what finds these words in a clause; the same terms come again and again, so it remembers."""
    parts = {word: frozenset(one_spelling(word).split()) for word in words}
    by_part: dict[str, list[str]] = {}
    for word, needed in parts.items():
        for part in needed:
            by_part.setdefault(part, []).append(word)
    stems = sorted({len(part) - 1 for part in by_part if part.endswith("*")})
    endings = sorted({len(part) - 1 for part in by_part if part.startswith("*")})

    def parts_of(token: str) -> Iterator[str]:
        yield token
        yield from (f"{token[:size]}*" for size in stems if size <= len(token))
        yield from (f"*{token[-size:]}" for size in endings if size <= len(token))

    def find(clause: str) -> tuple[str, ...]:
        said = _DENIAL.split(clause, maxsplit=1)[0]  # what is denied is not said
        tokens = map(one_spelling, _TOKEN.findall(said))
        found = {part for token in tokens for part in parts_of(token) if part in by_part}
        candidates = dict.fromkeys(word for part in sorted(found) for word in by_part[part])
        return tuple(word for word in candidates if parts[word] <= found)

    return lru_cache(maxsize=16384)(find)


def one_spelling(word: str) -> str:
    """Return a word in the one spelling in which British and American ones are compared."""
    word = word.casefold()
    for british, plain in _ONE_SPELLING:
        word = word.replace(british, plain)
    return word
