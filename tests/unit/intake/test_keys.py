"""Who has no key that is good is told one thing, whatever is wrong, and sees nothing (ASVS 5.0: 8.2.2, 8.4.1)."""

import json
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from intake.domain.partner import opens
from intake.note_keys import NoteKeys
from shared.clock import SetClock
from shared.contracts import topics
from shared.contracts.envelope import Event, event_of
from shared.contracts.key_changed import KeyChanged
from tests.e2b_files import batch, message
from tests.unit.intake.conftest import NOW, REPORT, Intake
from tests.unit.intake.keys import KEY, SECRET, InMemoryKeys, a_key
from tests.unit.intake.test_docs import conforms

REVOKED = datetime(2026, 3, 1, tzinfo=UTC)


def bearer(organisation: str) -> dict[str, str]:
    return {"Authorization": f"Bearer dzk_{organisation}.{SECRET}"}


@pytest.mark.parametrize(
    "sent",
    [
        "",
        "Bearer",
        "Bearer nonsense",
        f"Bearer dzk_nobody.{SECRET}",
        "Bearer dzk_tester.another secret",
        "Bearer dzk_tester.",
        f"Basic {KEY}",
        f"Bearer dzk_revoked.{SECRET}",
        f"Bearer dzk_expired.{SECRET}",
        "Bearer {$ne: 1}",
        "Bearer \xff\xfe.\xff",
    ],
)
def test_whatever_is_wrong_the_answer_is_the_same_and_nothing_is_kept(sent: str, intake: Intake) -> None:
    intake.keys.put(a_key("revoked", revoked_at=REVOKED))
    intake.keys.put(a_key("expired", expires_on=date(2026, 3, 9)))
    answer = intake.post(REPORT, Authorization=sent)
    assert (answer.status_code, answer.headers["WWW-Authenticate"]) == (401, 'Bearer realm="DayZero intake"')
    assert json.loads(answer.data) == json.loads(intake.post(b"{", Authorization="Bearer x").data)
    assert not intake.reports.kept
    assert not intake.refusals.kept
    conforms(answer, "/v1/reports", "post")


def test_a_key_counts_as_its_organisation_and_stands_on_the_receipt(intake: Intake) -> None:
    intake.keys.put(a_key("partner", ["exemplar"]))
    assert intake.post(REPORT, **bearer("partner")).status_code == 202
    (report,) = intake.reports.kept.values()
    receipt = report.first.receipt
    assert (receipt.actor, receipt.authentication) == ("partner", "key:dzk_partner")
    assert report.audit.authentication == "key:dzk_partner"


def test_a_report_for_another_sponsor_is_kept_in_nobodys_scope_and_asked_about(intake: Intake) -> None:
    intake.keys.put(a_key("partner", ["boreal"]))
    answer = json.loads(intake.post(REPORT, **bearer("partner")).data)
    assert answer["sponsor"] == "unassigned"
    assert [(q["pointer"], q["rule"]) for q in answer["queries"]] == [("/sponsor", "sponsor-of-key")]


@pytest.mark.parametrize(("sponsors", "scope"), [(["boreal"], "boreal"), (["boreal", "helvion"], "unassigned")])
def test_who_sends_for_one_sponsor_need_not_name_it(sponsors: list[str], scope: str, intake: Intake) -> None:
    intake.keys.put(a_key("partner", sponsors))
    body = {name: value for name, value in REPORT.items() if name != "sponsor"}
    answer = json.loads(intake.post(body, **bearer("partner")).data)
    assert (answer["sponsor"], answer["queries"]) == (scope, [])


def test_what_is_another_sponsors_is_as_if_it_were_not_there(intake: Intake) -> None:
    intake.keys.put(a_key("partner", ["boreal"]))
    theirs = json.loads(intake.post(REPORT).data)["status_url"]
    file = intake.post_file(batch(message("SE-1"))).headers["Location"]
    for url, nothing in ((theirs, "/v1/reports/rep_none"), (file, "/v1/icsrs/icf_none")):
        answers = [intake.client.get(each, headers=bearer("partner")) for each in (url, nothing)]
        assert [(a.status_code, a.data) for a in answers] == [(404, answers[0].data)] * 2
        assert intake.client.get(url).status_code == 200


def test_of_what_is_nobodys_each_partner_sees_her_own(intake: Intake) -> None:
    for name in ("one", "two"):
        intake.keys.put(a_key(name, ["boreal"]))
    url = json.loads(intake.post(REPORT, **bearer("one")).data)["status_url"]
    assert intake.client.get(url, headers=bearer("one")).status_code == 200
    assert intake.client.get(url, headers=bearer("two")).status_code == 404


def test_messages_of_a_file_are_kept_to_the_scope_of_the_key(intake: Intake) -> None:
    intake.keys.put(a_key("partner", ["boreal"]))
    assert intake.post_file(batch(message("SE-1")), "exemplar", **bearer("partner")).status_code == 200
    assert {report.sponsor for report in intake.reports.kept.values()} == {"unassigned"}


def test_who_guesses_is_slowed_down_and_who_is_right_is_not(intake: Intake) -> None:
    statuses = [intake.post(REPORT, Authorization=f"Bearer dzk_x.{n}").status_code for n in range(80)]
    assert (statuses[0], statuses[-1]) == (401, 429)
    limited = intake.post(REPORT, Authorization="Bearer x")
    assert int(limited.headers["Retry-After"]) > 0
    assert limited.content_type == "application/problem+json"
    assert intake.post(REPORT).status_code == 202  # a good key, from the address of who guesses


@pytest.mark.parametrize(
    ("changes", "at", "is_open"),
    [
        ({}, NOW, True),
        ({"expires_on": date(2026, 3, 10)}, NOW, True),
        ({"expires_on": date(2026, 3, 10)}, NOW + timedelta(minutes=30), False),
        ({"revoked_at": NOW}, NOW, False),
    ],
)
def test_a_key_is_good_until_its_day_in_utc(changes: dict[str, Any], at: datetime, is_open: bool) -> None:
    assert opens(a_key(**changes), SECRET, at) is is_open
    assert not opens(a_key(**changes), f"{SECRET}x", at)
    assert not opens(None, SECRET, at)


def changed(key: KeyChanged) -> Event:
    return event_of(
        event_id=f"evt_{key.key_id}_{key.revision}",
        topic=topics.KEY_CHANGED,
        at=NOW,
        sponsor="installation",
        subject=key.key_id,
        body=key,
    )


def test_what_triage_says_of_a_key_is_noted_once_and_answered_each_time() -> None:
    keys = InMemoryKeys()
    note, event = NoteKeys(keys, SetClock(NOW), "1.2.3"), changed(a_key(sponsors=["helvion", "boreal"]))
    note(event)
    note(event)
    assert [answer.answers for answer in keys.answers] == [event.id]
    assert keys.again == [keys.answers[0].id]
    assert [(e.sponsor, e.action) for e in keys.entries] == [("helvion", "key.known"), ("boreal", "key.known")]


def test_a_revocation_that_overtook_the_key_stands() -> None:
    keys = InMemoryKeys()
    note = NoteKeys(keys, SetClock(NOW), "1.2.3")
    note(changed(a_key(revision=2, revoked_at=NOW)))
    note(changed(a_key()))
    assert keys.held["dzk_tester"].revoked_at == NOW


def test_a_revision_that_comes_too_late_is_answered_and_changes_nothing() -> None:
    keys = InMemoryKeys()
    note = NoteKeys(keys, SetClock(NOW), "1.2.3")
    older, newer = changed(a_key()), changed(a_key(revision=2, revoked_at=NOW))
    for event in (newer, older, older):
        note(event)
    assert [answer.answers for answer in keys.answers] == [newer.id, older.id]
    assert keys.held["dzk_tester"].revision == 2


def test_no_key_is_good_for_what_others_sent_to_nobody(intake: Intake) -> None:
    intake.keys.put(a_key("one", ["boreal"]))
    intake.keys.put(a_key("two", ["unassigned"]))
    url = json.loads(intake.post(REPORT, **bearer("one")).data)["status_url"]
    assert intake.client.get(url, headers=bearer("two")).status_code == 404
