"""Check your answers: every question with its answer in words, "Not known" or "Not answered", and its Change link."""

from collections.abc import Iterator

import msgspec

from intake.domain.records import Draft
from intake.form import body, dates, reading
from intake.form.country_names import COUNTRY_NAMES
from intake.form.fields import Field, Group, Kind, Page, Typed, first
from intake.form.journey import Place, adding
from intake.form.questions import GROUPS, PAGES

NOT_KNOWN_WORDS = "Not known"
NOT_ANSWERED = "Not answered"
_SECTIONS = (  # title, pages; a group stands by itself
    ("You and this report", ("who",)),
    "medicines",
    "reactions",
    ("The person who had the problem", ("patient",)),
    ("The story", ("story",)),
    ("About you", ("reporter", "contact")),
)


class Row(msgspec.Struct, frozen=True, kw_only=True):
    """A question, its answer in words, and where to change it from the check page."""

    label: str
    answer: str
    answered: bool
    url: str


class Card(msgspec.Struct, frozen=True, kw_only=True):
    """What belongs together: a section, or one item of a group."""

    title: str
    rows: tuple[Row, ...]
    group: Group | None = None
    number: int | None = None
    url: str = ""  # of an item's first page


class Section(msgspec.Struct, frozen=True, kw_only=True):
    """A heading with its cards; of a group, the way to add one more."""

    title: str
    cards: tuple[Card, ...]
    add_url: str | None = None
    add_words: str = ""


def sections(draft: Draft) -> list[Section]:
    """Return everything that was asked, as the check page shows it."""
    return [_section(draft, each) for each in _SECTIONS]


def cards(draft: Draft, group: Group) -> tuple[Card, ...]:
    """Return the items of a group."""
    return tuple(
        Card(
            title=named(draft, group, number) or f"{group.one.capitalize()} without a name",
            rows=tuple(_rows(draft, group.pages, number)),
            url=Place(slug=group.pages[0], number=number).url,
            group=group,
            number=number,
        )
        for number in body.numbers(draft, group)
    )


def named(draft: Draft, group: Group, number: int) -> str:
    """Return what an item is called, as it was typed."""
    return first(draft.answers.get(body.key(group.pages[0], number), {}), group.name_field)


def as_typed(page: Page, typed: Typed) -> list[tuple[str, str]]:
    """Return each question of a page that something was typed for, with its answer: in words, or as it was typed."""
    return [(field.short, said) for field in page.fields if (said := words(field, typed) or _raw(field, typed))]


def words(field: Field, typed: Typed) -> str | None:
    """Return an answer in words; None where there is none."""
    if reading.is_not_known(field, typed):
        return NOT_KNOWN_WORDS
    if field.kind in {Kind.ONE, Kind.MANY, Kind.YES_NO}:
        chosen = typed.get(field.name, [])
        return "\n".join(option.words for option in field.options if option.value in chosen) or None
    if field.kind is Kind.COUNTRY:
        return COUNTRY_NAMES.get(first(typed, field.name))
    return _written(field, typed)


def _raw(field: Field, typed: Typed) -> str:
    return " ".join(each for name in field.inputs for each in typed.get(name, []))


def _written(field: Field, typed: Typed) -> str | None:
    value = reading.value(field, typed)
    if value is None:
        return None
    if field.kind is Kind.DATE:
        return dates.words(value)
    if field.kind is Kind.AGE:
        unit = next(option.words for option in field.options if option.value == value["unit"])
        return f"{first(typed, field.name)} {unit}"
    return f"{first(typed, field.name)} kg" if field.kind is Kind.NUMBER else str(value)


def _section(draft: Draft, told: str | tuple[str, tuple[str, ...]]) -> Section:
    if isinstance(told, str):
        group = GROUPS[told]
        return Section(
            title=group.title,
            cards=cards(draft, group),
            add_url=adding(group, draft, "check"),
            add_words=f"Add a {group.one}",
        )
    title, slugs = told
    return Section(title=title, cards=(Card(title=title, rows=tuple(_rows(draft, slugs))),))


def _rows(draft: Draft, slugs: tuple[str, ...], number: int | None = None) -> Iterator[Row]:
    for slug in slugs:
        place = Place(slug=slug, number=number, origin="check")
        typed = draft.answers.get(place.key, {})
        for field in PAGES[slug].fields:
            answer = words(field, typed)
            url = f"{place.url}#{field.inputs[0]}"
            yield Row(label=field.short, answer=answer or NOT_ANSWERED, answered=answer is not None, url=url)
