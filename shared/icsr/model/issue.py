"""A message goes out only if it breaks no rule of the guide; what it breaks is told in words (guide v5.03, 3.3).

An `Issue` names the element, the rule and the cure, so that the person who sees it needs no table of codes.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum


class Severity(Enum):
    """Whether a finding stops the message."""

    ERROR = "error"
    WARNING = "warning"


@dataclass(frozen=True, slots=True)
class Issue:
    """One broken rule.

    `location` is the place in the model, e.g. `messages[0].report.drugs[1].name`; `element_id` may be empty where the
    finding concerns no single element; `message` says what is wrong and `cure` what to do, each in one sentence.
    """

    severity: Severity
    rule_id: str
    element_id: str
    location: str
    message: str
    cure: str
