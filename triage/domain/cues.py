"""Important medical events may be serious though nobody said so (ICH E2A II.B): what points to it only asks for a look.

Two kinds of evidence. Words that say that a criterion was met, in the event's own words or in the narrative, not where
they are denied or long past. And the weight of an event's words, of the disease that was treated and of how many events
there are, where seriousness was not stated. Neither lowers anything, and neither sets a criterion (DOMAIN 10).
"""

import re
from collections.abc import Iterable, Mapping
from functools import cached_property

import msgspec

from shared.contracts.clinical import CaseContent, Reaction
from shared.contracts.code_lists import Criterion
from triage.domain.text import folded

_AROUND = 60  # characters of an excerpt on either side
_SHORT = 3  # letters: shorter words say nothing
_CUT_FROM = 5
_MOST_SHOWN = 5
_ENDING = re.compile(r"(ness|ing|ed|es|s)$")
_WORD = re.compile(r"[a-z]+")

# What says that a criterion was met, in the words of reports; written for this project.
_SAID: Mapping[Criterion, str] = {
    Criterion.DEATH: r"died|deceased|passed away|expired (?:at|in|on)|found dead|death of (?:the|this) patient"
    r"|fatal outcome|autopsy|pronounced dead|succumbed",
    Criterion.LIFE_THREATENING: r"life[- ]?threatening|cardiac arrest|cardiorespiratory arrest|respiratory arrest"
    r"|stopped breathing|not breathing|resuscitat\w+|\bcpr\b|intubat\w+|mechanical(?:ly)? ventilat\w+"
    r"|anaphylactic shock|septic shock|status epilepticus|\becmo\b",
    Criterion.HOSPITALISATION: r"hospitali[sz](?:ed|ation)|\badmi(?:t|tted|ssion)\b|in[- ]?patient"
    r"|intensive care|\bp?icu\b|\bnicu\b"
    r"|days? in (?:the )?hospital|discharged from (?:the )?hospital"
    r"|transferred to \w+(?: \w+)? hospital|kept overnight",
    Criterion.DISABILITY: r"permanently disabled|permanent disability|persistent disability|wheelchair|paraly[sz]ed"
    r"|unable to walk|loss of vision|blindness|loss of hearing",
    Criterion.CONGENITAL_ANOMALY: r"congenital|birth defect|malformation",
}
# Words before a cue that deny it or put it long before, within one sentence.
_DENIED = re.compile(
    r"\b(?:no|not|never|without|denie[sd]|denying|did not|was not|were not|wasn't|isn't|didn't|negative for|nor"
    r"|rather than|avoid(?:ed)?|instead of|history of|family history|years? ago|previously|prior|if|would have"
    r"|could have|might have|declined|refused|n't)\b[^.;:!?]{0,40}$",
    re.IGNORECASE,
)
_DENIED_AFTER = re.compile(
    r"^\W{0,3}(?:no\b|not required|was not|were not|: ?no|declined|ruled out|was ruled out)", re.I
)
_PATTERNS = {criterion: re.compile(words) for criterion, words in _SAID.items()}
_ANY = re.compile("|".join(_SAID.values()))  # most texts say none of it


class Cue(msgspec.Struct, frozen=True, kw_only=True):
    """Words that say that a criterion was met: where (JSON pointer), and as they stand there."""

    criterion: Criterion
    pointer: str
    excerpt: str


class Weights(msgspec.Struct, frozen=True, kw_only=True, dict=True, forbid_unknown_fields=True):
    """What words of events and indications, and the number of events, add to a suspicion, as log-odds."""

    version: str
    start: float
    threshold: float
    counts: dict[int, float]
    events: dict[str, float]
    indications: dict[str, float]

    @cached_property
    def most(self) -> int:
        """The largest number of events that is told apart."""
        return max(self.counts)


class TermList(msgspec.Struct, frozen=True, kw_only=True):
    """A list of important or designated medical events, as the operator loads it; its terms folded."""

    name: str
    version: str
    terms: frozenset[str]

    def holds(self, reaction: Reaction) -> bool:
        """Say whether an event's term is listed."""
        coding = reaction.coding
        names = {folded(reaction.verbatim), folded(coding.pt_name if coding else None)}
        return not self.terms.isdisjoint(names - {""})


class Raising(msgspec.Struct, frozen=True, kw_only=True):
    """Everything that may raise an event to suspected."""

    weights: Weights | None = None
    lists: tuple[TermList, ...] = ()


class Weighed(msgspec.Struct, frozen=True, kw_only=True):
    """How much points to a serious report, and what of it weighs most."""

    score: float
    suspected: bool
    words: tuple[str, ...]


def said_of(reaction: Reaction, pointer: str) -> list[Cue]:
    """Return what an event's own words say of a criterion."""
    return [*_said(reaction.verbatim, f"{pointer}/verbatim"), *_said(reaction.translation, f"{pointer}/translation")]


def said_in(content: CaseContent) -> list[Cue]:
    """Return what the narrative says of a criterion; of which event, it does not say."""
    return _said(content.narrative, "/narrative")


def weighed(content: CaseContent, weights: Weights) -> Weighed:
    """Add up what the words of the events, the diseases treated and the number of events say."""
    events = {folded(reaction.verbatim) for reaction in content.reactions} - {""}
    found = _weights(weights.events, [_term(reaction) for reaction in content.reactions])
    treated = _weights(weights.indications, [drug.indication for drug in content.drugs])
    count = min(max(len(events), 1), weights.most)
    added = {**{f"event: {w}": x for w, x in found.items()}, **{f"indication: {w}": x for w, x in treated.items()}}
    added[f"{count}{' or more' * (count == weights.most)} events"] = weights.counts.get(count, 0.0)
    score = weights.start + sum(added.values())
    heaviest = sorted((name for name, x in added.items() if x > 0), key=lambda name: -added[name])
    return Weighed(score=round(score, 2), suspected=score > weights.threshold, words=tuple(heaviest[:_MOST_SHOWN]))


def cut(word: str) -> str:
    """Return a word without its ending and with one spelling of its diphthongs."""
    plain = word.replace("ae", "e").replace("oe", "e")
    return _ENDING.sub("", plain) if len(plain) > _CUT_FROM else plain


def _term(reaction: Reaction) -> str | None:
    return reaction.translation or reaction.verbatim or (reaction.coding.pt_name if reaction.coding else None)


def _weights(known: Mapping[str, float], texts: Iterable[str | None]) -> dict[str, float]:
    words = (cut(word) for text in texts for word in _WORD.findall((text or "").lower()) if len(word) >= _SHORT)
    return {word: known[word] for word in dict.fromkeys(words) if word in known}


def _said(text: str | None, pointer: str) -> list[Cue]:
    """Return each criterion's first mention that is not denied."""
    plain = (text or "").lower()
    if not text or not _ANY.search(plain):
        return []
    shown = text if len(plain) == len(text) else plain  # a few letters become two
    found = ((criterion, _first(pattern, plain, shown)) for criterion, pattern in _PATTERNS.items())
    return [Cue(criterion=criterion, pointer=pointer, excerpt=words) for criterion, words in found if words]


def _first(pattern: re.Pattern[str], plain: str, shown: str) -> str | None:
    for match in pattern.finditer(plain):
        first, last = max(0, match.start() - _AROUND), match.end() + _AROUND
        if not _DENIED.search(plain[first : match.start()]) and not _DENIED_AFTER.search(plain[match.end() : last]):
            return " ".join(shown[first:last].split())
    return None
