"""The schema package as its user has it, folder or zip: read by name within bounds, and never unpacked as it says.

A zip comes from outside: its names may climb, its links may point away, its sizes may lie.
"""

import stat
import zipfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path, PurePosixPath

from deploy.cli.failure import CommandError

ROOT = "multicacheschemas/MCCI_IN200100UV01.xsd"
MOST_ENTRIES = 20_000
LARGEST_FILE = 16 * 1024 * 1024
LARGEST_SET = 64 * 1024 * 1024

Read = Callable[[str], bytes | None]


@contextmanager
def opened(source: Path) -> Iterator[Read]:
    """Yield what reads a file of the set by its path in it, None where there is none. Raises CommandError."""
    if source.is_dir():
        yield _within_bounds(_of_folder(source))
        return
    try:
        if source.stat().st_size > LARGEST_SET:
            raise CommandError(f"{source}: larger than any schema package of ICH")
        with zipfile.ZipFile(source) as archive:
            yield _within_bounds(_of_zip(archive, source))
    except FileNotFoundError as error:
        raise CommandError(f"{source}: there is no such folder or zip") from error
    except (zipfile.BadZipFile, zipfile.LargeZipFile, NotImplementedError, RuntimeError, EOFError, zlib.error) as error:
        raise CommandError(f"{source} is no readable zip: {error}") from error


def _within_bounds(read: Read) -> Read:
    total = 0

    def bounded(path: str) -> bytes | None:
        nonlocal total
        content = read(path)
        total += len(content or b"")
        if len(content or b"") > LARGEST_FILE or total > LARGEST_SET:
            raise CommandError(f"{path}: larger than any schema of ICH; is this the schema package?")
        return content

    return bounded


def _of_folder(source: Path) -> Read:
    root = source.resolve()
    prefix = _prefix((path.relative_to(root).as_posix() for path in _walk(root)), source)

    def read(path: str) -> bytes | None:
        file = (root / prefix / path).resolve()
        if not file.is_relative_to(root):
            raise CommandError(f"{path} is a link that leaves {source}; give the package itself")
        if not file.is_file():
            return None
        with file.open("rb") as opened_file:
            return opened_file.read(LARGEST_FILE + 1)

    return read


def _walk(root: Path) -> Iterator[Path]:
    for count, path in enumerate(root.rglob("*.xsd")):
        if count > MOST_ENTRIES:
            raise CommandError(f"{root} has more than {MOST_ENTRIES} schemas; give the folder of the schema package")
        yield path


def _of_zip(archive: zipfile.ZipFile, source: Path) -> Read:
    entries = archive.infolist()
    if len(entries) > MOST_ENTRIES:
        raise CommandError(f"{source} has {len(entries)} entries; the schema package has fewer than {MOST_ENTRIES}")
    for entry in entries:
        _refuse_hostile(entry, source)
    names = [entry.filename for entry in entries]
    prefix = _prefix(names, source)

    def read(path: str) -> bytes | None:
        name = f"{prefix}/{path}" if prefix else path
        if names.count(name) > 1:
            raise CommandError(f"{source}: {name} stands in it twice")
        if name not in names:
            return None
        with archive.open(name) as file:  # the size that the zip states is not believed
            return file.read(LARGEST_FILE + 1)

    return read


def _refuse_hostile(entry: zipfile.ZipInfo, source: Path) -> None:
    path = PurePosixPath(entry.filename)
    if path.is_absolute() or ".." in path.parts or "\\" in entry.filename or ":" in entry.filename:
        raise CommandError(f"{source}: {entry.filename!r} would lie outside; this is not the schema package")
    if stat.S_ISLNK(entry.external_attr >> 16):
        raise CommandError(f"{source}: {entry.filename!r} is a link; this is not the schema package")


def _prefix(names: Iterator[str] | list[str], source: Path) -> str:
    """Return the folder in the package that holds the set; packages have it at different depths."""
    found = sorted({name.removesuffix(ROOT).rstrip("/") for name in names if name == ROOT or name.endswith(f"/{ROOT}")})
    if len(found) == 1:
        return found[0]
    if found:
        raise CommandError(f"{source} holds {len(found)} schema sets ({', '.join(found)}); give the folder of one")
    raise CommandError(f"{source} holds no {ROOT}; give ICH's schema package, folder or zip")
