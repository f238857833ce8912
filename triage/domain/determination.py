"""Every decision shows its reason: the value, the rule and its version, the paragraph, the facts, and words."""

from collections.abc import Mapping
from enum import StrEnum

import msgspec

Fact = str | int | float | bool | None | list[str]


class Confidence(StrEnum):
    """How a rule's source was read (the marks of the rule collection)."""

    VERIFIED = "V"  # in the primary text
    SECONDARY = "S"  # in a secondary source
    KNOWLEDGE = "K"  # not verified


class Rule(msgspec.Struct, frozen=True, kw_only=True):
    """What a stage cites: an id and version that stay, and where the rule is written."""

    id: str
    version: int
    paragraph: str
    confidence: Confidence = Confidence.VERIFIED


class Determination(msgspec.Struct, frozen=True, kw_only=True):
    """What a stage found of one subject.

    ``subject`` is a JSON pointer into the case's content (``""`` is the case), with ``x`` and ``@`` where a product
    and a destination take part: ``/reactions/0 x /drugs/1 @ eu_postmarketing``.
    """

    stage: str
    subject: str
    value: str
    rule_id: str
    rule_version: int
    paragraph: str
    confidence: Confidence
    facts: dict[str, Fact]
    reason: str


def determined(
    stage: str, subject: str, value: str, rule: Rule, facts: Mapping[str, Fact], reason: str
) -> Determination:
    """Return the determination that a rule led to."""
    return Determination(
        stage=stage,
        subject=subject,
        value=str(value),
        rule_id=rule.id,
        rule_version=rule.version,
        paragraph=rule.paragraph,
        confidence=rule.confidence,
        facts=dict(facts),
        reason=reason,
    )
