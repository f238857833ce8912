"""What a safety specialist may ask back, in the reporter's words; the report is accepted with it (DOMAIN 1)."""

from collections.abc import Iterable

from shared.contracts.report_received import Query

_WORDS = {
    "date-in-future": "A date lies in the future.",
    "end-before-start": "Something ended before it began.",
    "age-implausible": "The age seems very high.",
    "age-contradicts-birth-date": "The age and the date of birth do not fit together.",
    "birth-after-reaction": "The problem began before the person was born.",
    "drug-name-missing": "A medicine has no name.",
    "reaction-term-missing": "For one problem, you did not say what happened.",
    "suspect-drug-missing": "No medicine is suspected.",
    "too-long": "A text is longer than its field; all of it is kept.",
    "range": "A number is too high or too low to be right.",
    "illegal-character": "A text has characters that cannot be read.",
}


def told(queries: Iterable[Query]) -> list[str]:
    """Return each thing to tell once, in order; what only a computer would mind is left out."""
    return list(dict.fromkeys(_WORDS[query.rule] for query in queries if query.rule in _WORDS))
