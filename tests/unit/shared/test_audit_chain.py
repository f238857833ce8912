"""The stand-alone verifier and the chain are two programs by one specification: they agree, and any change shows."""

import json
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest
import rfc8785
from hypothesis import given
from hypothesis import strategies as st

from deploy.audit import verify_export
from shared.audit.chain import blinded, chain, fields_of, follows, hash_of, link, values_of, withheld
from shared.audit.ledger import START

TEXT = st.text(st.characters(codec="utf-8"))
LEAF = st.none() | st.booleans() | st.integers(-(2**53) + 1, 2**53 - 1) | TEXT
JSON = st.recursive(
    LEAF, lambda each: st.lists(each, max_size=4) | st.dictionaries(TEXT, each, max_size=4), max_leaves=12
)
AT = datetime(2026, 11, 27, 9, 0, 0, 123000, tzinfo=UTC)


def an_entry(**more: Any) -> dict[str, Any]:
    said = {"entry_id": "aud_1", "sponsor": "helvion", "at": AT, "actor": "a", "action": "case.opened", "reason": "r"}
    return {**said, **more}


@given(JSON)
def test_the_verifiers_canonical_json_is_that_of_rfc_8785(value: Any) -> None:
    assert verify_export.canonical(value).encode() == rfc8785.dumps(value)
    assert json.loads(verify_export.canonical(value)) == value


def test_names_are_in_the_order_of_utf_16() -> None:
    value = {"\ufb33": 1, "\U0001f600": 2, "\r": 3, "1": 4, "\x80": 5, "ö": 6, "€": 7}  # RFC 8785, 3.2.3
    assert verify_export.canonical(value).encode() == rfc8785.dumps(value)


@pytest.mark.parametrize("value", [1.5, float("nan"), 2**53, b"x", AT, {"a": [0.0]}])
def test_what_could_be_written_in_two_ways_is_no_value(value: Any) -> None:
    with pytest.raises(ValueError, match="no value of an audit trail"):
        verify_export.canonical(value)


@given(st.dictionaries(TEXT, JSON, min_size=1, max_size=5))
def test_an_entry_verifies_as_written_and_with_any_field_withheld(fields: dict[str, Any]) -> None:
    entry = link("triage", "helvion", 1, START[1], fields)
    assert follows(entry, START)
    assert verify_export.hash_of(entry) == entry["hash"]
    for name in fields:
        redacted = withheld(entry, [name])
        assert "value" not in redacted["fields"][name]
        assert hash_of(redacted) == verify_export.hash_of(redacted) == entry["hash"]
    assert values_of(withheld(entry)) == {}


@given(st.dictionaries(TEXT, JSON, min_size=1, max_size=5), st.data())
def test_any_other_value_or_salt_gives_another_hash(fields: dict[str, Any], data: st.DataObject) -> None:
    entry = link("triage", "helvion", 1, START[1], fields)
    name = data.draw(st.sampled_from(sorted(fields)))
    value = data.draw(JSON.filter(lambda each: rfc8785.dumps(each) != rfc8785.dumps(fields[name])))
    for changed in ({"value": value}, {"salt": "00" * 16}):
        said = {**entry, "fields": {**entry["fields"], name: {**entry["fields"][name], **changed}}}
        assert hash_of(said) != entry["hash"]
        assert verify_export.hash_of(said) != entry["hash"]


@pytest.mark.parametrize("changed", [{"service": "intake"}, {"sponsor": "x"}, {"seq": 2}, {"prev": "1" * 64}])
def test_the_hash_holds_an_entry_in_its_place(changed: dict[str, Any]) -> None:
    entry = link("triage", "helvion", 1, START[1], {"a": "b"})
    assert hash_of({**entry, **changed}) != entry["hash"]
    assert not follows({**entry, **changed}, START)


def test_equal_entries_have_unequal_hashes_so_that_nobody_guesses_what_is_withheld() -> None:
    one, other = (link("triage", "helvion", 1, START[1], {"arm": "placebo"}) for _ in range(2))
    assert withheld(one)["fields"] != withheld(other)["fields"]


def test_a_chain_goes_on_after_its_head() -> None:
    first = chain("triage", "helvion", START, [{"a": 1}, {"a": 2}])
    (third,) = chain("triage", "helvion", (2, first[1]["hash"]), [{"a": 3}])
    assert [entry["seq"] for entry in (*first, third)] == [1, 2, 3]
    assert follows(third, (2, first[1]["hash"]))


def test_everything_of_an_entry_is_a_field() -> None:
    changes = [{"field": "/a", "old": None, "new": '"b"'}, {"field": "/c", "old": "1"}]
    fields = fields_of(an_entry(changes=changes, roles=("approver",), more={"deep": [AT, 1.5, 2**60, b"x"]}))
    assert "sponsor" not in fields
    assert fields["at"] == "2026-11-27T09:00:00.123Z"
    assert fields["roles"] == ["approver"]
    assert (fields["rule"], fields["signature"], fields["discloses"]) == (None, None, False)
    assert {name: value for name, value in fields.items() if name.startswith("changes/")} == {
        "changes/0/field": "/a",
        "changes/0/old": None,
        "changes/0/new": '"b"',
        "changes/1/field": "/c",
        "changes/1/old": "1",
        "changes/1/new": None,
    }
    assert fields["more/deep"] == ["2026-11-27T09:00:00.123Z", "1.5", str(2**60), "b'x'"]
    rfc8785.dumps(fields)


def test_an_instant_is_in_utc_whatever_its_zone() -> None:
    summer = AT.astimezone(timezone(timedelta(hours=2)))
    assert fields_of(an_entry(at=summer)) == fields_of(an_entry(at=AT.replace(tzinfo=None))) == fields_of(an_entry())


@pytest.mark.parametrize(("said", "shown"), [({}, True), ({"discloses": False}, True), ({"discloses": True}, False)])
def test_a_blinded_reader_has_nothing_of_an_entry_that_discloses(said: dict[str, Any], shown: bool) -> None:
    entry = link("triage", "helvion", 1, START[1], fields_of(an_entry(**said)))
    seen = blinded(entry)
    assert bool(values_of(seen)) is shown
    assert hash_of(seen) == entry["hash"]
    assert blinded(seen) == seen
