"""A batch of any number of messages is read one at a time (guide v5.03, section 3.1)."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from shared.icsr import api
from shared.icsr.e2b.writer import write_batch
from shared.icsr.model.message import Batch
from tests.golden.icsr.models import minimal, rich


def both() -> Batch:
    return replace(minimal(), messages=(*minimal().messages, *rich().messages))


def test_the_wrapper_comes_first_and_last_and_each_message_alone() -> None:
    before, *messages, whole = api.read_stream([write_batch(both())])
    assert [part.number for part in messages] == [1, 2]
    assert tuple(message for part in messages for message in part.batch.messages) == both().messages
    assert (before.number, whole.number, whole.batch) == (0, 0, replace(both(), messages=()))
    assert (before.batch.batch_number, before.batch.batch_sender) == (both().batch_number, None)


def test_what_is_not_known_is_listed_where_it_stands() -> None:
    xml = write_batch(both()).replace(b"</investigationEvent>", b"<stray value='1'/></investigationEvent>")
    parts = list(api.read_stream([xml.replace(b"<responseModeCode", b"<stray value='0'/><responseModeCode")]))
    assert [len(part.batch.unknown) for part in parts] == [1, 1, 1, 1]
    assert parts[1].batch.unknown[0].content == parts[2].batch.unknown[0].content


def test_lines_are_those_of_the_file() -> None:
    xml = write_batch(both()).replace(b"</investigationEvent>", b"<stray value='1'/></investigationEvent>")
    unknown = [each for part in api.read_stream([xml]) for each in part.batch.unknown]
    assert [each.line for each in unknown] == [n for n, line in enumerate(xml.splitlines(), 1) if b"<stray" in line]


def test_one_draft_message_does_not_lose_the_others() -> None:
    """A draft of the guide named its code lists by placeholders, such as this one of the message's sender."""
    xml = write_batch(both()).replace(b"2.16.840.1.113883.3.989.2.1.3.11", b"ich-message-sender-identifier-oid", 1)
    before, first, second, whole = api.read_stream([xml])
    assert "names 'ich-message-sender-identifier-oid', a placeholder" in first.draft
    assert first.batch == Batch(message_type=None)
    assert [second.batch.messages, second.draft] == [rich().messages, ""]
    assert (before.draft, whole.draft, whole.batch) == ("", "", replace(both(), messages=()))
    with pytest.raises(api.DraftMessage):
        api.read(xml)


def test_a_draft_wrapper_is_flagged_and_its_messages_are_given() -> None:
    xml = write_batch(both()).replace(b"2.16.840.1.113883.3.989.2.1.3.13", b"ich-batch-sender-identifier-oid")
    before, *messages, whole = api.read_stream([xml])
    assert [each.draft for each in (before, *messages)] == ["", "", ""]
    assert tuple(message for part in messages for message in part.batch.messages) == both().messages
    assert "'ich-batch-sender-identifier-oid'" in whole.draft
    assert (whole.batch.batch_number, whole.batch.batch_sender) == (both().batch_number, None)
    with pytest.raises(api.DraftMessage):
        api.read_wrapper([xml])


def test_the_messages_before_a_fault_are_given() -> None:
    xml = write_batch(both())
    parts = api.read_stream([xml[: xml.rindex(b"</PORR_IN049016UV>")]])
    assert [next(parts).number, next(parts).number] == [0, 1]
    with pytest.raises(api.UnreadableMessage, match="not well-formed"):
        next(parts)


def test_a_batch_without_messages_is_its_wrapper() -> None:
    [whole] = api.read_stream([b'<MCCI_IN200100UV01 xmlns="urn:hl7-org:v3"/>'])
    assert whole == api.Part(0, Batch(message_type=None), api.SchemaResult(checked=False))


def test_another_root_is_named_at_once() -> None:
    with pytest.raises(api.UnreadableMessage, match="'ichicsr'"):
        next(api.read_stream(iter([b"<ichicsr><a/>" + b" " * 100_000])))


def test_a_file_over_the_limit_is_refused() -> None:
    xml = write_batch(both())
    assert len(list(api.read_stream([xml], limit=len(xml)))) == 4
    with pytest.raises(api.RefusedXml, match="bytes"):
        list(api.read_stream([xml], limit=len(xml) - 1))


def test_a_configured_folder_without_schemas_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError, match="DAYZERO_E2B_SCHEMAS"):
        list(api.read_stream([write_batch(minimal())], tmp_path))
