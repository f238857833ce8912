"""Important medical events may be serious though nobody said so (ICH E2A II.B): what points to it only asks for a look.

Two kinds of evidence. Words that say that a criterion was met, in the event's own words or in the narrative, not where
they are denied or long past. And, where seriousness was not stated, the weight of words (``triage.domain.weighing``).
Neither lowers anything, and neither sets a criterion (DOMAIN 10).
"""

import re
from collections.abc import Mapping

import msgspec

from shared.contracts.clinical import CaseContent, Reaction
from shared.contracts.code_lists import Criterion
from triage.domain.text import folded
from triage.domain.weighing import Weights

_AROUND = 60  # characters of an excerpt on either side

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


def said_of(reaction: Reaction, pointer: str) -> list[Cue]:
    """Return what an event's own words say of a criterion."""
    return [*_said(reaction.verbatim, f"{pointer}/verbatim"), *_said(reaction.translation, f"{pointer}/translation")]


def said_in(content: CaseContent) -> list[Cue]:
    """Return what the narrative says of a criterion; of which event, it does not say."""
    return _said(content.narrative, "/narrative")


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
