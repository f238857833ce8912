"""A file of E2B(R3) messages through the real intake: kept whole and once, each message one report, and answered."""

import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from deploy.local.processes import Supervisor
from intake.store.connection import IntakeDatabase
from intake.store.documents import IcsrFileDocument, RawChunkDocument, RawFileDocument, RefusalDocument, ReportDocument
from intake.store.raw import RawBytes
from intake.store.refusals import MongoRefusals
from shared.clock import SystemClock
from shared.contracts.envelope import from_document
from shared.icsr import api as icsr
from tests.e2b_files import attached, batch, empty, message, with_draft, without_messages
from tests.integration.local.waiting import until
from tests.unit.icsr.hostile_files import DOCTYPES, TOO_MUCH, UNREADABLE

PostFile = Callable[..., TestResponse]


@pytest.fixture
def post_file(client: FlaskClient) -> PostFile:
    def send(content: bytes, sponsor: str | None = "exemplar", content_type: str = "application/xml") -> TestResponse:
        query = f"?sponsor={sponsor}" if sponsor else ""
        return client.post(f"/v1/icsrs{query}", data=content, headers={"Content-Type": content_type})

    return send


def acknowledged(answer: TestResponse) -> icsr.Acknowledgement:
    assert (answer.status_code, answer.mimetype) == (200, "application/xml"), answer.text
    return icsr.read_acknowledgement(answer.data)


def codes(answer: TestResponse) -> tuple[str | None, list[str]]:
    told = acknowledged(answer)
    return told.code and told.code.value, [each.code.value for each in told.messages if each.code]


def status(client: FlaskClient, answer: TestResponse) -> dict[str, Any]:
    told: dict[str, Any] = client.get(answer.headers["Location"]).get_json()
    return told


def test_a_batch_is_kept_once_and_each_message_is_a_report(
    post_file: PostFile, client: FlaskClient, database: IntakeDatabase
) -> None:
    content = batch("SE-ORBIS-1", "SE-ORBIS-2")
    answer = post_file(content)
    assert codes(answer) == ("AA", ["CA", "CA"])
    (file,) = database.collection("icsr_files").find()
    assert (file["raw"], file["batch_number"], file["sponsor"]) == (content, "B-1", "exemplar")
    reports = list(database.collection("reports").find().sort("place.number"))
    assert [each["place"] for each in reports] == [{"file_id": file["_id"], "number": n} for n in (1, 2)]
    assert [each["sender"]["case_id"] for each in reports] == ["SE-ORBIS-1", "SE-ORBIS-2"]
    told = acknowledged(answer)
    assert [each.local_report_number for each in told.messages] == [each["_id"] for each in reports]
    assert (told.batch_number, told.sender, told.receiver) == ("B-1", file["answer"] and "EXAMPLETEST", "ORBIS")
    event = from_document(reports[0]["outbox"][0]["event"])
    assert event.data["content"]["received_icsr"]["identification"]["safety_report_id"] == "SE-ORBIS-1"
    shown = status(client, answer)
    assert [each["report_id"] for each in shown["messages"]] == [each["_id"] for each in reports]
    assert client.get(shown["messages"][0]["status_url"]).status_code == 200


def test_the_same_file_again_is_the_same_answer(post_file: PostFile, database: IntakeDatabase) -> None:
    first, again = post_file(batch("SE-ORBIS-1")), post_file(batch("SE-ORBIS-1"))
    assert (first.data, first.headers["Location"]) == (again.data, again.headers["Location"])
    assert (first.headers.get("Idempotency-Replayed"), again.headers["Idempotency-Replayed"]) == (None, "true")
    (file,) = database.collection("icsr_files").find()
    assert [each["repeat"] for each in file["receipts"]] == [False, True]
    assert [each["action"] for each in file["audit"]] == ["file.received", "file.answered", "file.repeated"]
    assert database.collection("reports").count_documents({}) == 1


def test_a_used_batch_number_with_other_bytes_is_another_file_and_is_told(
    post_file: PostFile, database: IntakeDatabase
) -> None:
    post_file(batch("SE-ORBIS-1"))
    told = acknowledged(post_file(batch("SE-ORBIS-1", "SE-ORBIS-2")))
    assert "same N.1.2 'B-1'" in (told.error or "")
    assert database.collection("icsr_files").count_documents({}) == 2
    reports = list(database.collection("reports").find())
    assert sorted(len(each["receipts"]) for each in reports) == [1, 2]  # the message that came before is a repeat


def test_a_draft_and_an_empty_message_are_refused_alone(
    post_file: PostFile, client: FlaskClient, database: IntakeDatabase
) -> None:
    content = with_draft(batch("SE-ORBIS-1", empty("SE-ORBIS-2"), "SE-ORBIS-3"), 3)
    answer = post_file(content)
    code, messages = codes(answer)
    assert (code, messages[:2]) == ("AE", ["CA", "CR"])
    shown = status(client, answer)["messages"]
    assert [each["code"] for each in shown] == ["CA", "CR", "CR"]
    refusals = {each["_id"]: each for each in database.collection("refusals").find()}
    assert set(refusals) == {each["refusal_id"] for each in shown[1:]}
    for refused in refusals.values():
        assert MongoRefusals(database).content(refused["_id"]) == content
        assert refused["outbox"][0]["event"]["data"]["status"] == 422
        RefusalDocument._from_son(refused).validate()
    assert database.collection("reports").count_documents({}) == 1
    again = post_file(content)
    assert again.data == answer.data
    assert database.collection("refusals").count_documents({}) == 2


def test_a_batch_without_a_message_is_rejected_and_kept(post_file: PostFile, database: IntakeDatabase) -> None:
    assert codes(post_file(without_messages())) == ("AR", [])
    (refused,) = database.collection("refusals").find()
    assert (refused["rule"], refused["place"]["number"]) == ("no-message", 0)


HOSTILE = {**DOCTYPES, **UNREADABLE, "too deep": TOO_MUCH["too deep"]}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_or_unreadable_body_is_refused_and_kept(
    post_file: PostFile, database: IntakeDatabase, name: str
) -> None:
    content = HOSTILE[name]()
    answer = post_file(content)
    assert (answer.status_code, answer.content_type) == (400, "application/problem+json")
    refusal_id = answer.get_json(force=True)["refusal_id"]
    assert MongoRefusals(database).content(refusal_id) == content
    for other in ("reports", "icsr_files"):
        assert database.collection(other).count_documents({}) == 0


def test_a_file_that_breaks_off_leaves_nothing_half_done(post_file: PostFile, database: IntakeDatabase) -> None:
    content = batch("SE-ORBIS-1", "SE-ORBIS-2")
    assert post_file(content[: content.rindex(b"</PORR_IN049016UV>")]).status_code == 400
    assert database.collection("reports").count_documents({}) == 0


@pytest.mark.parametrize("content_type", ["application/json", "text/plain", ""])
def test_another_content_type_is_415(post_file: PostFile, content_type: str) -> None:
    assert post_file(batch("SE-ORBIS-1"), content_type=content_type).status_code == 415
    assert post_file(batch("SE-ORBIS-1"), content_type="text/xml; charset=utf-8").status_code == 200


@pytest.mark.parametrize(
    ("sponsor", "scope"), [(None, "unassigned"), ("Exemplar AG", "unassigned"), ("orbis", "orbis")]
)
def test_the_sponsor_is_as_stated_or_unassigned(
    post_file: PostFile, database: IntakeDatabase, sponsor: str | None, scope: str
) -> None:
    assert post_file(batch("SE-ORBIS-1"), sponsor=sponsor).status_code == 200
    (report,) = database.collection("reports").find()
    assert report["sponsor"] == scope
    event = from_document(report["outbox"][0]["event"])
    assert event.data["sponsor_stated"] == sponsor
    asked = {each["rule"] for each in report["queries"]}
    assert ("sponsor-form" in asked) is (sponsor == "Exemplar AG")


def test_an_attachment_of_15_megabytes_is_taken_and_stays_in_the_file(
    post_file: PostFile, database: IntakeDatabase
) -> None:
    content = batch(attached("SE-ORBIS-1", 15_000_000))
    assert len(content) > 20_000_000
    assert codes(post_file(content))[1] == ["CA"]
    (file,) = database.collection("icsr_files").find()
    assert "raw" not in file
    assert b"".join(each["data"] for each in database.collection("raw.chunks").find().sort("n")) == content
    (report,) = database.collection("reports").find()
    (document,) = report["content"]["received_icsr"]["identification"]["documents"]
    assert document["included"]["reference"].startswith("sha256:")
    assert "content" not in document["included"]
    assert len(json.dumps(report, default=str)) < 20_000
    for each in database.collection("raw.files").find():
        RawFileDocument._from_son(each).validate()
    RawChunkDocument._from_son(database.collection("raw.chunks").find_one()).validate()
    IcsrFileDocument._from_son(file).validate()


def test_what_is_kept_is_as_declared(post_file: PostFile, database: IntakeDatabase) -> None:
    post_file(batch("SE-ORBIS-1", empty("SE-ORBIS-2")))
    post_file(batch("SE-ORBIS-1", empty("SE-ORBIS-2")))
    for name, document in (
        ("icsr_files", IcsrFileDocument),
        ("reports", ReportDocument),
        ("refusals", RefusalDocument),
    ):
        (stored,) = database.collection(name).find()
        document._from_son(stored).validate()


def test_a_nullification_is_one_more_report_that_asks(post_file: PostFile, database: IntakeDatabase) -> None:
    post_file(batch("SE-ORBIS-1"))
    nullified = message("SE-ORBIS-1", nullification_or_amendment="1", nullification_or_amendment_reason="sent twice")
    assert codes(post_file(batch(nullified, number="B-2")))[1] == ["CA"]
    first, second = database.collection("reports").find().sort("receipts.received_at")
    assert first["sender"] == second["sender"]
    (query,) = [each for each in second["queries"] if each["rule"] == "nullification"]
    assert query["pointer"] == "/report/identification/nullification_or_amendment"


def test_bytes_that_no_record_came_to_point_at_are_swept(post_file: PostFile, database: IntakeDatabase) -> None:
    raw = RawBytes(database)
    answer = post_file(batch(attached("SE-ORBIS-1", 2_000_000)))
    left = raw.keep(b"x" * 2_000_000, "icsr_files", "icf_of_a_process_that_was_killed")
    now = SystemClock().now()
    assert raw.sweep(now) == 0  # somebody may be about to point at them
    assert raw.sweep(now + timedelta(days=2)) == 1
    assert [each["_id"] for each in database.collection("raw.files").find()] != [left["raw_id"]]
    assert codes(post_file(batch(attached("SE-ORBIS-1", 2_000_000)))) == codes(answer)
    assert database.collection("raw.chunks").count_documents({"files_id": left["raw_id"]}) == 0


def test_without_mongodb_nothing_is_promised(
    post_file: PostFile, client: FlaskClient, servers: Supervisor, database: IntakeDatabase
) -> None:
    servers.kill("mongod")
    try:
        away = [post_file(batch("SE-ORBIS-1")), post_file(b"<a>")]
        assert [each.status_code for each in away] == [503, 503]
        assert all(int(each.headers["Retry-After"]) > 0 for each in away)
    finally:
        servers.restart("mongod")
    until(lambda: client.get("/health/ready").status_code == 200, within=60)
    assert codes(post_file(batch("SE-ORBIS-1"))) == ("AA", ["CA"])
    assert database.collection("reports").count_documents({}) == 1
