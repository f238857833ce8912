"""The connection to MongoDB breaks in mid-commit, the outcome unknown: the retry gives one report and one decision."""

import pytest

from tests.integration.faults.load import Late, Senders, one_report_each
from tests.integration.local.waiting import until
from tests.integration.rig import INSERT, Answer, Rig, a_body

WARM = 16


@pytest.mark.parametrize("keyed", [True, False])
@pytest.mark.parametrize("broken", ["reset", "half_close"])
def test_f09_broken_after_the_write_was_sent(rig: Rig, keyed: bool, broken: str) -> None:
    name = f"f09-{keyed}-{broken}"
    body, key = a_body(name), {"Idempotency_Key": name} if keyed else {}
    reports = rig.data("intake", "reports")
    for number in range(WARM):  # each of intake's processes gets a connection: a new one could not even sign in
        assert rig.post(a_body(f"{name}-{number}")).status == 202
    rig.store.hold_answers(to=INSERT)
    late = Late(lambda: rig.post(body, **key))
    until(lambda: reports.count_documents({"sender.case_id": name}) == 1, within=30)
    getattr(rig.store, broken)()
    rig.store.heal()
    first: Answer = late.result()
    assert first.status in {202, 503}
    again = rig.post(body, **key)
    stored = list(reports.find({"sender.case_id": name}))
    assert (again.status, [each["_id"] for each in stored]) == (202, [again.body["report_id"]])
    rig.settle()


def test_f09_connections_that_break_all_the_time_lose_and_double_nothing(rig: Rig) -> None:
    with Senders(rig, "f09-all", threads=4, count=15) as senders:
        for count in range(5, 60, 5):
            senders.wait_for(count)
            rig.store.reset()
    assert set(senders.statuses) <= {202, 503}
    one_report_each(rig, senders)


def test_f09_a_slow_network_is_only_slow(rig: Rig) -> None:
    rig.store.latency = 0.05
    answer = rig.post(a_body("f09-slow"))
    rig.store.heal()
    assert answer.status == 202
    rig.settle()
