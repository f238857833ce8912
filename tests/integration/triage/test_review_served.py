"""Review as it is served: what its answers say of themselves, on this machine and behind a proxy (OWASP ASVS 5.0)."""

import json
import os
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from deploy.demo.staff import Staff, hired
from deploy.local.ports import ADDRESS
from deploy.local.processes import Spec, Supervisor
from deploy.local.readiness import answering
from tests.integration.rig import Answer, send

NAME = "safety.example.com"


class Served:
    """The door as a process."""

    def __init__(self, port: int, settings: dict[str, str], staff: Staff) -> None:
        self.port, self.settings, self.staff = port, settings, staff

    def ask(self, path: str, method: str = "GET", **headers: str) -> Answer:
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        return send(self.port, method, path, None, named)


@pytest.fixture
def served(suite_env: dict[str, str], tmp_path: Path) -> Iterator[Served]:
    port = int(suite_env["DAYZERO_REVIEW_PORT"])
    passed_on = {name: os.environ[name] for name in ("PATH", "HOME", "LD_LIBRARY_PATH") if name in os.environ}
    environment = {**passed_on, **suite_env, "DAYZERO_TRUSTED_HOSTS": NAME}
    with Supervisor(tmp_path / "log") as supervisor:
        supervisor.start(Spec("triage.app", (sys.executable, "-m", "triage.app"), environment, answering(port)))
        yield Served(port, suite_env, hired(suite_env, f"http://{ADDRESS}:{port}"))


def test_asvs_3_4_13_4_6_every_answer_keeps_a_browser_honest_and_tells_no_version(served: Served) -> None:
    paths = ("/", "/sign-in", "/static/review.css", "/api/session", "/api/cases", "/nowhere", "/health/live")
    for path in paths:
        for headers in ({}, served.staff.headers()):
            answer = served.ask(path, **headers)
            assert answer.headers.get("server", "") == "DayZero", path
            assert answer.headers["x-content-type-options"] == "nosniff", path
            assert answer.headers["referrer-policy"] == "same-origin", path
            assert answer.headers["cross-origin-opener-policy"] == "same-origin", path
            assert answer.headers["cache-control"] == "no-store", path  # 14.3.2
            policy = answer.headers["content-security-policy"]
            assert "frame-ancestors 'none'" in policy  # 3.4.6
            assert "unsafe" not in policy
            assert "strict-transport-security" not in answer.headers


def test_asvs_3_4_1_by_its_trusted_name_it_is_https_for_good(served: Served) -> None:
    answer = served.ask("/sign-in", Host=NAME)
    assert answer.headers["strict-transport-security"] == "max-age=63072000"
    assert served.ask("/sign-in", Host="evil.example").status == 403


def test_a_change_from_another_site_is_refused_whatever_cookie_comes(served: Served) -> None:
    signed_in = served.staff.headers()
    ours = served.ask("/sign-out", "POST", **signed_in, Host=NAME, Origin="http://evil.example")
    assert ours.status == 403
    assert served.ask("/api/session", **signed_in).body["signed_in"]
    assert served.ask("/api/session", "DELETE", **signed_in, Host=NAME, Origin=f"https://{NAME}").status == 204
    assert not served.ask("/api/session", **signed_in).body["signed_in"]


def test_asvs_16_5_1_an_error_says_nothing_of_the_inside(served: Served) -> None:
    for path in ("/cases/%00", "/api/cases?limit=%F0%9F", "/api/cases/%27%22", "/nowhere"):
        answer = served.ask(path, **served.staff.headers())
        assert answer.status < 500, path
        assert b"Traceback" not in answer.content
        assert b"mongo" not in answer.content.lower()


def test_asvs_7_2_1_a_session_is_the_servers_and_survives_its_restart(served: Served) -> None:
    told = served.ask("/api/session", **served.staff.headers()).body
    assert (told["signed_in"], told["name"]) == (True, "stand-in")
    assert "password" not in json.dumps(told)
    assert served.ask("/api/session", Cookie="__Host-dayzero_session=ses_made_up").body["signed_in"] is False
