"""Only what makes no sense as it was typed stops a page; a poor answer goes through (DOMAIN 1)."""

import re
from collections.abc import Callable, Iterator
from typing import Any

from werkzeug.datastructures import MultiDict

from intake.form import dates
from intake.form.fields import NONE, NOT_KNOWN, TICKED, Field, FieldError, Kind, Page, Typed, first

_NUMBER = re.compile(r"(\d{1,9})(?:[.,](\d{1,6}))?")
_CHOSEN = {Kind.ONE, Kind.MANY, Kind.YES_NO}
_ALONE = {NONE, NOT_KNOWN}


def typed_on(page: Page, form: MultiDict[str, str]) -> dict[str, list[str]]:
    """Return what was typed on a page, as it was typed; what the page did not ask is left alone."""
    found = {name: _values(field, form, name) for field in page.fields for name in (*field.inputs, field.box)}
    return {name: values for name, values in found.items() if values}


def errors(page: Page, typed: Typed) -> list[FieldError]:
    """Return what makes no sense, in the order of the page."""
    return [error for field in page.fields for error in _CHECKS.get(field.kind, _nothing)(field, typed)]


def value(field: Field, typed: Typed) -> Any:
    """Return an answer as the report has it; None where nothing was answered, or that it is not known."""
    return _VALUES.get(field.kind, _text)(field, typed)


def is_not_known(field: Field, typed: Typed) -> bool:
    """Say whether the answer is "not known" and the report has no word for that; words beside the box count more."""
    if field.kind in _CHOSEN:
        return NOT_KNOWN in typed.get(field.name, [])
    return bool(typed.get(field.box)) and not any(first(typed, name) for name in _written(field))


def _written(field: Field) -> tuple[str, ...]:
    """The inputs that are typed into: the unit of an age is chosen before anybody chooses it."""
    return field.inputs[:1] if field.kind is Kind.AGE else field.inputs


def _values(field: Field, form: MultiDict[str, str], name: str) -> list[str]:
    given = [each.replace("\r\n", "\n") for each in form.getlist(name)]
    if name == field.box:
        return [TICKED] if given and field.not_known else []
    if field.kind in _CHOSEN:
        given = [option.value for option in field.options if option.value in given]
    return [each for each in given if each.strip()][: None if field.kind is Kind.MANY else 1]


def _check_date(field: Field, typed: Typed) -> Iterator[FieldError]:
    read = dates.read(*(first(typed, name) for name in field.inputs))
    if isinstance(read, dates.Wrong):
        yield FieldError(field.name, field.inputs[read.input], f"‘{field.short}’ {read.words}")


def _check_number(field: Field, typed: Typed) -> Iterator[FieldError]:
    text = first(typed, field.name)
    number = _number(field, typed)
    if text and number is None:
        yield FieldError(field.name, field.name, f"‘{field.short}’ must be a number, for example 54 or 7.5")
    elif number is not None and number > field.most:
        yield FieldError(
            field.name, field.name, f"‘{field.short}’ must be at most {field.most:g}: check number and unit"
        )


def _check_many(field: Field, typed: Typed) -> Iterator[FieldError]:
    chosen = set(typed.get(field.name, []))
    if len(chosen) > 1 and chosen & _ALONE:
        alone = [f"‘{option.words}’" for option in field.options if option.value in chosen & _ALONE]
        choices = alone if chosen <= _ALONE else ["what it led to", *alone]
        most = "not both" if len(choices) == len(("one", "other")) else "only one of these"
        yield FieldError(field.name, field.name, f"Select {', or '.join(choices)}, {most}")


def _nothing(field: Field, typed: Typed) -> Iterator[FieldError]:
    yield from ()


def _text(field: Field, typed: Typed) -> str | None:
    return first(typed, field.name) or None


def _number(field: Field, typed: Typed) -> float | None:
    match = _NUMBER.fullmatch(first(typed, field.name))
    return float(f"{match[1]}.{match[2] or 0}") if match else None


def _age(field: Field, typed: Typed) -> dict[str, Any] | None:
    number = _number(field, typed)
    unit = first(typed, field.inputs[1])
    known = {option.value for option in field.options}
    return None if number is None else {"value": number, "unit": unit if unit in known else field.options[0].value}


def _date(field: Field, typed: Typed) -> str | None:
    read = dates.read(*(first(typed, name) for name in field.inputs))
    return read if isinstance(read, str) else None


def _one(field: Field, typed: Typed) -> str | None:
    chosen = first(typed, field.name)
    return chosen if chosen and chosen != NOT_KNOWN else None


def _many(field: Field, typed: Typed) -> list[str] | None:
    chosen = [each for each in typed.get(field.name, []) if each not in _ALONE]
    return chosen or None


def _yes_no(field: Field, typed: Typed) -> bool | None:
    chosen = first(typed, field.name)
    return chosen == TICKED if chosen else None


_CHECKS: dict[Kind, Callable[[Field, Typed], Iterator[FieldError]]] = {
    Kind.DATE: _check_date,
    Kind.NUMBER: _check_number,
    Kind.AGE: _check_number,
    Kind.MANY: _check_many,
}
_VALUES: dict[Kind, Callable[[Field, Typed], Any]] = {
    Kind.NUMBER: _number,
    Kind.AGE: _age,
    Kind.DATE: _date,
    Kind.ONE: _one,
    Kind.MANY: _many,
    Kind.YES_NO: _yes_no,
}
