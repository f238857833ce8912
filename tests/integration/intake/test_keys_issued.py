"""A key is good once intake has heard of it, and nothing once it has heard of its end, whatever is away meanwhile.

Over HTTP, on real servers, by the administrator's commands (21 CFR 11.10(d), 11.300).
"""

import json
import os
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from deploy.cli.main import app
from deploy.cli.run_settings import in_environment
from deploy.cli.wire import Answer, call
from deploy.local.suite import Options, Suite, service
from shared.contracts import topics
from tests.integration.faults.test_f03_f04_f07_kills import a_body
from tests.integration.local.waiting import until

WITHIN = 60.0
WORKER = "intake.worker"
DOORS = (
    service("intake.app", "DAYZERO_INTAKE_PORT"),
    service("intake.relay"),
    service(WORKER),
    service("triage.worker"),
    service("triage.relay"),
)


@pytest.fixture
def suite(suite_env: dict[str, str], prefix: str, bin_folder: Path, tmp_path: Path) -> Iterator[Suite]:
    run = tmp_path / "run"
    run.mkdir()
    (run / "bin").symlink_to(bin_folder)
    environ = {**os.environ, **suite_env, "DAYZERO_RUN": str(run)}
    names = tuple(f"{prefix}.{topic}" for topic in topics.ALL)
    options = Options(republish_seconds=0.5, topic_prefix=f"{prefix}.", topics=names)
    with Suite("keys", options, DOORS, environ) as running:
        running.broker.create_topics(names)
        with in_environment(running.settings):
            yield running


def dayzero(*arguments: str) -> Any:
    result = CliRunner().invoke(app, ["key", *arguments, "--json"])
    assert result.exit_code == 0, result.output
    return json.loads(result.stdout)


def issue(organisation: str, sponsor: str) -> Mapping[str, Any]:
    found: Mapping[str, Any] = dayzero(
        "issue", "--organisation", organisation, "--sponsor", sponsor, "--reason", "a new partner"
    )
    return found


def revoke(key: Mapping[str, Any]) -> None:
    dayzero("revoke", key["key_id"], "--reason", "lost")


def ask(suite: Suite, key: str, path: str, body: object = None) -> Answer:
    method = "GET" if body is None else "POST"
    return call(method, suite.intake_url + path, body, {"Authorization": f"Bearer {key}"})


def is_let_in(suite: Suite, key: Mapping[str, Any]) -> bool:
    return ask(suite, key["key"], "/v1/reports/rep_none").status == 404


def heard() -> bool:
    """Say whether intake has confirmed every key as it is."""
    return all(key["noted"] == key["revision"] for key in dayzero("list"))


def test_an_issued_key_lets_in_and_a_revoked_one_is_as_if_there_were_none(suite: Suite) -> None:
    ours, theirs = issue("Ours", "helvion"), issue("Theirs", "boreal")
    until(heard, WITHIN)
    assert is_let_in(suite, ours)
    taken = ask(suite, ours["key"], "/v1/reports", a_body(1))
    assert (taken.status, taken.body["sponsor"]) == (202, "helvion")
    path = taken.body["status_url"]
    assert ask(suite, ours["key"], path).status == 200
    hidden, unknown = (ask(suite, theirs["key"], each) for each in (path, "/v1/reports/rep_none"))
    assert (hidden.status, hidden.content) == (404, unknown.content)
    assert ask(suite, theirs["key"], "/v1/reports", a_body(2)).body["sponsor"] == "unassigned"
    revoke(ours)
    until(heard, WITHIN)
    refused, nobody = (ask(suite, each, "/v1/reports", a_body(3)) for each in (ours["key"], "dzk_none.none"))
    assert (refused.status, refused.content) == (401, nobody.content)
    assert is_let_in(suite, theirs)


def test_what_was_said_of_keys_while_intake_was_away_holds_when_it_is_back(suite: Suite) -> None:
    suite.supervisor.kill(WORKER)
    lost, good = issue("Ours", "helvion"), issue("Ours", "helvion")
    revoke(lost)
    assert not is_let_in(suite, good)
    suite.restart(WORKER)
    until(heard, WITHIN)
    assert (is_let_in(suite, good), is_let_in(suite, lost)) == (True, False)
    said = {key["key_id"]: key["revision"] for key in dayzero("list")}
    assert said == {lost["key_id"]: 2, good["key_id"]: 1}
