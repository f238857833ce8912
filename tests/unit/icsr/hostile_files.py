"""Files that want to harm who reads them: those to be refused, and those that only look so."""

from __future__ import annotations

from collections.abc import Callable

_LAUGHS = (
    '<!DOCTYPE a [<!ENTITY l0 "lol">'
    + "".join(f'<!ENTITY l{n + 1} "{f"&l{n};" * 10}">' for n in range(9))
    + ']><a b="&l9;">&l9;</a>'
)
_XXE = '<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><a>&x;</a>'
_WIDE = '<?xml version="1.0" encoding="UTF-16"?>'
_CHUNK = 64 * 1024


def _many(form: str, count: int) -> bytes:
    return b"<a " + b" ".join((form % n).encode() for n in range(count)) + b"/>"


def _batch(content: bytes) -> bytes:
    return b'<MCCI_IN200100UV01 xmlns="urn:hl7-org:v3">' + content + b"</MCCI_IN200100UV01>"


DOCTYPES: dict[str, Callable[[], bytes]] = {
    "doctype": lambda: b"<!DOCTYPE ichicsr SYSTEM 'http://example.org/x.dtd'><ichicsr/>",
    "empty doctype": lambda: b"<?xml version='1.0'?>\n<!-- c --><!DOCTYPE a><a/>",
    "doctype after a byte order mark": lambda: "\ufeff<!DOCTYPE a><a/>".encode(),
    "doctype after many comments": lambda: b"<!-- c -->" * 5000 + b"<!DOCTYPE a><a/>",
    "doctype in utf-16": lambda: "<!DOCTYPE a><a/>".encode("utf-16"),
    "xxe": lambda: _XXE.encode(),
    "xxe in utf-16": lambda: (_WIDE + _XXE).encode("utf-16"),
    "xxe in big-endian utf-16": lambda: b"\xfe\xff" + _XXE.encode("utf-16-be"),
    "parameter entity": lambda: b"<!DOCTYPE a [<!ENTITY % x SYSTEM 'http://127.0.0.1:9/x'> %x;]><a/>",
    "external subset": lambda: b"<!DOCTYPE a PUBLIC '-//X//Y' 'http://127.0.0.1:9/x.dtd'><a/>",
    "billion laughs": _LAUGHS.encode,
    "quadratic blow-up": lambda: b'<!DOCTYPE a [<!ENTITY x "%b">]><a>%b</a>' % (b"x" * 1_000_000, b"&x;" * 100_000),
}

TOO_MUCH: dict[str, Callable[[], bytes]] = {
    "too deep": lambda: b"<a>" * 100_000,
    "rather deep": lambda: b"<a>" * 300 + b"</a>" * 300,
    "200,000 attributes": lambda: _many('a%d="1"', 200_000),
    "200,000 attributes that end tags": lambda: _many("a%d='>'", 200_000),
    "20,000 attributes": lambda: _many('a%d="1"', 20_000),
    "200,000 namespaces": lambda: _many('xmlns:a%d="b"', 200_000),
    "an attribute of 30 MB": lambda: b'<a b="' + b"x" * 30_000_000 + b'"/>',
    "a name of 10 MB": lambda: b"<" + b"a" * 10_000_000 + b"/>",
    "an end tag of 10 MB": lambda: b"<a></" + b"a" * 10_000_000 + b">",
    "a text of 26 MB": lambda: b"<a>" + b"x" * 26_000_000 + b"</a>",
    "a comment of 26 MB": lambda: b"<a><!--" + b"x" * 26_000_000 + b"--></a>",
    "a comment of 26 million tags": lambda: b"<a><!--" + b"<" * 26_000_000 + b"--></a>",
    "a million comments": lambda: b"<a>" + b"<!--c-->" * 1_000_000 + b"</a>",
    "a million comments at the end": lambda: b"<a/>" + b"<!--c-->" * 1_000_000,
    "a million instructions": lambda: b"<a>" + b"<?p x?>" * 1_000_000 + b"</a>",
    "five million elements": lambda: b"<a>" + b"<b/>" * 5_000_000 + b"</a>",
    "a message of 900,000 elements": lambda: _batch(b"<PORR_IN049016UV>" + b"<a/>" * 900_000 + b"</PORR_IN049016UV>"),
    "three million elements beside the messages": lambda: _batch(b"<a/>" * 3_000_000),
    "a million attributes": lambda: _batch((b"<a " + b" ".join(b'a%d=""' % n for n in range(190)) + b"/>") * 5000),
    "comments before the root without end": lambda: b"<!--c-->" * 100_000 + b"<a/>",
    "white space before the root without end": lambda: b" " * 10_000_000 + b"<a/>",
    "an unfinished declaration": lambda: b"<?xml version",
}

UNREADABLE: dict[str, Callable[[], bytes]] = {
    "nothing": lambda: b"",
    "text": lambda: b"not xml",
    "truncated": lambda: b"<a><b",
    "not ended": lambda: b"<a>",
    "an entity nobody declared": lambda: b"<a>&undefined;</a>",
    "an entity nobody declared in an attribute": lambda: b'<a b="&undefined;"/>',
    # lxml takes the second chunk for a new document, whose DOCTYPE nobody has looked for
    "a second document behind such an entity": lambda: b"<a>&u;".ljust(_CHUNK) + _XXE.encode(),
    "half of utf-16": lambda: b"\xff\xfe\x00",
    "utf-16 without its mark": lambda: "<!DOCTYPE a><a/>".encode("utf-16-le"),
    "utf-32": lambda: "<!DOCTYPE a><a/>".encode("utf-32"),
    "utf-7": lambda: b"<?xml version='1.0' encoding='utf-7'?>+ADwAIQ-DOCTYPE a+AD4APA-a/+AD4-",
    "utf-7 inside": lambda: b"<?xml version='1.0' encoding='utf-7'?><a>+ADwAIQ-DOCTYPE a+AD4</a>",
    "ebcdic": lambda: "<a/>".encode("cp037"),
    "utf-8 that says utf-16": lambda: b"<?xml version='1.0' encoding='UTF-16'?><a/>",
    "utf-16 that says utf-8": lambda: "<?xml version='1.0' encoding='UTF-8'?><a/>".encode("utf-16"),
    "latin-1 that says utf-8": lambda: "<?xml version='1.0' encoding='UTF-8'?><a>\xe9</a>".encode("latin-1"),
    "a mark of utf-8 that says latin-1": lambda: b"\xef\xbb\xbf<?xml version='1.0' encoding='ISO-8859-1'?><a/>",
    "an encoding there is not": lambda: b"<?xml version='1.0' encoding='ISO-8859-12'?><a/>",
    "an encoding with states": lambda: b"<?xml version='1.0' encoding='ISO-2022-JP'?><a/>",
    "two byte order marks": lambda: b"\xef\xbb\xbf\xef\xbb\xbf<a/>",
    "nul": lambda: b"<a>\x00</a>",
    "nul first": lambda: b"\x00<a/>",
    "half a surrogate": lambda: b"<a>\xed\xa0\x80</a>",
    "an attribute twice": lambda: b"<a b='1' b='2'/>",
    "two roots": lambda: b"<a/><b/>",
}
