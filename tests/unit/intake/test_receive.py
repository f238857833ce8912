"""202 means durable; the same bytes are one report, the same key is one answer, and the status tells no content."""

import json
import threading
from datetime import timedelta

import pytest
from werkzeug.test import TestResponse

from intake.domain.records import State, Status
from shared.contracts.report_received import ReportReceived
from shared.ids import derived_id, sha256
from tests.unit.intake.conftest import NOW, REPORT, Intake

FOUND = {"report_id", "receipt_id", "received_at", "zone", "status_url", "sponsor", "repeat", "queries"}


def told(answer: TestResponse) -> dict[str, object]:
    assert answer.status_code == 202, answer.text
    document: dict[str, object] = json.loads(answer.data)
    return document


def test_the_receipt(intake: Intake) -> None:
    answer = intake.post(REPORT)
    document = told(answer)
    assert set(document) == FOUND
    assert document["received_at"] == "2026-03-10T00:30:00.000+01:00"
    assert (document["zone"], document["sponsor"]) == ("Europe/Zurich", "exemplar")
    assert (document["repeat"], document["queries"]) == (False, [])
    assert answer.headers["Location"] == document["status_url"] == f"/v1/reports/{document['report_id']}"
    assert "Idempotency-Replayed" not in answer.headers


def test_what_is_kept_is_one_record_with_event_and_audit(intake: Intake) -> None:
    content = json.dumps(REPORT).encode()
    report_id = told(intake.post(content))["report_id"]
    (report,) = intake.reports.kept.values()
    assert (report.report_id, report.raw, report.content_sha256) == (report_id, content, sha256(content))
    assert (report.event.id, report.event.subject) == (derived_id("evt", str(report_id), "received"), report_id)
    body = report.event.body(ReportReceived)
    assert (body.content, body.sender.case_id, body.receipt.received_at) == (report.content, "P-1", NOW)
    assert (body.receipt.actor, body.receipt.authentication, body.receipt.country) == ("tester", "key:dzk_tester", "CH")
    assert (report.audit.action, report.audit.service_version) == ("report.received", "1.2.3")


@pytest.mark.parametrize("sponsor", [None, "", "Ex Pharma", "$where", "x" * 64, "-x", 7])
def test_a_missing_or_unusable_sponsor_is_unassigned(intake: Intake, sponsor: object) -> None:
    assert told(intake.post({**REPORT, "sponsor": sponsor}))["sponsor"] == "unassigned"


def test_the_same_bytes_are_one_more_receipt(intake: Intake) -> None:
    first = told(intake.post(REPORT))
    intake.clock.advance(timedelta(hours=1))
    again = told(intake.post(REPORT))
    assert (again["report_id"], again["repeat"]) == (first["report_id"], True)
    assert again["received_at"] == "2026-03-10T01:30:00.000+01:00"
    assert intake.reports.actions(str(first["report_id"])) == ["report.received", "receipt.repeated"]
    assert len(intake.reports.waiting(NOW)) == 1


def test_other_bytes_are_another_report(intake: Intake) -> None:
    assert told(intake.post(REPORT))["report_id"] != told(intake.post({**REPORT, "sponsor": "other"}))["report_id"]


def test_the_same_key_and_body_get_the_same_answer(intake: Intake) -> None:
    first = intake.post(REPORT, Idempotency_Key="k-1")
    intake.clock.advance(timedelta(days=1))
    again = intake.post(REPORT, Idempotency_Key="k-1")
    assert again.data == first.data
    assert again.headers["Idempotency-Replayed"] == "true"
    held = intake.reports.find(None, str(told(first)["report_id"]))
    assert held is not None
    assert len(held.receipts) == 1


def test_a_key_used_with_another_body_is_a_kept_refusal(intake: Intake) -> None:
    told(intake.post(REPORT, Idempotency_Key="k-1"))
    answer = intake.post({**REPORT, "narrative": "Another."}, Idempotency_Key="k-1")
    assert answer.status_code == 422
    assert [refusal.rule for refusal in intake.refusals.kept] == ["idempotency-key-reused"]


def test_the_same_body_with_a_new_key_is_a_repeat_that_the_key_then_answers(intake: Intake) -> None:
    told(intake.post(REPORT, Idempotency_Key="k-1"))
    second = intake.post(REPORT, Idempotency_Key="k-2")
    assert told(second)["repeat"] is True
    assert intake.post(REPORT, Idempotency_Key="k-2").data == second.data
    assert told(intake.post(REPORT, Idempotency_Key="k-1"))["repeat"] is False


def test_a_refused_request_uses_up_no_key(intake: Intake) -> None:
    assert intake.post(b"{", Idempotency_Key="k-1").status_code == 400
    told(intake.post(REPORT, Idempotency_Key="k-1"))


def test_a_key_is_kept_as_a_digest(intake: Intake) -> None:
    told(intake.post(REPORT, Idempotency_Key="Muster, Maria"))
    (report,) = intake.reports.kept.values()
    assert report.first.key == derived_id("key", "tester", "Muster, Maria")


def test_posts_at_the_same_time_are_one_report(intake: Intake) -> None:
    answers: list[dict[str, object]] = []
    threads = [threading.Thread(target=lambda: answers.append(told(intake.post(REPORT)))) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len({str(answer["report_id"]) for answer in answers}) == 1
    assert sorted(answer["repeat"] for answer in answers) == [False] + [True] * 7  # type: ignore[type-var]


def test_the_status_tells_no_content(intake: Intake) -> None:
    document = told(intake.post(REPORT))
    answer = intake.client.get(str(document["status_url"]))
    assert answer.json == {
        "report_id": document["report_id"],
        "state": "received",
        "received_at": document["received_at"],
        "zone": "Europe/Zurich",
        "receipts": 1,
    }
    assert answer.headers["Cache-Control"] == "no-store"


def test_the_status_names_the_case_version(intake: Intake) -> None:
    document = told(intake.post(REPORT))
    (report,) = intake.reports.kept.values()
    opened = Status(state=State.OPENED, case_id="c1", version=2)
    intake.reports.settle(report.event.id, opened, report.audit)
    answer = intake.client.get(str(document["status_url"])).json
    assert answer is not None
    assert (answer["state"], answer["case_version"]) == ("opened", 2)


def test_an_unknown_id_is_404(intake: Intake) -> None:
    answer = intake.client.get("/v1/reports/rep_unknown")
    assert (answer.status_code, answer.content_type) == (404, "application/problem+json")


def test_health(intake: Intake) -> None:
    assert intake.client.get("/health/live").status_code == 200
    assert intake.client.get("/health/ready").status_code == 200


def test_logs_and_answers_hold_no_personal_data(intake: Intake, capfd: pytest.CaptureFixture[str]) -> None:
    canary = "Zyxomir-Canary"
    document = intake.post({**REPORT, "narrative": canary, "patient": {"initials": canary}})
    intake.post(b'{"narrative": "' + canary.encode() + b'", "narrative": 1}')
    logged = capfd.readouterr()
    assert canary not in logged.err + logged.out + document.text
