"""Files of E2B(R3) messages go through the running intake, and what each is answered is kept beside it (DOMAIN 1).

Every file and every message is accounted for: read is the sum of accepted, repeats and refused, of both.
"""

from collections.abc import Callable, Iterator, Sequence
from functools import partial
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import msgspec

from deploy.cli import wire
from deploy.cli.e2b_many import counted
from deploy.cli.failure import CommandError
from deploy.cli.import_files import must_be_regular
from deploy.cli.import_reports import posted
from deploy.cli.partner import Partner

_XML = {"Content-Type": "application/xml"}
_SUFFIX = ".xml"
_ANSWER_SUFFIX = ".ack"
_SECONDS = 900.0  # a file may hold thousands of messages, each of which is kept before the answer
_ACCEPTED = "CA"


class RefusedFile(msgspec.Struct, frozen=True, kw_only=True):
    """A file that is no readable batch, with intake's words."""

    file: str
    status: int
    words: str


class Counts(msgspec.Struct, kw_only=True):
    """What became of files, or of messages: ``read`` is the sum of the others."""

    read: int = 0
    accepted: int = 0
    repeats: int = 0
    refused: int = 0

    @property
    def reconciles(self) -> bool:
        """Say whether every one is accounted for."""
        return self.read == self.accepted + self.repeats + self.refused


class ImportedFiles(msgspec.Struct, kw_only=True):
    """What became of all that was sent; ``written`` are the acknowledgements."""

    files: Counts = msgspec.field(default_factory=Counts)
    messages: Counts = msgspec.field(default_factory=Counts)
    refused: list[RefusedFile] = []
    written: list[str] = []

    @property
    def is_clean(self) -> bool:
        """Say whether everything was accepted and is accounted for."""
        counts = (self.files, self.messages)
        return all(each.reconciles and not each.refused for each in counts)


def files_of(paths: Sequence[Path]) -> list[Path]:
    """Return the files named, and the .xml files in the folders named. Raises CommandError where there is none."""
    return [file for path in paths for file in (_in_folder(path) if path.is_dir() else [_named(path)])]


def post_all(
    files: Sequence[Path],
    sponsor: str | None,
    to: Path | None,
    partner: Partner,
    done: ImportedFiles,
    told: Callable[[], None],
) -> None:
    """Post each file, write its acknowledgement, and count what became of it; ``told`` is called after each.

    Raises CommandError where nothing answers, and OSError; ``done`` has what was done until then.
    """
    query = f"?{urlencode({'sponsor': sponsor})}" if sponsor else ""
    for file in files:
        content = file.read_bytes()
        answer = posted(partial(partner.call, "POST", f"/v1/icsrs{query}", content, _XML, _SECONDS))
        done.files.read += 1
        if answer.status == 200:
            done.written.append(_write(file, to, answer))
            _count(done, answer, partner)
        else:
            done.files.refused += 1
            done.refused.append(RefusedFile(file=str(file), status=answer.status, words=answer.words))
        told()


def as_json(done: ImportedFiles) -> dict[str, Any]:
    """Return the counts for a script."""
    return {**msgspec.to_builtins(done), "reconciles": done.files.reconciles and done.messages.reconciles}


def lines_of(done: ImportedFiles) -> Iterator[str]:
    """Yield the counts for a reader."""
    for name, each in (("file", done.files), ("message", done.messages)):
        yield f"{counted(each.read, name)} = {each.accepted} accepted + {each.repeats} repeats + {each.refused} refused"
    for refused in done.refused:
        yield f"refused {refused.file}: {refused.words}"
    if done.written:
        yield f"acknowledgements: {done.written[0]}" + (f" to {done.written[-1]}" if len(done.written) > 1 else "")


def _count(done: ImportedFiles, answer: wire.Answer, partner: Partner) -> None:
    """Count a file and its messages, of which intake tells one by one."""
    replayed = answer.headers.get("idempotency-replayed") == "true"
    done.files.repeats += replayed
    done.files.accepted += not replayed
    for message in partner.call("GET", answer.headers["location"]).body["messages"]:
        done.messages.read += 1
        taken = message["code"] == _ACCEPTED
        repeat = taken and (replayed or message["repeat"])
        done.messages.repeats += repeat
        done.messages.accepted += taken and not repeat
        done.messages.refused += not taken


def _write(file: Path, to: Path | None, answer: wire.Answer) -> str:
    """Write an acknowledgement beside its file, or into a folder; one that lies there is never replaced by another."""
    folder, file_id = to or file.parent, answer.headers["location"].rpartition("/")[2]
    target = folder / f"{file.stem}{_ANSWER_SUFFIX}"
    if target.exists() and target.read_bytes() != answer.content:
        target = folder / f"{file.stem}-{file_id}{_ANSWER_SUFFIX}"
    target.write_bytes(answer.content)
    return str(target)


def _in_folder(folder: Path) -> list[Path]:
    found = sorted(path for path in folder.rglob("*") if path.suffix.lower() == _SUFFIX and path.is_file())
    if not found:
        raise CommandError(f"{folder} holds no file named {_SUFFIX}")
    return found


def _named(file: Path) -> Path:
    must_be_regular(file)
    if not file.exists():
        raise CommandError(f"there is no file {file}")
    return file
