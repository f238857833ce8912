"""What is missing on this machine, and the cure: every finding names what to do (issue: the command ``doctor``)."""

import os
import sys
from collections.abc import Callable, Mapping
from enum import StrEnum

import msgspec

from deploy.cli.run_settings import settings_in_force
from deploy.local.broker import find_broker
from deploy.local.errors import LaunchError
from deploy.local.folders import require_disk, run_root
from deploy.local.mongod import SERVICES, find_mongod, mongo_setting
from deploy.local.schema_folder import schema_folder

_PYTHON = (3, 11)


class State(StrEnum):
    """What a check found: only ``missing`` keeps the suite from running."""

    GOOD = "good"
    OPTIONAL = "optional"
    MISSING = "missing"


class Check(msgspec.Struct, frozen=True, kw_only=True):
    """One thing that was looked at."""

    name: str
    state: State
    found: str
    cure: str = ""


def examine(environ: Mapping[str, str] = os.environ) -> list[Check]:
    """Look at everything that the suite needs."""
    return [_checked(name, check, environ) for name, check in _CHECKS.items()]


def _checked(name: str, check: Callable[[Mapping[str, str]], Check], environ: Mapping[str, str]) -> Check:
    try:
        return check(environ)
    except LaunchError as error:
        found, _, cure = str(error).partition("; ")
        return Check(name=name, state=State.MISSING, found=found, cure=cure)


def _python(_environ: Mapping[str, str]) -> Check:
    found = ".".join(map(str, sys.version_info[:3]))
    if sys.version_info >= _PYTHON:
        return Check(name="python", state=State.GOOD, found=found)
    return Check(name="python", state=State.MISSING, found=found, cure="install Python 3.11 or newer, then: make setup")


def _mongod(environ: Mapping[str, str]) -> Check:
    if all(environ.get(mongo_setting(service)) for service in SERVICES):
        return Check(name="mongod", state=State.GOOD, found="elsewhere, by DAYZERO_…_MONGO_URI")
    return Check(name="mongod", state=State.GOOD, found=str(find_mongod(run_root(environ) / "bin", environ)))


def _broker(environ: Mapping[str, str]) -> Check:
    if elsewhere := environ.get("DAYZERO_KAFKA"):
        return Check(name="broker", state=State.GOOD, found=f"elsewhere, {elsewhere}")
    return Check(name="broker", state=State.GOOD, found=str(find_broker(run_root(environ) / "bin")))


def _disk(environ: Mapping[str, str]) -> Check:
    root = run_root(environ)
    require_disk(root)
    return Check(name="disk", state=State.GOOD, found=f"room enough in {root}")


def _schemas(environ: Mapping[str, str]) -> Check:
    folder = schema_folder(environ)
    if folder is None:
        cure = "install ICH's schema package to check files against it: dayzero schemas install FOLDER_OR_ZIP"
        return Check(name="schemas", state=State.OPTIONAL, found="not configured, structural checks only", cure=cure)
    if (folder / "multicacheschemas").is_dir():
        return Check(name="schemas", state=State.GOOD, found=str(folder))
    cure = "set DAYZERO_E2B_SCHEMAS to the folder that holds multicacheschemas/, or unset it"
    return Check(name="schemas", state=State.MISSING, found=f"no multicacheschemas/ in {folder}", cure=cure)


def _settings(environ: Mapping[str, str]) -> Check:
    try:
        settings = settings_in_force(environ)
    except LaunchError:
        cure = "start the suite with: dayzero up"
        return Check(name="settings", state=State.OPTIONAL, found="no suite has been started here", cure=cure)
    wanted = [mongo_setting(service) for service in SERVICES]
    if missing := [name for name in wanted if not settings.get(name)]:
        cure = f"set {' and '.join(missing)}, or none of them"
        return Check(name="settings", state=State.MISSING, found=f"{', '.join(missing)} not set", cure=cure)
    return Check(name="settings", state=State.GOOD, found=f"{len(settings)} settings")


_CHECKS: dict[str, Callable[[Mapping[str, str]], Check]] = {
    "python": _python,
    "mongod": _mongod,
    "broker": _broker,
    "disk": _disk,
    "schemas": _schemas,
    "settings": _settings,
}
