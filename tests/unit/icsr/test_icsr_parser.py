"""Hostile and broken files are refused with a line that can be shown (guide v5.03, Appendix I (A))."""

from __future__ import annotations

import time

import pytest

from shared.icsr import api
from shared.icsr.e2b.parser import parse
from shared.icsr.e2b.writer import write_batch
from tests.golden.icsr.models import minimal

_LAUGHS = (
    '<!DOCTYPE a [<!ENTITY l0 "lol">'
    + "".join(f'<!ENTITY l{n + 1} "{f"&l{n};" * 10}">' for n in range(9))
    + ']><a b="&l9;">&l9;</a>'
)
_REFUSED = {
    "doctype": b"<!DOCTYPE ichicsr SYSTEM 'http://example.org/x.dtd'><ichicsr/>",
    "empty doctype": b"<?xml version='1.0'?>\n<!-- c --><!DOCTYPE a><a/>",
    "after a byte order mark": "\ufeff<!DOCTYPE a><a/>".encode(),
    "utf-16": "<!DOCTYPE a><a/>".encode("utf-16"),
    "external entity": b"<!DOCTYPE a [<!ENTITY x SYSTEM 'file:///etc/passwd'>]><a>&x;</a>",
    "billion laughs": _LAUGHS.encode(),
}


@pytest.mark.parametrize("name", _REFUSED)
def test_a_doctype_of_any_kind_is_refused_at_once(name: str) -> None:
    started = time.monotonic()
    with pytest.raises(api.RefusedXml, match="DOCTYPE"):
        api.read(_REFUSED[name])
    with pytest.raises(api.RefusedXml, match="DOCTYPE"):
        api.read_acknowledgement(_REFUSED[name])
    assert time.monotonic() - started < 5


@pytest.mark.parametrize(
    "xml",
    [
        b"",
        b"not xml",
        b"<a>",
        b"<a>&undefined;</a>",
        b"\xff\xfe\x00",
        "<?xml version='1.0' encoding='utf-7'?>+ADwAIQ-DOCTYPE a+AD4APA-a/+AD4-".encode("ascii"),
        "<a/>".encode("cp037"),
        b"\x00<\x00a\x00/\x00>",
        b"<a>\x00</a>",
    ],
)
def test_what_is_no_xml_is_unreadable(xml: bytes) -> None:
    with pytest.raises(api.UnreadableMessage) as wrong:
        api.read(xml)
    assert "\n" not in str(wrong.value)


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
