"""Many E2B files at once: those of a folder, how far it is, and what became of all of them (ICH E2B(R3) v5.03, 3.1)."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from enum import IntEnum
from pathlib import Path
from typing import TypeVar

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from deploy.cli.failure import CommandError

MESSAGES = frozenset({".xml"})
ANSWERS = frozenset({".xml", ".ack"})
Result = TypeVar("Result")
_COLUMNS = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
_KINDS = ("without findings", "with findings", "refused or unreadable")


class ExitCode(IntEnum):
    """What the command's exit code says, the worst file deciding."""

    NOTHING_FOUND = 0
    ISSUES = 1
    UNREADABLE = 3


def files_in(paths: Sequence[Path], suffixes: frozenset[str] = MESSAGES) -> list[Path]:
    """Return the files named, and those of the folders named, all the way down.

    Raises CommandError where a folder has none.
    """
    return [file for path in paths for file in (_of_folder(path, suffixes) if path.is_dir() else [path])]


def _of_folder(folder: Path, suffixes: frozenset[str]) -> list[Path]:
    found = sorted(path for path in folder.rglob("*") if path.suffix.lower() in suffixes and path.is_file())
    if not found:
        raise CommandError(f"{folder} holds no file named {' or '.join(sorted(suffixes))}")
    return found


def tracked(doing: str, files: Sequence[Path]) -> Iterator[Path]:
    """Yield each file, and show a person who waits for many how far it is."""
    console = Console(stderr=True)
    hidden = len(files) < 2 or not console.is_terminal
    with Progress(*_COLUMNS, console=console, transient=True, disable=hidden) as progress:
        yield from progress.track(files, description=doing)


def each(doing: str, files: Sequence[Path], do: Callable[[Path], Result]) -> list[Result]:
    """Do it to every file, with progress."""
    return [do(file) for file in tracked(doing, files)]


def summary(codes: Sequence[ExitCode]) -> Iterator[str]:
    """Yield a line for all files and one for each kind of them; nothing for a single file."""
    if len(codes) > 1:
        yield f"{len(codes)} files"
        for code, kind in zip(ExitCode, _KINDS, strict=True):
            yield f"  {codes.count(code)} {kind}"


def worst(codes: Iterable[ExitCode]) -> ExitCode:
    """Return the exit code for all."""
    return max(codes)


def counted(number: int, what: str) -> str:
    """Say how many there are: 1 message, 2 messages."""
    return f"{number} {what}" if number == 1 else f"{number} {what}s"
