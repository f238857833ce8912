"""Settings come from the environment as ``DAYZERO_…``; a secret may come from the file that ``…_FILE`` names."""

import os
import sys
from collections.abc import Callable
from typing import NoReturn, TypeVar
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from environs import EnvError, FileAwareEnv

EX_CONFIG = 78  # sysexits.h: something in the configuration is wrong

T = TypeVar("T")


class SettingsError(Exception):
    """A setting is missing or wrong; the message names it and says what it should be."""


def load(read: Callable[[FileAwareEnv], T]) -> T:
    """Read settings with ``read``, whose environment already carries the prefix ``DAYZERO_``.

    Raises SettingsError with one readable line.
    """
    env = FileAwareEnv()
    try:
        with env.prefixed("DAYZERO_"):
            return read(env)
    except (EnvError, ValueError) as error:
        raise SettingsError(f"settings: {error}") from error


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


def zone(name: str) -> ZoneInfo:
    """Return the IANA zone of that name. Raises ValueError that says what to set."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError) as error:
        raise ValueError(f"{name!r} is not an IANA time zone; set for example Europe/Zurich") from error
