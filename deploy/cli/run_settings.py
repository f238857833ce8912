"""A command in another shell finds the running suite without configuration: ``up`` leaves its settings behind."""

import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from deploy.cli.failure import CommandError
from deploy.local.errors import LaunchError
from deploy.local.suite import read_settings

_MARK = "DAYZERO_TRIAGE_MONGO_URI"
_INTAKE_PORT = "DAYZERO_INTAKE_PORT"


def settings_in_force(environ: Mapping[str, str] = os.environ) -> dict[str, str]:
    """Return the settings of the environment if it has any, else those that ``up`` left. Raises LaunchError."""
    if environ.get(_MARK):
        return {name: value for name, value in environ.items() if name.startswith("DAYZERO_")}
    return read_settings(Path(environ.get("DAYZERO_RUN") or ".run").absolute() / "up")


def intake_url(given: str | None, environ: Mapping[str, str] = os.environ) -> str:
    """Return the address of the running intake. Raises CommandError where none is known."""
    if given:
        return given.rstrip("/")
    try:
        port = settings_in_force(environ).get(_INTAKE_PORT)
    except LaunchError as error:
        raise CommandError(f"{error}; or give the address of intake with --url") from error
    if not port:
        raise CommandError("DAYZERO_INTAKE_PORT is not set; give the address of intake with --url")
    return f"http://127.0.0.1:{port}"


@contextmanager
def in_environment(settings: Mapping[str, str]) -> Iterator[None]:
    """Let the services' doors read these settings: they look into the environment and nowhere else."""
    before = {name: os.environ.get(name) for name in settings}
    os.environ.update(settings)
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                os.environ.pop(name, None)
            else:
                os.environ[name] = value
