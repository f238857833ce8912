"""ICH's schema set is not ours to ship: its user's copy is installed whole or not at all, and can be checked again.

A set lies under the digest of its manifest and is pointed at by one link; to change the link is one step, so that
whoever reads meanwhile has the old set or the new one.
"""

import os
import shutil
import tempfile
from collections.abc import Mapping
from pathlib import Path

import msgspec

from deploy.cli import schema_source
from deploy.cli.failure import CommandError
from deploy.local.folders import private_folder
from deploy.local.schema_folder import installed_folder
from shared.icsr import api as icsr
from shared.ids import sha256

MANIFEST = "manifest.json"
_SETS = "schema-sets"


class Stated(msgspec.Struct, frozen=True, kw_only=True):
    """What the manifest says of a file."""

    sha256: str
    bytes: int


class Manifest(msgspec.Struct, frozen=True, kw_only=True):
    """The files of a set by their paths in it."""

    files: dict[str, Stated]


class Installed(msgspec.Struct, frozen=True, kw_only=True):
    """An installed set: where, which, how many files; ``was_there`` if the very same one was."""

    folder: str
    digest: str
    files: int
    was_there: bool


def install(source: Path, environ: Mapping[str, str] = os.environ) -> Installed:
    """Install the set of a folder or zip. Raises CommandError; then what was installed before is untouched."""
    try:
        with schema_source.opened(source) as read:
            files = icsr.needed_files(read)
        manifest = _manifest(files)
        digest = sha256(manifest)
        link = installed_folder(environ)
        sets = private_folder(link.parent / _SETS)
        was_there = link.resolve() == (sets / digest).resolve() and _is_whole(sets / digest)
        if not was_there:
            _place(files, manifest, sets, digest)
            _point(link, Path(_SETS) / digest)
    except icsr.UnusableSchemas as error:
        raise CommandError(f"{source} was not installed: {error}") from error
    return Installed(folder=str(link), digest=digest, files=len(files), was_there=was_there)


def faults(folder: Path) -> list[str]:
    """Hold an installed set against its manifest; return what differs, in words. Raises CommandError."""
    try:
        stated = msgspec.json.decode((folder / MANIFEST).read_bytes(), type=Manifest).files
    except FileNotFoundError as error:
        raise CommandError(f"{folder} has no {MANIFEST}; install a set with: dayzero schemas install") from error
    except msgspec.DecodeError as error:
        raise CommandError(f"{folder / MANIFEST} is damaged; install the set again") from error
    found = {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()} - {MANIFEST}
    differing = [f"{name}: not as installed" for name in sorted(found & set(stated)) if _differs(folder, name, stated)]
    missing = [f"{name}: missing" for name in sorted(set(stated) - found)]
    return missing + differing + [f"{name}: not of the set" for name in sorted(found - set(stated))]


def check(folder: Path) -> list[str]:
    """Return what is wrong with an installed set, in words: files, then whether it compiles. Raises CommandError."""
    found = faults(folder)
    try:
        icsr.compile_set(folder.resolve())
    except icsr.UnusableSchemas as error:
        found.append(str(error))
    return found


def _is_whole(folder: Path) -> bool:
    try:
        return not faults(folder)
    except CommandError:
        return False


def _differs(folder: Path, name: str, stated: Mapping[str, Stated]) -> bool:
    return sha256((folder / name).read_bytes()) != stated[name].sha256


def _manifest(files: Mapping[str, bytes]) -> bytes:
    stated = {name: Stated(sha256=sha256(content), bytes=len(content)) for name, content in sorted(files.items())}
    return msgspec.json.format(msgspec.json.encode(Manifest(files=stated)), indent=1)


def _place(files: Mapping[str, bytes], manifest: bytes, sets: Path, digest: str) -> None:
    """Write the set under another name, compile it there, and only then let it have its own."""
    with tempfile.TemporaryDirectory(dir=sets, prefix=".new-") as name:
        new = Path(name) / digest
        for path, content in {**files, MANIFEST: manifest}.items():
            file = new / path
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_bytes(content)
        icsr.compile_set(new)
        if (sets / digest).exists():  # a damaged one of the same digest
            shutil.rmtree(sets / digest)
        new.rename(sets / digest)


def _point(link: Path, target: Path) -> None:
    if link.is_dir() and not link.is_symlink():
        raise CommandError(f"{link} is a folder that was not installed by this command; move it away")
    half = link.with_name(f".{link.name}-{os.getpid()}")
    half.unlink(missing_ok=True)
    half.symlink_to(target, target_is_directory=True)
    half.replace(link)
