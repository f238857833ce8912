"""A value goes into a message as it was reported; what an element cannot hold is told in words (DOMAIN 4)."""

from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import ROUND_HALF_EVEN, Decimal

from shared.contracts.message_built import BuildIssue
from shared.icsr.model.dates import TS
from shared.icsr.rules.walk import declared_element


@dataclass
class Findings:
    """What the mapping finds on its way: issues stop the message, remarks are told in it (H.4)."""

    issues: list[BuildIssue] = field(default_factory=list)
    remarks: list[str] = field(default_factory=list)

    def block(self, rule_id: str, element_id: str, words: str) -> None:
        """Note why no message can be built; the words name the cure."""
        self.issues.append(BuildIssue(rule_id=rule_id, element_id=element_id, words=words))

    def remark(self, words: str) -> None:
        """Note a sentence that the receiver must be told."""
        self.remarks.append(words)

    def number(self, kind: type, field: str, value: float | None) -> Decimal | None:
        """Return a quantity with the decimals that its element can hold; one that it can't hold at all blocks."""
        if value is None:
            return None
        element = declared_element(kind, field)
        length = element.max_length or 0
        exact = Decimal(str(value)).normalize()
        whole = len(str(abs(int(exact)))) if exact.is_finite() else length + 1
        if whole <= length:
            decimals = max(0, min(length - whole - 1, -int(exact.as_tuple().exponent)))
            rounded = exact.quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_EVEN)
            if rounded or not exact:
                return rounded
        words = f"{element.id} was reported as {value!r}, which its {length} characters cannot hold; amend it."
        self.block("number_does_not_fit", element.id, words)
        return None

    def date(self, kind: type, field: str, reported: str | None) -> TS | None:
        """Return a date with the precision that it was reported with; one that is no date blocks."""
        if reported is None:
            return None
        try:
            return TS(reported.replace("-", ""))
        except ValueError:
            element = declared_element(kind, field)
            words = (
                f"{element.id} was reported as {reported!r}, which is no date; amend it to YYYY, YYYY-MM or YYYY-MM-DD."
            )
            self.block("date_unreadable", element.id, words)
            return None


def day(value: date) -> TS:
    """Return a calendar date."""
    return TS(value.strftime("%Y%m%d"))


def instant(value: datetime) -> TS:
    """Return a UTC instant to the second, with its offset."""
    return TS(value.strftime("%Y%m%d%H%M%S+0000"))
