"""Settings come from the environment as ``DAYZERO_…``; a secret may come from the file that ``…_FILE`` names."""

import os
import sys
from collections.abc import Callable, Iterable
from datetime import timedelta
from difflib import get_close_matches
from typing import NoReturn, TypeVar
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from environs import EnvError, FileAwareEnv

EX_CONFIG = 78  # sysexits.h: something in the configuration is wrong
_PREFIX = "DAYZERO_"
_NEARLY = 0.85  # SITE_ZNOE is nearly SITE_ZONE; INTAKE_MONGO_URI and TRIAGE_MONGO_URI are 0.81 alike, and two settings

T = TypeVar("T")


class SettingsError(Exception):
    """A setting is missing or wrong; the message names it and says what it should be."""


def load(read: Callable[[FileAwareEnv], T]) -> T:
    """Read settings with ``read``, whose environment already carries the prefix ``DAYZERO_``.

    Raises SettingsError with one readable line.
    """
    env = FileAwareEnv()
    try:
        with env.prefixed(_PREFIX):
            settings = read(env)
        _refuse_misspelt(set(env.dump()))
    except (EnvError, ValueError) as error:
        raise SettingsError(f"settings: {' '.join(str(error).split())}") from error
    return settings


def load_or_exit(read: Callable[[FileAwareEnv], T]) -> T:
    """Read settings for a door: what is wrong is said in one line on standard error, exit code 78."""
    try:
        return load(read)
    except SettingsError as error:
        fail(str(error))


def fail(line: str) -> NoReturn:
    """End the process with one readable line."""
    sys.stderr.write(f"{line}\n")
    sys.stderr.flush()
    os._exit(EX_CONFIG)  # not sys.exit: a server thread that is already running must not outlive a refusal


def mongo_uri(env: FileAwareEnv, name: str) -> str:
    """Return the URI of a service's database, which must name the database too. Raises ValueError."""
    uri: str = env.str(name)
    parts = urlsplit(uri)
    if parts.scheme not in {"mongodb", "mongodb+srv"} or not parts.path.strip("/"):
        raise ValueError(f"{_PREFIX}{name} names no database; set mongodb://host:port/database")
    return uri


def port(env: FileAwareEnv, name: str, default: int) -> int:
    """Return a TCP port. Raises ValueError."""
    number: int = env.int(name, default)
    if not 0 < number < 65536:
        raise ValueError(f"{_PREFIX}{name} is {number}; set a port from 1 to 65535")
    return number


def pause(env: FileAwareEnv, name: str, default: float) -> timedelta:
    """Return a pause that is none too short and none too long. Raises ValueError."""
    seconds: float = env.float(name, default)
    if not 0 < seconds <= 3600:
        raise ValueError(f"{_PREFIX}{name} is {seconds:g}; set seconds above 0, at most 3600")
    return timedelta(seconds=seconds)


def _refuse_misspelt(names: set[str]) -> None:
    """Refuse a variable that nearly is a setting: the setting meant would silently keep its default.

    Others are left alone. One environment serves every door, every version and the tools around them, so a door can't
    know all names, and after a roll-back a newer setting must not keep it from taking reports.
    """
    unset = [name for name in names if not os.environ.keys() & {name, f"{name}_FILE"}]
    for name in _unknown(names):
        if meant := get_close_matches(name, unset, 1, _NEARLY):
            raise ValueError(f"{name} is no setting; {meant[0]} is, and is not set: one of them is misspelt")


def _unknown(names: set[str]) -> Iterable[str]:
    known = names | {f"{name}_FILE" for name in names}
    return sorted(name for name in os.environ if name.startswith(_PREFIX) and name not in known)


def zone(name: str) -> ZoneInfo:
    """Return the IANA zone of that name. Raises ValueError that says what to set."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError) as error:
        raise ValueError(f"DAYZERO_SITE_ZONE is {name!r}, no IANA time zone; set for example Europe/Zurich") from error
