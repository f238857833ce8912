"""What a command can fail of is told in one readable line that says what to do about it; never a traceback."""

from collections.abc import Callable
from typing import Any

from pymongo.errors import PyMongoError
from typer import Exit
from typer.core import TyperGroup

from deploy.cli.terminal import say
from deploy.local.errors import LaunchError
from shared.icsr.api import UnusableSchemas
from shared.settings import SettingsError

FAILED = 2


class CommandError(Exception):
    """A command cannot do what it was asked; the message is one line and names the cure."""


def _of_mongo(error: Exception) -> str:
    # pymongo's own words go on for a page and may name users; what helps is where to look.
    return f"MongoDB does not answer ({type(error).__name__}); is the suite up? start it with: dayzero up"


def _of_schemas(error: Exception) -> str:
    return f"the schema set can't be used: {error}; install it with: dayzero schemas install"


def _of_file(error: Exception) -> str:
    name = getattr(error, "filename", None)
    return f"{name}: {getattr(error, 'strerror', error)}" if name else str(error)


_WORDS: dict[type[Exception], Callable[[Exception], str]] = {
    CommandError: str,
    LaunchError: str,
    SettingsError: str,
    UnusableSchemas: _of_schemas,
    PyMongoError: _of_mongo,
    OSError: _of_file,
}


class ReadableGroup(TyperGroup):
    """A group of commands whose known failures are one line on standard error and exit code 2."""

    def invoke(self, ctx: Any) -> Any:
        """Run the command."""
        try:
            return super().invoke(ctx)
        except BrokenPipeError:  # who reads has enough (`dayzero ... | head`): typer ends quietly
            raise
        except tuple(_WORDS) as error:
            words = next(words for kind, words in _WORDS.items() if isinstance(error, kind))
            line = " ".join(words(error).split())
        say(f"dayzero: {line}", err=True)
        raise Exit(FAILED)
