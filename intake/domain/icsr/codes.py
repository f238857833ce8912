"""E2B(R3) says in codes what a case says in words; these are the tables, by the field of the model that is coded.

A code that is not here is left out and asked about, never guessed.
"""

from collections.abc import Mapping
from typing import TypeVar

from shared.contracts import codes

T = TypeVar("T")
Table = Mapping[str, T]


def _read(written: Mapping[T, str]) -> Table[T]:
    """Return the words by their codes."""
    return {code: word for word, code in written.items()}


REPORT_TYPE = _read(codes.REPORT_TYPES)
FIRST_SENDER = _read(codes.FIRST_SENDERS)
SENDER_TYPE = _read(codes.SENDER_TYPES)
QUALIFICATION = _read(codes.QUALIFICATIONS)
PRIMARY: Table[bool] = {codes.PRIMARY: True}
STUDY_TYPE: Table[int] = {"1": 1, "2": 2, "3": 3}
SEX = _read(codes.SEXES)
AGE_UNIT = _read(codes.AGE_UNITS)
AGE_GROUP = _read(codes.AGE_GROUPS)
CRITERIA = codes.CRITERIA
HIGHLIGHTED_AS_SERIOUS: Table[bool] = {"1": False, "2": False, "3": True, "4": True}
OUTCOME = _read(codes.OUTCOMES)
ROLE = _read(codes.ROLES)
SITUATION = _read(codes.SITUATIONS)
ACTION = _read(codes.ACTIONS_TAKEN)
