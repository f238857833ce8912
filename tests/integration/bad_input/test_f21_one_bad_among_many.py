"""Of a hundred reports one is bad: the others are taken, the bad one says why, and sending all again adds nothing."""

from collections import Counter

from tests.integration.rig import Rig, a_body

COUNT, BAD = 100, 37


def test_f21_one_bad_report_stops_no_other_and_a_rerun_is_safe(rig: Rig) -> None:
    bodies: list[object] = [a_body(f"f21-{number}") for number in range(COUNT)]
    bodies[BAD] = b'{"narrative": "the 37th", "narrative": "twice"}'
    first = [rig.post(body) for body in bodies]
    assert Counter(answer.status for answer in first) == {202: COUNT - 1, 400: 1}
    assert "stands twice" in first[BAD].body["detail"]
    again = [rig.post(body) for body in bodies]
    taken = [
        (one.body["report_id"], two.body["report_id"])
        for one, two in zip(first, again, strict=True)
        if one.status == 202
    ]
    assert all(one == two for one, two in taken)
    rig.settle()
    assert rig.data("triage", "cases").count_documents({"sender_key": {"$regex": "f21-"}}) == COUNT - 1
