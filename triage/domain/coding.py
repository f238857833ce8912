"""Reported words are coded to lowest level terms of the dictionary; received codes are kept beside.

Source: ICH E2B(R3) E.i.2.1; DOMAIN 17.
"""

from typing import Protocol

import msgspec

from shared.contracts.clinical import CaseContent, Coding, Reaction
from triage.domain.determination import Determination, Fact, Rule, determined

AS_RECEIVED = Rule(id="COD-1", version=1, paragraph="ICH E2B(R3) E.i.2.1: a code received with its version stands")
BY_PERSON = Rule(id="COD-2", version=1, paragraph="ICH E2B(R3) E.i.2.1: a person's choice stands")
EXACT = Rule(
    id="COD-3", version=1, paragraph="MedDRA Term Selection: Points to Consider, 2.9: the term that says the same"
)
UNCODED = Rule(
    id="COD-4", version=1, paragraph="ICH E2B(R3) E.i.2.1b is mandatory: an uncoded event blocks the message"
)
CODED = "coded"
NOT_CODED = "uncoded"


class Terminology(Protocol):
    """A dictionary in MedDRA's form."""

    def find(self, words: str) -> Coding | None:
        """Return the current lowest level term of these words, case and spacing aside."""
        ...

    def term(self, llt_code: str) -> Coding | None:
        """Return the lowest level term of a code."""
        ...


class AsCoded:
    """The terms that the dictionary of its day gave a version: nothing is looked up anew."""

    def __init__(self, content: CaseContent) -> None:
        """``content`` is that of the version; what a person chose, or the sender said, stands in it by itself."""
        looked_up = (each for each in content.reactions if each.received_coding is None)
        codings = ((each.verbatim or "", each.coding) for each in looked_up)
        self._found = {words: coding for words, coding in codings if coding and not coding.chosen}

    def find(self, words: str) -> Coding | None:
        """Return the term that these words got."""
        return self._found.get(words)

    def term(self, llt_code: str) -> Coding | None:
        """Return the term of a code, if an event got it."""
        return next((coding for coding in self._found.values() if coding.llt_code == llt_code), None)


def code(content: CaseContent, terminology: Terminology) -> tuple[CaseContent, list[Determination]]:
    """Return the content with its reactions coded where the dictionary has their words, and why."""
    coded = [_code(reaction, f"/reactions/{i}", terminology) for i, reaction in enumerate(content.reactions)]
    reactions = tuple(reaction for reaction, _ in coded)
    return msgspec.structs.replace(content, reactions=reactions), [found for _, found in coded]


def _code(reaction: Reaction, subject: str, terminology: Terminology) -> tuple[Reaction, Determination]:
    coding, rule = _choose(reaction, terminology)
    coded = msgspec.structs.replace(reaction, coding=coding)
    facts: dict[str, Fact] = {"verbatim": reaction.verbatim}
    if coding is None:
        reason = f"No term of the dictionary says {reaction.verbatim!r}; a person must choose one."
        return coded, determined("coding", subject, NOT_CODED, rule, facts, reason)
    facts |= {"llt_code": coding.llt_code, "version": coding.version}
    made_up = " The dictionary is for demonstration: its codes are invented." if coding.demonstration else ""
    reason = f"{coding.llt_name or coding.llt_code} ({coding.dictionary} {coding.version}, {coding.llt_code}).{made_up}"
    return coded, determined("coding", subject, CODED, rule, facts, reason)


def _choose(reaction: Reaction, terminology: Terminology) -> tuple[Coding | None, Rule]:
    if reaction.coding is not None and reaction.coding.chosen:
        return reaction.coding, BY_PERSON
    if reaction.received_coding is not None:
        return reaction.received_coding, AS_RECEIVED
    found = terminology.find(reaction.verbatim or "")
    return (found, EXACT) if found else (None, UNCODED)
