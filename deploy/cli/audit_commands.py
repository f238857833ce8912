"""``dayzero audit``: the audit trail, for review and copying (21 CFR 11.10(b), (e))."""

import os
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Annotated

import msgspec
import typer

from deploy.audit import verify_export
from deploy.audit.verify_export import Verifier
from deploy.cli import audit_trails
from deploy.cli.audit_trails import Left, Withholding
from deploy.cli.deadletters import acting
from deploy.cli.failure import CommandError
from deploy.cli.run_settings import in_environment, settings_in_force
from deploy.cli.terminal import say, write_json
from shared.audit.checkpoints import Key
from shared.audit.door import KEY_SETTING, key_of, read_key
from shared.audit.notary import BrokenChain
from shared.clock import SystemClock
from shared.settings import load

app = typer.Typer(help="The audit trail of a sponsor.", no_args_is_help=True)
Sponsor = Annotated[str, typer.Option(help="Whose trail; `installation` is that of what concerns no single sponsor.")]
AsJson = Annotated[bool, typer.Option("--json", help="Write JSON.")]
Keys = Annotated[list[Path] | None, typer.Option("--key", help="A public key to trust, PEM; else that of the setting.")]
Held = Annotated[list[Path] | None, typer.Option("--checkpoint", help="A checkpoint held from earlier.")]
Output = Annotated[Path, typer.Option("-o", "--output", help="The file to write; it must not exist.")]
MaybeOutput = Annotated[Path | None, typer.Option("-o", "--output", help="The file to write; else standard output.")]


@app.command()
def verify(sponsor: Sponsor, key: Keys = None, checkpoint: Held = None, as_json: AsJson = False) -> None:
    """Check every service's chain where it is kept; exit 0 whole, 1 not, and where, 2 it could not be checked."""
    with in_environment(settings_in_force()), audit_trails.opened() as trails:
        audit_trails.require(trails, sponsor)
        found = audit_trails.verified(trails, sponsor, _trusted(key), _held(checkpoint))
        left = audit_trails.left(trails, sponsor)
    if as_json:
        write_json(_told(found, left))
    else:
        for line in (*_waiting(left), *verify_export.report(found)):
            say(line)
    raise typer.Exit(int(bool(found.faults)))


@app.command()
def export(
    sponsor: Sponsor,
    output: Output,
    blinded: Annotated[bool, typer.Option(help="Withhold what discloses a treatment allocation.")] = False,
    redact: Annotated[list[str] | None, typer.Option(help="A field to withhold, for example reason.")] = None,
    reason: Annotated[str, typer.Option(help="Why; it is entered with your name.")] = "a copy of the audit trail",
) -> None:
    """Write every service's chain to one file, which verifies alone; exit 0 written, 1 written though not whole."""
    by, withholding, clock = acting(reason), Withholding(blinded=blinded, fields=tuple(redact or ())), SystemClock()
    if output.exists():
        raise CommandError(f"{output} exists; name another file with -o")
    with in_environment(settings_in_force()), audit_trails.opened() as trails:
        key = _key()
        audit_trails.require(trails, sponsor)
        audit_trails.enter_export(trails, sponsor, by, withholding, clock.now())
        audit_trails.move(trails)
        broken = _broken(audit_trails.sign(trails, sponsor, key, clock.now()))
        count = _write(output, audit_trails.export(trails, sponsor, key, withholding, clock.now()))
    say(f"{output}: {count} lines. Who has the public key checks it with: python3 verify_export.py {output} --key KEY")
    _tell(broken)


@app.command()
def checkpoint(sponsor: Sponsor, output: MaybeOutput = None) -> None:
    """Sign where each chain ends, for somebody to hold; exit 0 signed, 1 a chain is broken and was not."""
    clock = SystemClock()
    with in_environment(settings_in_force()), audit_trails.opened() as trails:
        key = _key()
        audit_trails.require(trails, sponsor)
        audit_trails.move(trails)
        made = audit_trails.sign(trails, sponsor, key, clock.now())
    lines = [audit_trails.line("checkpoint", each) for each in made if not isinstance(each, BrokenChain)]
    _write_or_say(output, b"".join(lines).decode())
    _tell(_broken(made))


@app.command("public-key")
def public_key(output: MaybeOutput = None) -> None:
    """Write the public key, which a sponsor is given once and keeps."""
    with in_environment(settings_in_force()):
        key = _key()
    _write_or_say(output, key.public_pem())


def _key() -> Key:
    return key_of(load(read_key))


def _trusted(named: list[Path] | None) -> list[str]:
    try:
        if named:
            return [verify_export.public_key(path) for path in named]
        return [_key().public] if os.environ.get(KEY_SETTING) else []
    except verify_export.Unusable as error:
        raise CommandError(str(error)) from error


def _held(paths: list[Path] | None) -> list[verify_export.Record]:
    try:
        return [each for path in paths or () for each in verify_export.held_in(path)]
    except verify_export.Unusable as error:
        raise CommandError(str(error)) from error


def _write(output: Path, lines: Iterable[bytes]) -> int:
    """Write a file that only its owner may read, whole or not at all; return how many lines it has."""
    half, count = output.with_name(f"{output.name}.part"), 0
    half.unlink(missing_ok=True)
    try:
        with os.fdopen(os.open(half, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            for line in lines:
                file.write(line)
                count += 1
        half.rename(output)
    finally:
        half.unlink(missing_ok=True)
    return count


def _write_or_say(output: Path | None, text: str) -> None:
    if output is None:
        say(text.rstrip("\n"))
    else:
        _write(output, [text.encode()])


def _broken(made: Sequence[object]) -> list[BrokenChain]:
    return [each for each in made if isinstance(each, BrokenChain)]


def _tell(broken: Sequence[BrokenChain]) -> None:
    for each in broken:
        say(str(each), err=True)
    raise typer.Exit(int(bool(broken)))


def _waiting(left: Sequence[Left]) -> list[str]:
    return [
        f"{each.service}: {each.count} entries wait to be moved, the oldest of {each.oldest:%Y-%m-%d %H:%M:%S} UTC"
        for each in left
    ]


def _told(found: Verifier, left: Sequence[Left]) -> dict[str, object]:
    faults = [{"service": each.service, "position": each.seq, "words": each.words} for each in found.faults]
    chains = {
        name: {
            "entries": chain.count,
            "last": chain.seq,
            "covered": chain.covered,
            "covered_at": chain.covered_at or None,
        }
        for name, chain in sorted(found.chains.items())
    }
    return {
        "sponsor": found.sponsor,
        "whole": not faults,
        "chains": chains,
        "faults": faults,
        "waiting": msgspec.to_builtins(left),
    }
