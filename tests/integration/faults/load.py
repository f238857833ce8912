"""Senders that do as they are told: after no answer, or a 5xx, they send the same again until they have a receipt."""

import http.client
import threading
import time
from collections.abc import Callable
from typing import Any

from tests.integration.local.waiting import until
from tests.integration.rig import Answer, Rig, a_body

PATIENCE = 90.0


class Senders:
    """``threads`` senders with ``count`` reports each; what every attempt was answered is kept."""

    def __init__(self, rig: Rig, name: str, threads: int, count: int) -> None:
        self._rig = rig
        self.names = [[f"{name}-{sender}-{number}" for number in range(count)] for sender in range(threads)]
        self.receipts: dict[str, str] = {}
        self.statuses: list[int] = []
        self._threads = [threading.Thread(target=self._send_all, args=(names,)) for names in self.names]

    def __enter__(self) -> "Senders":
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        for thread in self._threads:
            thread.join()

    @property
    def all_names(self) -> set[str]:
        return {name for names in self.names for name in names}

    def wait_for(self, receipts: int) -> None:
        """Wait until that many reports have a receipt."""
        until(lambda: len(self.receipts) >= receipts, within=90)

    def _send_all(self, names: list[str]) -> None:
        for name in names:
            deadline = time.monotonic() + PATIENCE
            while name not in self.receipts and time.monotonic() < deadline:
                self._send(name)

    def _send(self, name: str) -> None:
        try:
            answer = self._rig.post(a_body(name), Idempotency_Key=name)
        except (OSError, http.client.HTTPException):
            time.sleep(0.1)
            return
        self.statuses.append(answer.status)
        if answer.status == 202:
            self.receipts[name] = answer.body["report_id"]
        else:
            time.sleep(0.2)


class Late:
    """A call that runs while the test goes on."""

    def __init__(self, call: Callable[[], Answer]) -> None:
        self.outcome: Any = None
        self._thread = threading.Thread(target=self._run, args=(call,))
        self._thread.start()

    def result(self) -> Any:
        """Return the answer, or the error of a connection that broke."""
        self._thread.join()
        return self.outcome

    def _run(self, call: Callable[[], Answer]) -> None:
        try:
            self.outcome = call()
        except (OSError, http.client.HTTPException) as error:
            self.outcome = error


def one_report_each(rig: Rig, senders: Senders) -> None:
    """Every sender has a receipt for every report, and each report is stored, and a case, once."""
    assert set(senders.receipts) == senders.all_names
    found = [
        each["sender"]["case_id"] for each in rig.data("intake", "reports").find({}, {"sender": 1}) if each["sender"]
    ]
    ours = sorted(name for name in found if name in senders.all_names)
    assert ours == sorted(senders.all_names)
    held = {each["_id"] for each in rig.data("intake", "reports").find({}, {"_id": 1})}
    assert set(senders.receipts.values()) <= held
    rig.settle()
    for name in senders.all_names:
        cases = list(rig.data("triage", "cases").find({"sender_key": f"helvion\x1fFaults\x1f{name}"}, {"head": 1}))
        assert [len(case["head"]["versions"]) for case in cases] == [1], name
