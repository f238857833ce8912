"""A command that acts finds the suite, and tells in one line what it may not do and what is not there."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date

import triage.cli
from deploy.cli.failure import CommandError
from deploy.cli.run_settings import in_environment, settings_in_force


@contextmanager
def acting(missing: str = "there is no {!r}") -> Iterator[None]:
    """Let triage's door read the settings in force; ``missing`` says what a name that there is not was taken for."""
    with in_environment(settings_in_force()):
        try:
            yield
        except triage.cli.Denied as error:
            raise CommandError(str(error)) from error
        except LookupError as error:
            raise CommandError(missing.format(error.args[0])) from error


def day_of(stated: str) -> date:
    """Return the day of an option. Raises CommandError."""
    try:
        return date.fromisoformat(stated)
    except ValueError as error:
        raise CommandError(f"{stated} is no day; write it as 2027-01-31") from error
