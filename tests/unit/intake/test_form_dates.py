"""A date is taken as precise as it is known, and never completed."""

import pytest

from intake.form.dates import MONTHS, Wrong, read, words


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        (("", "", ""), None),
        (("", "", "2026"), "2026"),
        (("", "3", "2026"), "2026-03"),
        (("", "March", "2026"), "2026-03"),
        (("9", "mar.", "2026"), "2026-03-09"),
        (("09", "03", "2026"), "2026-03-09"),
        (("29", "2", "2024"), "2024-02-29"),
        (("٩", "٣", "٢٠٢٦"), "2026-03-09"),
        (("1", "JUNE", "1999"), "1999-06-01"),
    ],
)
def test_what_is_known_is_kept(typed: tuple[str, str, str], kept: str | None) -> None:
    assert read(*typed) == kept


@pytest.mark.parametrize(
    ("typed", "input_", "says"),
    [
        (("31", "February", "2026"), 0, "February 2026 has no day 31"),
        (("29", "2", "2026"), 0, "no day 29"),
        (("32", "1", "2026"), 0, "from 1 to 31"),
        (("0", "1", "2026"), 0, "from 1 to 31"),
        (("²", "1", "2026"), 0, "from 1 to 31"),
        (("9" * 5000, "1", "2026"), 0, "from 1 to 31"),
        (("9", "", "2026"), 1, "must have a month"),
        (("", "13", "2026"), 1, "as a number or a name"),
        (("", "Smarch", "2026"), 1, "as a number or a name"),
        (("", "ma", "2026"), 1, "as a number or a name"),
        (("9", "3", ""), 2, "must have a year"),
        (("", "", "26"), 2, "four digits"),
        (("", "", "two"), 2, "four digits"),
        (("", "", "1700"), 2, "from 1800 to 2199"),
        (("1", "1", "1799"), 2, "from 1800 to 2199"),
        (("31", "2", "2200"), 2, "from 1800 to 2199"),
        (("1", "1", "0001"), 2, "from 1800 to 2199"),
    ],
)
def test_what_makes_no_sense_names_the_input_and_the_cure(typed: tuple[str, str, str], input_: int, says: str) -> None:
    wrong = read(*typed)
    assert isinstance(wrong, Wrong)
    assert wrong.input == input_
    assert says in wrong.words


@pytest.mark.parametrize("number", range(1, 13))
def test_every_month_has_a_name_and_a_number(number: int) -> None:
    name = MONTHS[number - 1]
    for typed in (name, name[:3], name.upper(), str(number), f"{number:02}"):
        assert read("", typed, "2026") == f"2026-{number:02}"


@pytest.mark.parametrize(
    ("kept", "said"), [("2026", "2026"), ("2026-03", "March 2026"), ("2026-03-09", "9 March 2026")]
)
def test_a_date_is_said_as_it_is_read(kept: str, said: str) -> None:
    assert words(kept) == said
