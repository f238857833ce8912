"""What is written is read back equal; what was not understood is said (guide v5.03, section 3.4)."""

from __future__ import annotations

import re
from dataclasses import replace
from decimal import Decimal

from hypothesis import assume, given
from hypothesis import strategies as st

from shared.icsr import api
from shared.icsr.e2b.writer import write_batch
from shared.icsr.element import Element
from shared.icsr.model.dates import TS
from shared.icsr.model.message import Batch, Unread
from shared.icsr.model.null_flavor import NullFlavor
from shared.icsr.rules.walk import Occurrence, occurrences
from tests.golden.icsr.models import minimal, rich
from tests.unit.icsr.change import changed

_TEXT = st.text(st.characters(codec="utf-8", exclude_categories=["Cs"]), min_size=1, max_size=60).filter(
    lambda text: (
        bool(text.strip(" \t\r\n")) and not re.search("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]", text)
    )
)
_DATES = st.builds(
    lambda digits, length: TS(digits[:length]),
    st.datetimes().filter(lambda moment: moment.year > 999).map(lambda moment: moment.strftime("%Y%m%d%H%M%S")),
    st.sampled_from([4, 6, 8, 10, 12, 14]),
)
_NUMBERS = st.decimals(0, 10**6, allow_nan=False, places=3)
# Without what refers to a record: what refers to nothing has no place in a message.
_PLACES = [each.location for each in occurrences(rich()) if isinstance(each, Occurrence) and not each.element.refers]
_KINDS = {str: _TEXT, bool: st.booleans(), TS: _DATES, Decimal: _NUMBERS}


def _element(location: str) -> Element:
    return next(
        each.element for each in occurrences(rich()) if isinstance(each, Occurrence) and each.location == location
    )


_VALUES = st.sampled_from(_PLACES).flatmap(
    lambda location: st.tuples(
        st.just(location),
        st.one_of(
            _KINDS[_element(location).kind],
            st.sampled_from([None, *sorted(_element(location).nulls, key=lambda flavor: flavor.value)]),
        ),
    )
)


def _empty_groups(batch: Batch) -> bool:
    return any(issue.rule_id.endswith(".empty") for issue in api.check(batch))


@given(_VALUES)
def test_any_value_in_any_element_comes_back(change: tuple[str, object]) -> None:
    batch = changed(rich(), *change)
    assume(not _empty_groups(batch))
    assert api.read(write_batch(batch)) == batch


@given(st.lists(_VALUES, max_size=12))
def test_many_values_come_back(changes: list[tuple[str, object]]) -> None:
    batch = rich()
    for location, value in changes:
        batch = changed(batch, location, value)
    assume(not _empty_groups(batch))
    assert api.read(write_batch(batch)) == batch


def test_each_element_may_be_absent() -> None:
    emptied = 0
    for location in _PLACES:
        batch = changed(rich(), location, None)
        # A group that lost its only value is no longer written, and a rule of its own forbids it.
        if api.read(write_batch(batch)) != batch:
            assert _empty_groups(batch), location
            emptied += 1
    assert emptied == 4


def test_a_drug_of_which_only_its_role_is_said_is_said_to_be_empty() -> None:
    batch = rich()
    for name in ("name", "action_taken"):
        batch = changed(batch, f"messages[0].report.drugs[1].{name}", None)
    empty = [issue.location for issue in api.check(batch) if issue.rule_id == "ICH.G.k.empty"]
    assert empty == ["messages[0].report.drugs[1]"]


def test_same_model_same_bytes() -> None:
    assert write_batch(rich()) == write_batch(rich())


def test_ids_differ_between_messages_and_members() -> None:
    batch = changed(
        changed(rich(), "messages[0].report.reactions[1].id", None), "messages[0].report.drugs[0].reactions", ()
    )
    twice = replace(batch, messages=(*batch.messages, replace(batch.messages[0], message_id="US-ORBIS-0003")))
    written = write_batch(twice).decode()
    ids = re.findall(r'<id root="([0-9a-f-]{36})"/>', written)
    assert len(ids) == 2 * (2 + 2 + 2)  # two reactions, two drugs, two references to the drugs, in each message
    assert len(set(ids)) == 2 * (2 + 2)
    assert api.read(written.encode()) == twice


def test_seriousness_is_always_said() -> None:
    """All six criteria are written for each reaction, as true or as NI (E.i.3.2a to f)."""
    written = write_batch(minimal()).decode()
    assert written.count('<value xsi:type="BL" nullFlavor="NI"/>') == 5 + 1  # and C.1.9.1
    assert 'value="false"' in written  # C.1.6.1 alone; nothing else in this report may be false
    assert written.count('value="false"') == 1


def test_a_value_and_a_null_flavor_and_nothing_differ() -> None:
    location = "messages[0].report.patient.initials"
    files = {write_batch(changed(minimal(), location, value)) for value in ("MSK", NullFlavor.MSK, None)}
    assert len(files) == 3


def test_numbers_keep_their_digits() -> None:
    written = write_batch(changed(rich(), "messages[0].report.patient.weight", Decimal("71.20"))).decode()
    assert 'unit="kg" value="71.20"' in written


def test_the_note_is_one_comment_before_the_message() -> None:
    written = write_batch(minimal(), "a -- b --> c\nd\x00-").decode()
    assert written.splitlines()[1].startswith("<!-- a - - b - -> c d")
    assert api.read(written.encode()) == minimal()


def _with(original: str, other: str) -> Batch:
    written = write_batch(rich()).decode()
    assert original in written
    return api.read(written.replace(original, other).encode())


def _bare(content: str) -> str:
    return re.sub(r' xmlns(:xsi)?="[^"]*"', "", content)


def test_what_is_not_declared_is_listed() -> None:
    batch = _with(
        '<birthTime value="19780615"/>', '<birthTime value="19780615"/><deceasedInd value="true"/><addr>A</addr>'
    )
    assert [(each.place.rpartition("/")[2], _bare(each.content)) for each in batch.unknown] == [
        ("deceasedInd", '<deceasedInd value="true"/>'),
        ("addr", "<addr>A</addr>"),
    ]
    assert replace(batch, unknown=()) == rich()


def test_a_role_of_no_drug_is_listed() -> None:
    written = write_batch(rich()).decode()
    identifier = re.findall(r'<productUseReference[^>]*>\s*<id root="([^"]*)"', written)[1]
    head, _, tail = written.rpartition(identifier)
    batch = api.read((head + "0" * 8 + tail).encode())
    assert batch.messages[0].report.drugs[1].role is None
    assert [each.reason for each in batch.unknown] == ["refers to nothing in this message"]
    assert 'code="2"' in batch.unknown[0].content


def test_a_fact_said_twice_is_listed() -> None:
    sex = '<administrativeGenderCode codeSystem="1.0.5218" code="2"/>'
    batch = _with(sex, sex + sex.replace('"2"', '"1"'))
    assert batch.messages[0].report.patient.sex == "2"
    assert Unread in {type(each) for each in batch.unknown}
    assert 'code="1"' in batch.unknown[0].content


def test_times_are_read_in_either_form() -> None:
    """One part may stand alone or in an expression of two (E.i.4 with a duration beside it)."""
    written = write_batch(rich()).decode()
    alone = re.search(
        r'<effectiveTime xsi:type="IVL_TS">(\s*<low value="20260228"/>.*?)</effectiveTime>', written, re.S
    )
    assert alone
    expression = (
        f'<effectiveTime xsi:type="SXPR_TS"><comp xsi:type="IVL_TS">{alone[1]}</comp>'
        '<comp xsi:type="IVL_TS" operator="A"><width value="4" unit="d"/></comp></effectiveTime>'
    )
    batch = api.read(written.replace(alone[0], expression).encode())
    stated = changed(rich(), "messages[0].report.reactions[0].duration", Decimal("4"))
    assert batch == changed(stated, "messages[0].report.reactions[0].duration_unit", "d")
    assert api.read(write_batch(batch)) == batch
    excluded = api.read(written.replace(alone[0], expression.replace('operator="A"', 'operator="E"')).encode())
    assert [each.content for each in excluded.unknown] == ["@operator='E'"]


def test_a_text_of_no_break_spaces_is_kept() -> None:
    batch = changed(rich(), "messages[0].report.narrative.case_narrative", "\u00a0")
    assert api.read(write_batch(batch)) == batch
