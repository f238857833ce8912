"""What a case does not allow now, and why (21 CFR 11.10(f): the permitted sequence of steps)."""

from collections.abc import Sequence


class Refusal(Exception):
    """An action that the case does not allow now; each reason has a pointer, a rule and words with the cure."""

    def __init__(self, words: str, reasons: Sequence[tuple[str, str, str]] = ()) -> None:
        """``reasons`` are (pointer, rule id, words)."""
        super().__init__(words)
        self.reasons = tuple(reasons)
