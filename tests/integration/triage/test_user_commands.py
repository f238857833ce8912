"""``dayzero user``: the first administrator comes from the console, and every act there is entered too."""

import json
import os
import re
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from deploy.cli.main import app
from triage.store.database import opened


@pytest.fixture(autouse=True)
def suite(suite_env: dict[str, str], monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
    for name, value in suite_env.items():
        monkeypatch.setenv(name, value)
    return suite_env


def run(*arguments: str) -> Result:
    return CliRunner().invoke(app, arguments)


def done(*arguments: str) -> str:
    result = run(*arguments)
    assert result.exit_code == 0, result.output
    return result.output


def add(name: str = "ann", *more: str) -> str:
    full_name = ("--full-name", f"{name.title()} Smith", "--reason", "hired")
    return done("user", "add", name, *full_name, *more)


def test_a_user_is_added_and_changed_and_all_of_it_entered(suite: dict[str, str]) -> None:
    said = add("ann", "--role", "approver@helvion", "--role", "administrator@installation")
    assert re.fullmatch(r"ann signs in with this password, once: [\w-]{20}", said.strip())
    for_helvion = ("--sponsor", "helvion", "--reason", "asked for")
    assert "auditor@helvion (unblinded)" in done(
        "user", "grant", "ann", "--role", "auditor", "--unblinded", *for_helvion, "--actor", "root"
    )
    assert "approver@helvion" not in done("user", "revoke", "ann", "--role", "approver", *for_helvion)
    assert "DISABLED" in done("user", "disable", "ann", "--reason", "left")
    assert "DISABLED" not in done("user", "enable", "ann", "--reason", "came back")
    assert "once: " in done("user", "reset", "ann", "--reason", "lost it")
    (listed,) = json.loads(done("user", "list", "--json"))
    assert (listed["name"], listed["full_name"], listed["revision"]) == ("ann", "Ann Smith", 6)
    assert "since 20" in done("user", "show", "ann")
    with opened(suite["DAYZERO_TRIAGE_MONGO_URI"]) as database:
        entries = database["users"].find_one("ann")["audit"]  # type: ignore[index]
    of_helvion = [entry for entry in entries if entry["sponsor"] == "helvion"]
    assert [entry["action"].partition(".")[2] for entry in of_helvion] == [
        "added",
        "granted",
        "revoked",
        "disabled",
        "enabled",
        "reset",
    ]
    assert {entry["authentication"] for entry in entries} == {"console"}
    assert of_helvion[1]["actor"] == "root"
    assert {entry["sponsor"] for entry in entries} == {"helvion", "installation"}


def test_a_user_of_the_provider_has_no_password() -> None:
    assert "OpenID provider" in add("eve", "--subject", "sub-1", "--role", "auditor@helvion")


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("add", "Ann", "--full-name", "A", "--reason", "r"), "small letters"),
        (("add", "ann", "--full-name", "A", "--reason", "r", "--role", "approver"), "approver@helvion"),
        (("add", "ann", "--full-name", "A", "--reason", "r", "--role", "king@helvion"), "safety_physician"),
        (("add", "ann", "--full-name", "A", "--reason", "r", "--role", "approver@nowhere"), "no sponsor"),
        (("add", "ann", "--full-name", "A", "--reason", " "), "a reason is required"),
        (("show", "nobody"), "dayzero user list"),
        (("disable", "nobody", "--reason", "r"), "dayzero user list"),
    ],
)
def test_what_cannot_be_done_is_told_in_one_line(arguments: tuple[str, ...], said: str) -> None:
    result = run("user", *arguments)
    assert (result.exit_code, len(result.stderr.splitlines())) == (2, 1), result.output
    assert said in result.stderr


def test_sponsors_are_those_of_the_registry() -> None:
    assert set(done("sponsor", "list").split()) >= {"helvion", "unassigned"}


def test_the_console_is_the_operating_systems_user(suite: dict[str, str]) -> None:
    add("ann", "--role", "approver@helvion")
    with opened(suite["DAYZERO_TRIAGE_MONGO_URI"]) as database:
        document: Any = database["users"].find_one("ann")
    home = Path("~").expanduser().owner() if os.getuid() else "root"
    assert document["audit"][0]["actor"] == home
