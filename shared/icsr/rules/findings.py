"""An answer names what is wrong in words (ACK.A.5 and ACK.B.r.7: free text); each fault becomes one finding.

Receivers number their faults and put them under headings, write R3 element ids with or without their own prefix, R2
numbers or R2 tags. What names nothing that is known stays what it is: words.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from shared.icsr.model.issue import Severity
from shared.icsr.model.outcome import Finding
from shared.icsr.rules.r2_names import R3_OF_R2

_HEADINGS = {"rejection": Severity.ERROR, "error": Severity.ERROR, "warning": Severity.WARNING}
_HEADING = re.compile(r"(rejection|error|warning)s?\s*:?", re.IGNORECASE)
_NUMBERED = re.compile(r"\d{1,4}\s*[:.)]\s+(?=\S)")

# Words that say again what the code says, and name no fault.
_SAYS_THE_CODE = re.compile(
    r"safety report (not )?loaded\b.*|report loaded successfully\W*|validated against .* business rules\W*"
    r"|application acknowledge?ment (accept|error|reject)\b.*|message successfully (processed|loaded)\b.*",
    re.IGNORECASE,
)
_R3 = r"(?:FDA\.)?[C-HN](?:\.(?:[ikr]|KR|\d{1,2}[a-z]?))+"
_R2 = r"[AB]\.\d(?:\.?[\da-z]++)++"
_NAME = re.compile(rf"(?<![\w.])(?:({_R3})|({_R2})|([a-z]{{6,}}))(?!\w)")
_MEMBER = re.compile(r"(?<=[ikr])[\[(]\d+[\])]")  # G.k(2).1 is G.k.1 of the second drug


def findings_in(text: str | None, severity: Severity) -> tuple[Finding, ...]:
    """Take a receiver's words apart; `severity` is that of what stands under no heading."""
    return tuple(
        Finding(under, words, element_ids(words))
        for under, words in _faults(text or "", severity)
        if not _SAYS_THE_CODE.fullmatch(words)
    )


def element_ids(text: str) -> tuple[str, ...]:
    """The R3 elements that a text names, each once, in the order of their first mention."""
    named = (_element_id(*found.groups()) for found in _NAME.finditer(_MEMBER.sub("", text)))
    return tuple(dict.fromkeys(each for each in named if each))


def _element_id(r3: str | None, r2: str | None, tag: str | None) -> str | None:
    return r3 or R3_OF_R2.get(r2 or tag or "")


def _faults(text: str, severity: Severity) -> Iterator[tuple[Severity, str]]:
    """Yield each fault; where some lines are numbered, those that are not go on with the one before."""
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    numbered = any(_NUMBERED.match(line) for line in lines)
    words: list[str] = []
    for line in lines:
        heading = _HEADING.fullmatch(line)
        number = _NUMBERED.match(line)
        if words and (heading or number or not numbered or _SAYS_THE_CODE.fullmatch(line)):
            yield severity, " ".join(words)
            words = []
        if heading:
            severity = _HEADINGS[heading[1].lower()]
        else:
            words.append(line[number.end() :] if number else line)
    if words:
        yield severity, " ".join(words)
