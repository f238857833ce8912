"""A rule that was not read in its source is used once a named regulatory owner has signed it off (DOMAIN 9).

A sign-off is of a rule as it is: another version, or another word in it, needs another. None is ever taken back; the
rulebook's next version is how a rule ends.
"""

from collections.abc import Sequence
from typing import Protocol

from shared.clock import Clock
from shared.contracts.audit import INSTALLATION, AuditEntry, Changed
from triage.administer import By, Denied
from triage.domain.determination import Confidence
from triage.domain.rulebook import DestinationRule, Rulebook, SignOff
from triage.domain.trail import entry_for
from triage.ports import Conflict


class SignOffStore(Protocol):
    """Sign-offs; none is changed or deleted."""

    def add(self, sign_off: SignOff, entry: AuditEntry) -> None:
        """Store one. Raises Conflict where the rule, as it is, is signed off."""
        ...

    def all(self) -> list[SignOff]:
        """Return every one, the earliest first."""
        ...


class SignRules:
    """Signs rules off."""

    def __init__(self, sign_offs: SignOffStore, clock: Clock) -> None:
        """Wire the use case."""
        self._sign_offs = sign_offs
        self._clock = clock

    def __call__(self, by: By, rulebook: Rulebook, rule_ids: Sequence[str]) -> list[SignOff]:
        """Sign rules of a rulebook off; one that cannot be refuses them all. Raises Denied."""
        rules = [_signable(rulebook, rule_id) for rule_id in rule_ids]
        return [self._sign(by, rule) for rule in rules]

    def _sign(self, by: By, rule: DestinationRule) -> SignOff:
        sign_off = SignOff(
            rule_id=rule.id,
            rule_version=rule.version,
            sha256=rule.sha256,
            owner=by.actor,
            at=self._clock.now(),
            reason=by.reason,
        )
        entry = entry_for(
            INSTALLATION,
            rule.id,
            "rule.signed_off",
            by.reason,
            sign_off.at,
            actor=by.actor,
            authentication=by.authentication,
            changes=[Changed(field="sha256", old=None, new=rule.sha256)],
            rule=f"{rule.id} version {rule.version}",
        )
        try:
            self._sign_offs.add(sign_off, entry)
        except Conflict as error:
            raise Denied(f"{rule.id} version {rule.version} is signed off already, as it is") from error
        return sign_off


def _signable(rulebook: Rulebook, rule_id: str) -> DestinationRule:
    rule = next((each for each in rulebook.rules if each.id == rule_id), None)
    if rule is None:
        raise Denied(f"{rule_id} is no rule of {rulebook.version}; see: dayzero rules show")
    if rule.confidence is Confidence.VERIFIED:
        raise Denied(f"{rule_id} was read in the primary text; it needs no sign-off")
    return rule
