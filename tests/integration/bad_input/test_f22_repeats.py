"""The same bytes again are a repeat; the same case in other bytes, and a follow-up before its initial, are one case."""

import json

from tests.integration.rig import Rig, a_body


def test_f22_the_same_bytes_again_are_a_repeat_and_no_second_version(rig: Rig) -> None:
    body = json.dumps(a_body("f22-same")).encode()
    first, again = rig.post(body), rig.post(body)
    assert (first.status, again.status) == (202, 202)
    assert (first.body["report_id"], first.body["repeat"]) == (again.body["report_id"], False)
    assert again.body["repeat"] is True
    assert len(rig.case_of(first.body["report_id"])["versions"]) == 1


def test_f22_the_same_content_in_another_order_is_a_version_of_the_same_case(rig: Rig) -> None:
    body = a_body("f22-order")
    first = rig.post(body)
    case = rig.case_of(first.body["report_id"])
    again = rig.post(dict(reversed(body.items())))
    assert again.body["report_id"] != first.body["report_id"]
    later = rig.case_of(again.body["report_id"])
    assert (later["id"], len(later["versions"])) == (case["id"], 2)
    assert min(owed["due"] for owed in later["obligations"]) == min(owed["due"] for owed in case["obligations"])


def test_f22_a_follow_up_before_its_initial_is_joined_by_it(rig: Rig) -> None:
    early = rig.post({"sponsor": "helvion", "sender": a_body("f22-early")["sender"], "narrative": "She is better now."})
    first = rig.case_of(early.body["report_id"])
    late = rig.post(a_body("f22-early"))
    joined = rig.case_of(late.body["report_id"])
    assert (joined["id"], len(joined["versions"])) == (first["id"], 2)
    assert (first["status"], joined["status"]) == ("awaiting_minimum_criteria", "needs_review")


def test_f22_one_key_with_another_body_is_refused_and_kept(rig: Rig) -> None:
    assert rig.post(a_body("f22-key"), Idempotency_Key="f22").status == 202
    other = rig.post(a_body("f22-key", narrative="Another."), Idempotency_Key="f22")
    assert (other.status, other.body["type"].rpartition("/")[2]) == (422, "idempotency-key-reused")
    assert other.body["refusal_id"].startswith("ref_")
