"""Refused is only what is unparseable, hostile, oversized or says nothing clinical; each is kept for a person."""

import gzip
import json

import pytest

from shared.ids import sha256
from tests.integration.rig import Rig, a_body
from tests.unit.intake.test_refusals import REFUSED

BOMB = gzip.compress(b'{"narrative": "' + b"x" * 50_000_000 + b'"}')
XXE = b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><a>&x;</a>'
GOOD = json.dumps(a_body("refused")).encode()

# name: body, headers, status, rule
MISDECLARED: dict[str, tuple[bytes, dict[str, str], int, str]] = {
    "text/plain": (GOOD, {"Content_Type": "text/plain"}, 415, "content-type"),
    "no content type": (GOOD, {"Content_Type": ""}, 415, "content-type"),
    "form": (b"narrative=x", {"Content_Type": "application/x-www-form-urlencoded"}, 415, "content-type"),
    "json patch": (GOOD, {"Content_Type": "application/json-patch+json"}, 415, "content-type"),
    "xml": (XXE, {"Content_Type": "application/xml"}, 415, "content-type"),
    "xml said to be json": (XXE, {}, 400, "not-json"),
    "gzip bomb": (BOMB, {"Content_Encoding": "gzip"}, 415, "content-encoding"),
    "gzip bomb said to be plain": (BOMB, {}, 400, "not-utf-8"),
    "two encodings": (BOMB, {"Content_Encoding": "identity, gzip"}, 415, "content-encoding"),
    "UTF-16 said to be UTF-8": (GOOD.decode().encode("utf-16-le"), {}, 400, "not-json"),
}


def refuse(rig: Rig, content: bytes, headers: dict[str, str], status: int, rule: str) -> None:
    answer = rig.post(content, **headers)
    assert (answer.status, answer.headers["content-type"]) == (status, "application/problem+json")
    assert answer.body["type"].endswith(f"/{rule}")
    kept = rig.data("intake", "refusals").find_one(answer.body["refusal_id"])
    assert (bytes(kept["raw"]), kept["rule"], kept["content_sha256"]) == (content, rule, sha256(content))
    assert rig.data("intake", "reports").count_documents({"content_sha256": sha256(content)}) == 0


@pytest.mark.parametrize("name", REFUSED)
def test_an_unparseable_body_is_refused_and_kept(rig: Rig, name: str) -> None:
    content, status, rule = REFUSED[name]
    refuse(rig, content, {}, status, rule)


@pytest.mark.parametrize("name", MISDECLARED)
def test_a_misdeclared_body_is_refused_and_kept(rig: Rig, name: str) -> None:
    content, headers, status, rule = MISDECLARED[name]
    refuse(rig, content, headers, status, rule)
