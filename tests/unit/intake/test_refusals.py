"""Refused is only what is unparseable, hostile, oversized or says nothing clinical; each refusal is kept (DOMAIN 1)."""

import pytest

from intake.receive import BODY_LIMIT
from shared.ids import sha256
from tests.unit.intake.conftest import REPORT, Intake

JSON = "application/json"
REFUSED: dict[str, tuple[bytes, int, str]] = {
    "empty": (b"", 400, "not-json"),
    "not json": (b"{'a': 1}", 400, "not-json"),
    "cut off": (b'{"narrative": "x', 400, "not-json"),
    "list": (b"[]", 400, "not-an-object"),
    "string": (b'"x"', 400, "not-an-object"),
    "NaN": (b'{"narrative": "x", "n": NaN}', 400, "not-a-number"),
    "Infinity": (b'{"narrative": "x", "n": -Infinity}', 400, "not-a-number"),
    "duplicate": (b'{"narrative": "x", "narrative": "y"}', 400, "duplicate-name"),
    "duplicate below": (b'{"patient": {"sex": "male", "sex": "female"}}', 400, "duplicate-name"),
    "deep lists": (b'{"narrative": ' + b"[" * 100_000, 400, "too-deep"),
    "deep objects": (b'{"a":' * 50_000 + b"1" + b"}" * 50_000, 400, "too-deep"),
    "33 levels": (b'{"a":' * 33 + b"1" + b"}" * 33, 400, "too-deep"),
    "UTF-16": ('{"narrative": "x"}'.encode("utf-16"), 400, "not-utf-8"),
    "Latin-1": ('{"narrative": "é"}'.encode("latin-1"), 400, "not-utf-8"),
    "raw NUL": (b'{"narrative": "a\x00b"}', 400, "not-json"),
    "nothing clinical": (b'{"sponsor": "exemplar", "reporters": [{"country": "CH"}]}', 422, "no-clinical-content"),
    "all blank": (b'{"narrative": " ", "reactions": [{}], "patient": {"sex": null}}', 422, "no-clinical-content"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_a_refusal_is_a_problem_document_and_is_kept(intake: Intake, name: str) -> None:
    content, status, rule = REFUSED[name]
    answer = intake.post(content)
    assert (answer.status_code, answer.content_type) == (status, "application/problem+json")
    told = answer.get_json(force=True)
    assert told["type"].endswith(f"/{rule}")
    assert "clock may be running" in told["detail"]
    (refusal,) = intake.refusals.kept
    assert (refusal.refusal_id, refusal.raw, refusal.rule) == (told["refusal_id"], content, rule)
    assert (refusal.sponsor, refusal.source, refusal.actor) == ("unassigned", "api:tester", "tester")
    assert refusal.event.data["content_sha256"] == sha256(content)
    assert intake.reports.kept == {}


def test_a_duplicate_is_named(intake: Intake) -> None:
    told = intake.post(b'{"narrative": "x", "narrative": "y"}').get_json(force=True)
    assert '"narrative" stands twice' in told["detail"]


@pytest.mark.parametrize("content_type", ["text/plain", "", "application/json-patch+json", "multipart/form-data"])
def test_another_content_type_is_415(intake: Intake, content_type: str) -> None:
    answer = intake.post(REPORT, Content_Type=content_type)
    assert answer.status_code == 415
    assert intake.refusals.kept[0].content_type == content_type


def test_a_compressed_body_is_415(intake: Intake) -> None:
    assert intake.post(REPORT, Content_Encoding="gzip").status_code == 415
    assert intake.post(REPORT, Content_Encoding="identity").status_code == 202


def test_a_body_over_the_limit_is_413_and_kept_up_to_it(intake: Intake) -> None:
    answer = intake.post(b'{"narrative": "' + b"x" * BODY_LIMIT + b'"}')
    assert answer.status_code == 413
    (refusal,) = intake.refusals.kept
    assert (len(refusal.raw), refusal.complete) == (BODY_LIMIT, False)


def test_a_body_of_exactly_the_limit_is_taken(intake: Intake) -> None:
    content = b'{"narrative": "' + b"x" * (BODY_LIMIT - 17) + b'"}'
    assert (len(content), intake.post(content).status_code) == (BODY_LIMIT, 202)


def test_a_byte_order_mark_is_tolerated(intake: Intake) -> None:
    assert intake.post(b"\xef\xbb\xbf" + b'{"narrative": "x"}').status_code == 202


def test_32_levels_and_brackets_in_text_are_no_depth(intake: Intake) -> None:
    content = b'{"narrative": "' + b'[{\\"[' * 100 + b'", "x": ' + b"[" * 31 + b"]" * 31 + b"}"
    assert intake.post(content).status_code == 202


def test_strict_handling_refuses_for_field_problems_and_names_them_all(intake: Intake) -> None:
    body = {**REPORT, "extra": 1, "patient": {"weight_kg": "72"}}
    answer = intake.post(body, Prefer='respond-async, Handling="strict"')
    assert answer.status_code == 422
    told = answer.get_json(force=True)
    assert [(error["pointer"], error["rule"]) for error in told["errors"]] == [
        ("/extra", "unknown-field"),
        ("/patient/weight_kg", "number"),
    ]
    assert len(intake.refusals.kept) == 1


def test_strict_handling_takes_what_is_right(intake: Intake) -> None:
    assert intake.post(REPORT, Prefer="handling=strict").status_code == 202
    assert intake.post({"narrative": "x", "extra": 1}, Prefer="handling=lenient").status_code == 202


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"Host": "evil.example"}, 403),
        ({"Host": "127.0.0.1.evil.example"}, 403),
        ({"Origin": "https://evil.example"}, 403),
        ({"Origin": "null"}, 403),
        ({"Host": "127.0.0.1:8080", "Origin": "http://127.0.0.1:8080"}, 202),
    ],
)
def test_only_this_machine_may_post(intake: Intake, headers: dict[str, str], status: int) -> None:
    assert intake.post(REPORT, **headers).status_code == status
    assert len(intake.reports.kept) == (status == 202)


def test_other_errors_are_problem_documents_too(intake: Intake) -> None:
    for answer in (intake.client.get("/v1/none"), intake.client.delete("/v1/reports")):
        assert answer.content_type == "application/problem+json"
