"""The compose file and the image cannot be run here, so they are held against what the services read and promise."""

import importlib
import os
import re
import shlex
import subprocess
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest
import yaml
from environs import FileAwareEnv

import deploy.docker.init_mongo
import deploy.docker.init_topics
import intake.config
import reporting.config
import triage.config
from deploy.docker import healthy
from deploy.docker.make_secrets import make
from deploy.local.ports import free_port
from shared import heartbeat, loopback
from shared.audit import door
from shared.audit.checkpoints import Key
from shared.messaging.kafka import LARGEST_MESSAGE

ROOT = Path(__file__).parents[3]
DOCKERFILE = (ROOT / "deploy" / "docker" / "Dockerfile").read_text(encoding="utf-8")
VARIABLES = {"DAYZERO_SITE_COUNTRY": "CH"}


def _of_intake_app(env: FileAwareEnv) -> object:
    """The one door of intake that serves the form, and so needs its key."""
    return intake.config.form_key(intake.config.read(env))


def _of_relay(read: Callable[[FileAwareEnv], object], service: str) -> Callable[[FileAwareEnv], object]:
    """The relays move audit entries, and so need the ledger and the key."""
    return lambda env: (read(env), door.read(env, service))


READERS: dict[str, Callable[[FileAwareEnv], Any]] = {
    "intake.app": _of_intake_app,
    "intake.relay": _of_relay(intake.config.read, "intake"),
    "triage.relay": _of_relay(triage.config.read, "triage"),
    "reporting.relay": _of_relay(reporting.config.read, "reporting"),
    "intake": intake.config.read,
    "triage": triage.config.read,
    "reporting": reporting.config.read,
    "deploy.docker.init_mongo": deploy.docker.init_mongo.read,
    "deploy.docker.init_topics": deploy.docker.init_topics.read,
}
READ_ELSEWHERE = {heartbeat.SETTING, "DAYZERO_CONTAINER"}  # by shared.heartbeat and shared.loopback
DOORS = {
    *(f"intake.{door}" for door in ("app", "relay", "worker")),
    *(f"triage.{door}" for door in ("worker", "relay")),  # triage.app is review: it joins when it has sign-in
    *(f"reporting.{door}" for door in ("worker", "sender", "relay")),
}


def interpolated(text: str) -> str:
    """Fill in ``${NAME:-default}`` and ``${NAME:?words}`` as compose does."""

    def value(match: re.Match[str]) -> str:
        if match["kind"] == "?":
            return VARIABLES[match["name"]]  # required: a KeyError is compose's refusal
        return VARIABLES.get(match["name"], match["rest"] or "")

    return re.sub(r"\$\{(?P<name>\w+)(?::(?P<kind>[-?])(?P<rest>[^}]*))?\}", value, text)


COMPOSE: dict[str, Any] = yaml.safe_load(interpolated((ROOT / "docker-compose.yml").read_text(encoding="utf-8")))
SERVICES: dict[str, dict[str, Any]] = COMPOSE["services"]
OURS = {name: service for name, service in SERVICES.items() if service["image"].startswith("dayzero:")}


def module_of(service: Mapping[str, Any]) -> str:
    (module,) = service["command"]
    return str(module)


def environment(service: Mapping[str, Any], secrets: Path) -> dict[str, str]:
    """The service's environment, with the files that its secrets would be mounted as."""
    given = {name: str(value) for name, value in service["environment"].items()}
    return {name: value.replace("/run/secrets", str(secrets)) for name, value in given.items()}


@pytest.fixture
def secrets(tmp_path: Path) -> Path:
    make(tmp_path / "secrets")
    return tmp_path / "secrets"


class Recording(FileAwareEnv):
    """Remembers which variables were asked for."""

    def __init__(self) -> None:
        super().__init__()
        self.asked: set[str] = set()

    def _get_value(self, env_key: str, default: Any) -> Any:
        self.asked |= {env_key, f"{env_key}_FILE"}
        return super()._get_value(env_key, default)


def test_every_door_but_review_is_a_service() -> None:
    started = {module_of(service) for service in OURS.values() if not module_of(service).startswith("deploy.")}
    assert started == DOORS


@pytest.mark.parametrize("name", OURS)
def test_a_service_is_given_every_setting_that_it_reads_and_no_unknown_one(
    name: str, secrets: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    module, given = module_of(OURS[name]), environment(OURS[name], secrets)
    for variable, value in given.items():
        monkeypatch.setenv(variable, value)
    env = Recording()
    with env.prefixed("DAYZERO_"):
        READERS.get(module, READERS.get(module.partition(".")[0]))(env)  # type: ignore[misc]
    assert set(given) <= env.asked | READ_ELSEWHERE
    named = {value.removeprefix(f"{secrets}/") for value in given.values() if value.startswith(f"{secrets}/")}
    assert named == set(OURS[name].get("secrets", ()))


@pytest.mark.parametrize("name", OURS)
def test_an_entry_point_exists(name: str) -> None:
    module = importlib.import_module(module_of(OURS[name]))
    assert hasattr(module, "main") or hasattr(module, "prepare")
    assert '__name__ == "__main__"' in Path(str(module.__file__)).read_text(encoding="utf-8")


def test_workers_and_relays_beat_and_are_asked_for_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "heartbeat"
    monkeypatch.setenv(heartbeat.SETTING, str(file))
    assert healthy.main([]) == 1
    heartbeat.beat()
    assert healthy.main([]) == 0
    os.utime(file, (0, 0))
    assert healthy.main([]) == 1
    assert healthy.main([f"http://127.0.0.1:{free_port()}/health/ready"]) == 1
    assert healthy.main(["http://example.org/"]) == 1
    for name, service in OURS.items():
        if module_of(service) in DOORS - {"intake.app"}:
            assert service["environment"][heartbeat.SETTING].startswith("/tmp/"), name  # noqa: S108 - in a container
            assert service["healthcheck"]["test"] == ["CMD", "python", "-m", "deploy.docker.healthy"]


@pytest.mark.parametrize("name", OURS)
def test_a_container_of_ours_can_do_little(name: str) -> None:
    service = OURS[name]
    assert service["user"] == "10001:10001"
    assert service["read_only"] is True
    assert service["tmpfs"][0].startswith("/tmp:")  # noqa: S108
    assert "stop_grace_period" in service
    assert service.get("privileged") is None
    if service["restart"] == "no":
        assert service["healthcheck"] == {"disable": True}
        return
    assert service["healthcheck"]["test"][:4] == ["CMD", "python", "-m", "deploy.docker.healthy"]
    assert service["depends_on"]["mongo-init"] == service["depends_on"]["kafka-init"]
    assert service["depends_on"]["mongo-init"] == {"condition": "service_completed_successfully"}
    assert service["depends_on"]["mongo"] == service["depends_on"]["kafka"] == {"condition": "service_healthy"}


@pytest.mark.parametrize("name", SERVICES)
def test_no_container_is_root_or_gains_rights_or_is_unpinned(name: str) -> None:
    service = SERVICES[name]
    assert int(service["user"].partition(":")[0]) > 0
    assert service["cap_drop"] == ["ALL"]
    assert service["security_opt"] == ["no-new-privileges:true"]
    assert "healthcheck" in service
    assert re.fullmatch(r"(dayzero:\d+\.\d+\.\d+|[a-z/]+:\d+\.\d+\.\d+)", service["image"])
    assert service.get("read_only") is (None if name == "kafka" else True)
    assert "env_file" not in service


def test_only_intake_is_published_and_on_loopback_only() -> None:
    ports = {name: service["ports"] for name, service in SERVICES.items() if "ports" in service}
    assert ports == {"intake-app": ["127.0.0.1:8080:8080"]}
    assert COMPOSE["networks"]["inside"] == {"internal": True}
    assert [name for name, service in SERVICES.items() if service["networks"] != ["inside"]] == ["intake-app"]
    open_wide = [name for name, service in SERVICES.items() if "DAYZERO_HOST" in service["environment"]]
    assert open_wide == ["intake-app"]
    assert all(service.get("network_mode") is None for service in SERVICES.values())


def test_only_relays_are_given_the_key_that_signs() -> None:
    given = {name for name, service in SERVICES.items() if "checkpoint_key" in service.get("secrets", ())}
    assert given == {"intake-relay", "triage-relay", "reporting-relay"}


def test_no_secret_stands_in_the_file_and_the_broker_makes_no_topic() -> None:
    text = (ROOT / "docker-compose.yml").read_text(encoding="utf-8")
    assert not re.search(r"mongodb(\+srv)?://[^/\s]*:[^/\s]*@", text)
    assert not re.search(r"(?i)passw(or)?d: *[^/\s{]", text)
    mounted = {entry["file"] for entry in COMPOSE["secrets"].values()}
    assert all(entry.startswith("./secrets/") for entry in mounted)
    assert "/secrets/" in (ROOT / ".gitignore").read_text(encoding="utf-8").splitlines()
    assert SERVICES["kafka"]["environment"]["KAFKA_AUTO_CREATE_TOPICS_ENABLE"] == "false"
    assert int(SERVICES["kafka"]["environment"]["KAFKA_MESSAGE_MAX_BYTES"]) == LARGEST_MESSAGE


def test_the_site_must_be_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delitem(VARIABLES, "DAYZERO_SITE_COUNTRY")
    with pytest.raises(KeyError):
        interpolated((ROOT / "docker-compose.yml").read_text(encoding="utf-8"))


def test_secrets_are_made_once_and_are_their_owners(tmp_path: Path) -> None:
    folder = tmp_path / "secrets"
    made = make(folder)
    assert set(made) == {Path(entry["file"]).name for entry in COMPOSE["secrets"].values()}
    before = {file.name: file.read_bytes() for file in folder.iterdir()}
    assert make(folder) == []
    assert {file.name: file.read_bytes() for file in folder.iterdir()} == before
    assert folder.stat().st_mode & 0o777 == 0o700
    assert {file.stat().st_mode & 0o777 for file in folder.iterdir()} == {0o444}
    (root, name) = (before["mongo_root_password"], b"dayzero_intake")
    assert len(root) == 64
    assert before["intake_mongo_uri"].startswith(b"mongodb://" + name)
    assert before["intake_ledger_uri"].startswith(b"mongodb://" + name + b"_ledger:")
    assert Key.read(folder / "checkpoint_key").sign(b"", {})["signature"]


# --- the image


def test_the_image_is_of_pinned_stages_and_runs_as_nobody() -> None:
    stages = re.findall(r"^FROM (\S+)", DOCKERFILE, re.MULTILINE)
    assert len(stages) == 2
    assert {re.fullmatch(r"python:3\.\d+\.\d+-slim-\w+", stage) is not None for stage in stages} == {True}
    final = DOCKERFILE.rpartition("FROM ")[2]
    assert re.findall(r"^USER (\S+)", final, re.MULTILINE) == ["10001:10001"]
    assert final.index("USER 10001:10001") < final.index("ENTRYPOINT")
    assert 'ENTRYPOINT ["python", "-m"]' in final
    assert "npm" not in DOCKERFILE
    assert "ADD " not in DOCKERFILE


def test_the_image_takes_the_lock_file_with_hashes_and_of_the_other_one_only_what_builds() -> None:
    installs = [line for line in DOCKERFILE.replace("\\\n", " ").splitlines() if " install " in line and "pip" in line]
    assert all("--require-hashes" in line or "--no-index" in line for line in installs)
    assert "-r requirements.lock" in DOCKERFILE
    assert "-r requirements-dev.lock" not in DOCKERFILE
    script = re.search(r"awk '([^']+)' requirements-dev\.lock", DOCKERFILE)
    assert script is not None
    taken = subprocess.run(
        ["awk", script[1], str(ROOT / "requirements-dev.lock")], capture_output=True, text=True, check=True
    ).stdout
    assert re.findall(r"^(\S+)==", taken, re.MULTILINE) == ["setuptools"]
    assert "--hash=sha256:" in taken


def test_the_image_holds_every_package_and_nothing_else_of_the_tree() -> None:
    copied = {
        part for line in re.findall(r"^COPY (?!--)(.+) \S+$", DOCKERFILE, re.MULTILINE) for part in shlex.split(line)
    }
    assert {"shared", "intake", "triage", "reporting", "deploy"} <= copied
    ignored = (ROOT / ".dockerignore").read_text(encoding="utf-8").splitlines()
    assert {line[1:] for line in ignored if line.startswith("!")} == copied
    assert all((ROOT / part).exists() for part in copied)


# --- listening


@pytest.mark.parametrize(
    ("said", "marked", "allowed"),
    [("true", True, True), ("true", False, False), ("false", True, False), (None, True, False)],
)
def test_a_setting_alone_does_not_open_a_machine(
    said: str | None, marked: bool, allowed: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("DAYZERO_CONTAINER", raising=False)
    if said is not None:
        monkeypatch.setenv("DAYZERO_CONTAINER", said)
    mark = tmp_path / "mark"
    mark.touch() if marked else None
    assert loopback.in_container([mark]) is allowed
