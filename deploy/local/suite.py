"""The whole suite on one machine: MongoDB, a broker and every service as its own process, on 127.0.0.1 only."""

import os
import secrets
import shutil
import sys
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import Self

from deploy.local import broker, mongod, schema_folder
from deploy.local.errors import LaunchError
from deploy.local.folders import hold, new_run_folder, private_folder, run_root, secret, write_secret
from deploy.local.ledgers import checkpoint_key
from deploy.local.ports import ADDRESS, free_ports, require_free
from deploy.local.processes import Spec, Supervisor
from deploy.local.readiness import INSTANCE, announced, answering
from shared.audit.door import KEY_SETTING
from shared.audit.ledger import ledger_setting

_DEMO = Path(__file__).parents[1] / "demo"
_MAY_BE_SET = (  # by whoever starts a run
    "DAYZERO_TRUSTED_HOSTS",
    *(f"DAYZERO_OIDC_{name}" for name in ("ISSUER", "CLIENT_ID", "CLIENT_SECRET", "CLIENT_SECRET_FILE", "ACR")),
)
# Services get what they need and nothing else of the caller's environment.
_PASSED_ON = ("PATH", "HOME", "LANG", "LC_ALL", "TMPDIR", "LD_LIBRARY_PATH", "PYTHONPATH")


@dataclass(frozen=True)
class Door:
    """A process of the suite; one with ``port_setting`` answers HTTP on the port which that setting gives."""

    name: str
    argv: tuple[str, ...]
    port_setting: str | None = None

    @property
    def signs(self) -> bool:
        """Say whether it signs checkpoints of the audit trail, and so is told where the key lies."""
        return self.name.endswith(".relay")


def service(module: str, port_setting: str | None = None) -> Door:
    """Return the door that ``python -m module`` opens."""
    return Door(module, (sys.executable, "-m", module), port_setting)


SERVICES = (
    service("intake.app", "DAYZERO_INTAKE_PORT"),
    service("intake.relay"),
    service("intake.worker"),
    service("triage.app", "DAYZERO_REVIEW_PORT"),
    service("triage.worker"),
    service("triage.relay"),
    service("reporting.worker"),
    service("reporting.sender"),
    service("reporting.relay"),
)


@dataclass(frozen=True)
class Options:
    """What a run may choose; the defaults are the demonstration's."""

    registry: Path = _DEMO / "registry"
    dictionary: Path = _DEMO / "dictionary"
    site_zone: str = "Europe/Zurich"
    site_country: str = "CH"
    republish_seconds: float = 5.0
    intake_port: int | None = None  # None: a free one
    review_port: int | None = None
    topic_prefix: str = ""
    topics: tuple[str, ...] = ()  # made up front, prefix included; others are made by Tansu at first use
    keep_data: bool = True
    extra: Mapping[str, str] = field(default_factory=dict)


class Suite:
    """Runs in a ``with`` block; when the block ends, however it ends, so does every process."""

    def __init__(
        self,
        name: str = "up",
        options: Options | None = None,
        doors: Sequence[Door] = SERVICES,
        environ: Mapping[str, str] = os.environ,
    ) -> None:
        """Prepare a run in ``.run/<name>``; the name ``demo`` stands for a new folder of its own."""
        self.options = options or Options()
        self.doors = doors
        self._environ = environ
        self._root = run_root(environ)
        self._fresh = name == "demo"
        self.folder = new_run_folder(self._root, name) if self._fresh else private_folder(self._root / name)
        self.outgoing = self.folder / "outgoing"
        self.incoming = self.folder / "incoming"
        self.settings_file = self.folder / "settings.env"
        self._instance = secrets.token_hex(8)
        self._stack = ExitStack()

    def __enter__(self) -> Self:
        with ExitStack() as stack:
            stack.callback(os.close, hold(self.folder))
            if not self.options.keep_data:
                stack.callback(self._remove_data)
            self.intake_port, self.review_port = self._ports()
            self.supervisor = stack.enter_context(Supervisor(self.folder / "log"))
            self.settings = self._start_servers()
            write_secret(self.settings_file, "".join(f"{name}={value}\n" for name, value in self.settings.items()))
            self.supervisor.start_all(self._spec(door) for door in self.doors)
            self._stack = stack.pop_all()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stack.__exit__(kind, error, trace)

    @property
    def intake_url(self) -> str:
        return f"http://{ADDRESS}:{self.intake_port}"

    @property
    def review_url(self) -> str:
        return f"http://{ADDRESS}:{self.review_port}"

    def check(self) -> None:
        """Raise LaunchError if a process has ended by itself."""
        self.supervisor.check()

    def restart(self, name: str) -> None:
        """Start a process again; a broker that was ours comes back empty, its topics made anew."""
        self.supervisor.restart(name)
        if name == broker.PROCESS:
            self.broker.create_topics(self.options.topics)

    def kill(self, name: str) -> None:
        """End a process the hard way, as ``kill -9`` does."""
        self.supervisor.kill(name)

    def _ports(self) -> tuple[int, int]:
        intake, review = free_ports(2)
        return (
            require_free(self.options.intake_port or intake, "intake"),
            require_free(self.options.review_port or review, "review"),
        )

    def _start_servers(self) -> dict[str, str]:
        databases = self._databases()
        self.broker = broker.start_broker(self.supervisor, self._root / "bin", self._environ)
        if self.options.topics:
            self.broker.create_topics(self.options.topics)
        return {**databases, "DAYZERO_KAFKA": self.broker.address, **self._own_settings()}

    def _databases(self) -> dict[str, str]:
        settings = [name(service) for name in (mongod.mongo_setting, ledger_setting) for service in mongod.SERVICES]
        external = {name: self._environ[name] for name in settings if self._environ.get(name)}
        if missing := [name for name in settings if external and name not in external]:
            raise LaunchError(f"{' and '.join(missing)} not set, though {' and '.join(external)} is; set all or none")
        if external:
            return external
        server = mongod.start_mongod(self.supervisor, self.folder, self._root / "bin", self._environ)
        return server.create_service_users()

    def _own_settings(self) -> dict[str, str]:
        options = self.options
        settings = {
            "DAYZERO_INTAKE_PORT": str(self.intake_port),
            "DAYZERO_INTAKE_SECRET_KEY": secret(self.folder / "secrets", "intake_form"),
            "DAYZERO_REVIEW_PORT": str(self.review_port),
            "DAYZERO_REGISTRY": str(options.registry.absolute()),
            "DAYZERO_DICTIONARY": str(options.dictionary.absolute()),
            "DAYZERO_OUTGOING": str(private_folder(self.outgoing)),
            "DAYZERO_INCOMING": str(private_folder(self.incoming)),
            "DAYZERO_SITE_ZONE": options.site_zone,
            "DAYZERO_SITE_COUNTRY": options.site_country,
            "DAYZERO_REVIEW_SECRET_KEY": secret(self.folder / "secrets", "review"),
            "DAYZERO_REPUBLISH_SECONDS": f"{options.republish_seconds:g}",
            "DAYZERO_TOPIC_PREFIX": options.topic_prefix,
            KEY_SETTING: self._environ.get(KEY_SETTING) or str(checkpoint_key(self.folder / "secrets")),
            schema_folder.SETTING: str(schema_folder.schema_folder(self._environ) or ""),
        }
        chosen = {name: self._environ[name] for name in _MAY_BE_SET if self._environ.get(name)}
        return {name: value for name, value in settings.items() if value} | chosen | dict(options.extra)

    def _spec(self, door: Door) -> Spec:
        passed_on = {name: self._environ[name] for name in _PASSED_ON if name in self._environ}
        kept = {} if door.signs else {KEY_SETTING}
        settings = {name: value for name, value in self.settings.items() if name not in kept}
        environment = {**passed_on, "PYTHONUNBUFFERED": "1", INSTANCE: self._instance, **settings}
        check = answering(int(self.settings[door.port_setting])) if door.port_setting else announced()
        return Spec(door.name, door.argv, environment, check)

    def _remove_data(self) -> None:
        shutil.rmtree(self.folder / "mongo", ignore_errors=True)
        shutil.rmtree(self.folder / "secrets", ignore_errors=True)
        self.settings_file.unlink(missing_ok=True)


def read_settings(run_folder: Path) -> dict[str, str]:
    """Return the settings of a running or earlier suite, for a command in another terminal."""
    try:
        lines = (run_folder / "settings.env").read_text(encoding="utf-8").splitlines()
    except OSError as error:
        raise LaunchError(f"nothing has run in {run_folder}; start the suite with: make up") from error
    return dict(line.partition("=")[::2] for line in lines)
