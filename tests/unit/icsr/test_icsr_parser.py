"""A file is read whole and as data only (guide v5.03, Appendix I (A)); hostile ones stand in `hostile_files`."""

from __future__ import annotations

import time

import pytest

from shared.icsr import api
from shared.icsr.e2b.parser import parse
from shared.icsr.e2b.writer import write_batch
from tests.golden.icsr.models import minimal


def test_a_file_over_the_limit_is_refused_unread() -> None:
    xml = write_batch(minimal())
    assert api.read(xml, limit=len(xml)) == minimal()
    with pytest.raises(api.RefusedXml, match="bytes"):
        api.read(xml, limit=len(xml) - 1)


def test_a_doctype_in_the_narrative_is_text() -> None:
    xml = write_batch(minimal()).replace(b"A consumer reports", b"&lt;!DOCTYPE a> <![CDATA[<!DOCTYPE b>]]>")
    assert "<!DOCTYPE b>" in str(api.read(xml).messages[0].report.narrative.case_narrative)


def test_long_text_is_read() -> None:
    """libxml2's own limit is ten million characters in one text; embedded documents are longer."""
    root = parse(b"<a>" + b"x" * 11_000_000 + b"</a>")
    assert root.text is not None
    assert len(root.text) == 11_000_000


def test_comments_do_not_cut_text() -> None:
    xml = write_batch(minimal()).replace(b"A consumer", b"A<!-- c --> con<?pi?>sumer")
    assert api.read(xml) == minimal()


def test_another_root_is_named() -> None:
    with pytest.raises(api.UnreadableMessage, match="ichicsr"):
        api.read(b"<ichicsr/>")
    with pytest.raises(api.UnreadableMessage, match="MCCI_IN200100UV01"):
        api.read_acknowledgement(write_batch(minimal()))


def test_a_file_of_surprises_is_read_in_linear_time() -> None:
    xml = write_batch(minimal()).replace(b"</text>", b"</text>" + b"<stray value='1'/>" * 100_000)
    started = time.monotonic()
    unknown = api.read(xml).unknown
    assert time.monotonic() - started < 20
    assert len(unknown) == 100_000
