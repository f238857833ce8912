"""A door answers to its own names only (ASVS 5.0: 3.4.1 HSTS, 3.5.1 other sites; DNS rebinding)."""

import pytest
from flask import Flask

from shared import loopback, problem
from shared.settings import EX_CONFIG

PROXIED = "safety.example.com"
BY_HTTPS = f"https://{PROXIED}"


def asked(trusted: frozenset[str], host: str, origin: str | None = None) -> tuple[int, str | None]:
    """Return the status of a post, and what the answer says of https."""
    app = Flask(__name__)
    problem.register(app)
    loopback.guard(app, trusted)
    app.add_url_rule("/", view_func=lambda: "here", methods=["GET", "POST"])
    headers = {"Host": host} | ({"Origin": origin} if origin else {})
    answer = app.test_client().post("/", headers=headers)
    return answer.status_code, answer.headers.get("Strict-Transport-Security")


@pytest.mark.parametrize(
    ("host", "origin", "status"),
    [
        ("127.0.0.1:8081", None, 200),
        ("127.0.0.1:8081", "http://127.0.0.1:8081", 200),
        ("127.0.0.1:8081", "https://127.0.0.1:8081", 403),
        ("127.0.0.1:8081", "http://127.0.0.1:8080", 403),
        ("localhost", "http://localhost", 200),
        ("localhost", "null", 403),
        (PROXIED, None, 403),
        ("127.0.0.1.example.com", None, 403),
    ],
)
def test_without_trusted_hosts_only_this_machine_is_answered(host: str, origin: str | None, status: int) -> None:
    assert asked(frozenset(), host, origin) == (status, None)


@pytest.mark.parametrize(
    ("host", "origin", "status"),
    [
        (PROXIED, BY_HTTPS, 200),
        (PROXIED.upper(), BY_HTTPS, 200),
        (PROXIED, f"http://{PROXIED}", 403),  # a page that came without TLS may be anybody's
        (PROXIED, "https://evil.example.com", 403),
        (f"evil.{PROXIED}", BY_HTTPS, 403),
        (f"{PROXIED}:8443", BY_HTTPS, 403),
    ],
)
def test_a_trusted_host_is_answered_by_https_only(host: str, origin: str, status: int) -> None:
    answered, by_https = asked(frozenset({PROXIED}), host, origin)
    assert answered == status
    assert (by_https is not None) == (host.lower() == PROXIED)


def test_this_machine_stays_trusted_and_hears_nothing_of_https() -> None:
    assert asked(frozenset({PROXIED}), "127.0.0.1", "http://127.0.0.1") == (200, None)


def test_names_are_read_from_the_settings(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DAYZERO_TRUSTED_HOSTS", f" {PROXIED.upper()}, intake.example.com:8443 ,")
    assert loopback.trusted_hosts() == {PROXIED, "intake.example.com:8443"}


@pytest.mark.parametrize("wrong", ["https://safety.example.com", "*", "safety.example.com/path", "a b"])
def test_what_is_no_name_ends_the_door_in_one_line(
    wrong: str, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("DAYZERO_TRUSTED_HOSTS", wrong)
    monkeypatch.setattr("os._exit", _exited)
    with pytest.raises(SystemExit) as ended:
        loopback.trusted_hosts()
    assert ended.value.code == EX_CONFIG
    (line,) = capfd.readouterr().err.splitlines()
    assert "DAYZERO_TRUSTED_HOSTS" in line
    assert "host names with commas between" in line


def _exited(code: int) -> None:
    raise SystemExit(code)
