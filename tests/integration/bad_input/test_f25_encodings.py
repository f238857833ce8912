"""Whatever the characters: accepted and kept as meant, or refused; never mojibake, and never an error of ours."""

import json
import unicodedata
from typing import Any

import pytest

from deploy.demo.physician import Physician
from deploy.demo.terms import Terms
from tests.integration.local.waiting import until
from tests.integration.rig import Rig, a_body

NARRATIVE = "/narrative"
NFD = unicodedata.normalize("NFD", "Übelkeit, crème brûlée, 각")

# name: what stands in the narrative of the bytes, what is kept, rule of the query on it
TEXTS: dict[str, tuple[bytes, str, str | None]] = {
    "emoji": ("Ill 🤒👩🏽‍⚕️".encode(), "Ill 🤒👩🏽‍⚕️", None),
    "emoji as a pair of escapes": (rb"Ill \ud83e\udd12", "Ill 🤒", None),
    "right-to-left override": ("\u202egnp.exe صداع".encode(), "\u202egnp.exe صداع", None),
    "combining": (NFD.encode(), unicodedata.normalize("NFC", NFD), None),
    "NUL as an escape": (rb"a\u0000b", "a\ufffdb", "illegal-character"),
    "lone surrogate": (rb"a\ud800b", "a\ufffdb", "illegal-character"),
    "surrogates the wrong way round": (rb"a\udd12\ud83eb", "a\ufffd\ufffdb", "illegal-character"),
    "noncharacter": ("a\uffffb".encode(), "a\ufffdb", "illegal-character"),
    "control characters": (rb"a\u0001\u001fb", "a\ufffd\ufffdb", "illegal-character"),
    "markup": (b"<script>alert(1)</script> {{7*7}} ${x} %n", "<script>alert(1)</script> {{7*7}} ${x} %n", None),
}


def bytes_of(name: str, narrative: bytes) -> bytes:
    return json.dumps(a_body(f"f25 {name}", narrative="@@")).encode().replace(b"@@", narrative)


def kept_content(rig: Rig, report_id: str) -> dict[str, Any]:
    case = rig.case_of(report_id)
    found = rig.data("triage", "case_versions").find_one({"case_id": case["id"]})
    return dict(found["version"]["snapshot"]["content"])


@pytest.mark.parametrize("name", TEXTS)
def test_f25_text_is_kept_as_meant(rig: Rig, name: str) -> None:
    written, kept, rule = TEXTS[name]
    answer = rig.post(bytes_of(name, written))
    assert answer.status == 202
    queries = {query["pointer"]: query["rule"] for query in answer.body["queries"]}
    assert queries.get(NARRATIVE) == rule
    assert kept_content(rig, answer.body["report_id"])["narrative"] == kept


def test_f25_a_byte_order_mark_is_no_content(rig: Rig) -> None:
    answer = rig.post(b"\xef\xbb\xbf" + bytes_of("BOM", b"plain"))
    assert (answer.status, answer.body["queries"]) == (202, [])


@pytest.mark.parametrize("number", ["9223372036854775808", "-1e400", "1e400", "1234567890" * 4, "1e-400"])
def test_f25_a_number_beyond_all_bounds_is_a_query_and_a_case(rig: Rig, number: str) -> None:
    body = json.dumps(a_body(f"f25 {number}", study={"name": "x", "type": "@@"}))
    body = body.replace('"@@"', number).replace('"sex"', f'"weight_kg": {number}, "sex"')
    answer = rig.post(body.encode())
    assert answer.status == 202
    queries = {query["pointer"]: query["rule"] for query in answer.body["queries"]}
    assert queries["/study/type"] == "whole-number"
    assert queries.get("/patient/weight_kg") == (None if number == "1e-400" else "range")
    assert kept_content(rig, answer.body["report_id"])["reactions"]


def test_f25_a_text_of_900_kilobytes_is_cut_in_the_form_and_kept_as_received(rig: Rig) -> None:
    content = bytes_of("long", b"x" * 900_000)
    answer = rig.post(content)
    assert answer.status == 202
    assert [(query["pointer"], query["rule"]) for query in answer.body["queries"]] == [(NARRATIVE, "too-long")]
    assert len(kept_content(rig, answer.body["report_id"])["narrative"]) == 100_000
    assert bytes(rig.data("intake", "reports").find_one(answer.body["report_id"])["raw"]) == content


@pytest.mark.parametrize("name", ["", "0", "$where", "a.b", "_id", "__class__", "\\u0000", "\\ud800", "constructor"])
def test_f25_a_hostile_name_is_an_unknown_field(rig: Rig, name: str) -> None:
    hostile = bytes_of(f"name {name}", b"x")[:-1] + f', "{name}": {{"$gt": "", "{name}": 1}}}}'.encode()
    answer = rig.post(hostile)
    assert (answer.status, [query["rule"] for query in answer.body["queries"]]) == (202, ["unknown-field"])


def test_f25_text_round_trips_into_the_file_that_is_sent(rig: Rig) -> None:
    text = "Ill 🤒 صداع <&\"'> ]]> 각 Übelkeit"
    answer = rig.post(a_body("f25 round trip", narrative=text))
    case_id = rig.case_of(answer.body["report_id"])["id"]
    physician = Physician(rig.staff, Terms.load(rig.suite.options.dictionary))
    messages = rig.data("reporting", "messages")

    def built() -> bool:
        physician.round()
        return bool(messages.count_documents({"case_id": case_id}))

    until(built, within=60)
    content = bytes(messages.find_one({"case_id": case_id})["content"]).decode("utf-8")
    assert "Ill 🤒 صداع &lt;&amp;\"'&gt; ]]&gt; 각 Übelkeit" in content
