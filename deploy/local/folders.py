"""Everything a run writes lies under one private folder, ``.run``: data, secrets, logs and the copies of binaries."""

import errno
import fcntl
import os
import secrets
import shutil
from collections.abc import Mapping
from pathlib import Path

from deploy.local.errors import LaunchError

PRIVATE = 0o700
SECRET = 0o600
DISK_NEEDED = 1 << 30  # mongod's journal takes 300 MB before the first document, its binary 140 MB


def run_root(environ: Mapping[str, str] = os.environ) -> Path:
    """Return the private folder that all runs share: ``DAYZERO_RUN``, else ``.run`` in the current folder."""
    root = Path(environ.get("DAYZERO_RUN") or ".run").absolute()
    private_folder(root)
    require_disk(root)
    return root


def private_folder(path: Path) -> Path:
    """Make ``path`` a folder that only its owner may enter."""
    try:
        path.mkdir(mode=PRIVATE, parents=True, exist_ok=True)
        path.chmod(PRIVATE)  # mkdir's mode is cut by the umask, and the folder may be an older one
    except OSError as error:
        raise LaunchError(f"{path}: {words(error)}; set DAYZERO_RUN to a folder that you may write to") from error
    return path


def new_run_folder(root: Path, kind: str) -> Path:
    """Make a run folder no other run has: two demos may run together, and a process id comes round again."""
    stem = f"{kind}-{os.getpid()}"
    for name in (stem, *(f"{stem}-{count}" for count in range(2, 1000))):
        try:
            (root / name).mkdir(mode=PRIVATE)
        except FileExistsError:
            continue
        return private_folder(root / name)
    raise LaunchError(f"{root} is full of old runs; remove it with: make clean")


def hold(folder: Path) -> int:
    """Lock a run folder for this process and return the lock's descriptor; the lock ends with the process."""
    descriptor = os.open(folder / "lock", os.O_RDWR | os.O_CREAT, SECRET)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        os.close(descriptor)
        raise LaunchError(f"{folder} is in use by another run; stop that one first") from error
    return descriptor


def secret(folder: Path, name: str) -> str:
    """Return the random secret of that name, made at its first use and kept for the next start."""
    path = private_folder(folder) / name
    if not path.exists():
        # Written under another name first: a half-written secret would lock a later start out of its own database.
        half = path.with_suffix(".new")
        write_secret(half, secrets.token_hex(32))  # a keyFile takes base64 letters only: no "-" or "_"
        half.rename(path)
    return path.read_text(encoding="ascii")


def write_secret(path: Path, text: str) -> None:
    """Write a file that was never readable by others, not even for a moment."""
    path.unlink(missing_ok=True)
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, SECRET)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        file.write(text)


def require_disk(folder: Path, needed: int = DISK_NEEDED) -> None:
    """Refuse to start on a disk that mongod would fill before the first report."""
    free = shutil.disk_usage(folder).free
    if free < needed:
        raise LaunchError(
            f"{folder}: {free >> 20} MB free, {needed >> 20} MB needed; free some, run make clean, "
            "or set DAYZERO_RUN to a folder on another disk"
        )


def words(error: OSError) -> str:
    """Say what the system refused, in its own words; a full disk in ours."""
    return "no space left on the disk" if error.errno == errno.ENOSPC else error.strerror or str(error)
