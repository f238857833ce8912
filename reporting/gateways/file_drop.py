"""No file that failed validation, and no half of one, is ever in the outgoing folder; no answer is read and lost.

A destination's own software takes files from one folder and lays its acknowledgements in another.
"""

import os
from collections.abc import Iterator
from pathlib import Path

import msgspec

from reporting.ports import GatewayError
from shared.ids import sha256

_SUFFIXES = {".xml", ".ack"}
LARGEST = 8 * 1024 * 1024  # of anything larger only this much is looked at, and kept as unmatched
ARCHIVE, UNMATCHED = "archive", "unmatched"


class FileDrop:
    """``reporting.ports.Gateway`` over a folder."""

    def __init__(self, outgoing: Path) -> None:
        """Write into ``outgoing``, which must exist."""
        self._outgoing = outgoing

    def hand_over(self, file_name: str, content: bytes) -> bool:
        """Lay the bytes in the folder under this name. True: they lay there already.

        Raises GatewayError: permanent where other bytes lie under the name.
        """
        path = self._outgoing / file_name
        try:
            if path.exists():
                return _same(path, content)
            _write(path, content)
        except OSError as error:
            raise GatewayError(f"outgoing folder: {error.strerror}; it is tried again") from error
        return False


class Incoming(msgspec.Struct, frozen=True, kw_only=True):
    """A file that a destination laid in the incoming folder."""

    path: Path
    content: bytes


class IncomingFolder:
    """The folder in which acknowledgements arrive; what was read is kept in its subfolders."""

    def __init__(self, folder: Path) -> None:
        """Read from ``folder``, which must exist."""
        self._folder = folder

    def arrived(self) -> Iterator[Incoming]:
        """Yield the files that lie there, by name; a file that is being written has a name with a dot in front."""
        for path in sorted(self._folder.iterdir()):
            if path.suffix.lower() in _SUFFIXES and not path.name.startswith(".") and path.is_file():
                with path.open("rb") as file:
                    yield Incoming(path=path, content=file.read(LARGEST + 1))

    def put_away(self, incoming: Incoming, matched: bool) -> None:
        """Move a file whose content is stored; one of the same name keeps its place beside it."""
        target = self._folder / (ARCHIVE if matched else UNMATCHED)
        target.mkdir(exist_ok=True)
        path = target / incoming.path.name
        if path.exists() and path.read_bytes() != incoming.content:
            path = target / f"{incoming.path.stem}_{sha256(incoming.content)[:12]}{incoming.path.suffix}"
        incoming.path.rename(path)


def _same(path: Path, content: bytes) -> bool:
    if path.read_bytes() != content:
        raise GatewayError(f"another file lies under the name {path.name}; find out whose it is", permanent=True)
    return True


def _write(path: Path, content: bytes) -> None:
    # One temporary name for each file: what a killed sender left behind is overwritten, not piled up.
    temporary = path.with_name(f".{path.name}.part")
    with temporary.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    temporary.rename(path)
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)  # the name must survive a power cut as surely as the bytes do
    finally:
        os.close(folder)
