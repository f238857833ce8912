"""``dayzero rules``: the rulebook shown, checked, signed off, proved against the records, and applied anew."""

import sys
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Annotated, Any

import msgspec
import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

import triage.cli
from deploy.cli.acting import acting, day_of
from deploy.cli.failure import CommandError
from deploy.cli.run_settings import in_environment, settings_in_force
from deploy.cli.terminal import say, write_json
from deploy.cli.user_commands import Actor, AsJson, Reason, actor_of
from deploy.local.errors import LaunchError
from shared.clock import SystemClock
from shared.settings import SettingsError

app = typer.Typer(help="The rulebook.", no_args_is_help=True)
AsOf = Annotated[str | None, typer.Option(help="The day: YYYY-MM-DD; today without.")]
Report = Annotated[Path | None, typer.Option(help="Write a line of JSON for each case that changes.")]
Sponsors = Annotated[list[str] | None, typer.Option("--sponsor", help="Only these sponsors; all without.")]
_CHANGED, _IDENTICAL = "changed", "identical"


@app.command()
def show(
    destination: Annotated[str | None, typer.Argument(help="Only the rules of this destination.")] = None,
    as_of: AsOf = None,
    as_json: AsJson = False,
) -> None:
    """Show the rulebook in force on a day: each destination, its rules, what they rest on, and who signed them off."""
    day = day_of(as_of) if as_of else SystemClock().now().date()
    with _readable():
        book = triage.cli.rulebook(day, _signed())
    wanted = [each for each in book.destinations if destination in {None, each.id}]
    if not wanted:
        raise CommandError(f"{destination} is no destination; there are {', '.join(d.id for d in book.destinations)}")
    if as_json:
        write_json(msgspec.to_builtins(book))
        return
    say(f"Rulebook {book.version}, adopted {book.adopted_on}: {len(book.rules)} rules")
    for each in wanted:
        say(f"\n{each.id}  {each.name}{_state(book, each.id)}")
        for rule in book.of(each.id):
            say(f"  {_line(rule)}")


@app.command()
def check(
    folder: Annotated[Path | None, typer.Argument(help="A folder of versions; without, the installed one.")] = None,
) -> None:
    """Check the rulebook's files; what is wrong is told by file and line."""
    with _readable():
        books = triage.cli.rulebooks(folder)
    for book in books:
        say(
            f"{book.version}: adopted {book.adopted_on}, {len(book.destinations)} destinations, {len(book.rules)} rules"
        )


@app.command()
def sign(
    rule_ids: Annotated[list[str], typer.Argument(help="Rules that were not read in their source.")],
    reason: Reason,
    actor: Actor = None,
    as_json: AsJson = False,
) -> None:
    """Sign rules off, as their regulatory owner: from then on they decide. A changed rule needs a new signature."""
    with acting():
        given = triage.cli.sign_rules(actor_of(actor), reason, rule_ids)
    if as_json:
        write_json(msgspec.to_builtins(given))
    for each in [] if as_json else given:
        say(f"{each.rule_id} version {each.rule_version} signed off by {each.owner}; SHA-256 {each.sha256}")


@app.command()
def replay(as_of: AsOf = None, sponsor: Sponsors = None, report: Report = None, as_json: AsJson = False) -> None:
    """Decide every case again, and store nothing.

    Without a day each by the rulebook recorded with it: its record must come out byte for byte, else it exits with 1.
    With --as-of by the rulebook in force that day: what it would change is reported.
    """
    with acting(), triage.cli.redeciding() as redeciding:
        scopes = sponsor or (list(triage.cli.sponsors()) if as_of else redeciding.sponsors())
        found = redeciding.preview(scopes, day_of(as_of)) if as_of else redeciding.prove(scopes)
        told = Tally(report)
        told.take(each for each in _watched(found, redeciding.total(scopes)))
    told.tell(as_json)
    if as_of is None and told.sameness.total() != told.sameness[_IDENTICAL]:
        raise typer.Exit(1)


@app.command()
def redecide(
    reason: Reason, sponsor: Sponsors = None, actor: Actor = None, report: Report = None, as_json: AsJson = False
) -> None:
    """Decide every case again by the rulebook in force: a case that it changes gets a new version. No clock starts."""
    with acting(), triage.cli.redeciding() as redeciding:
        scopes = sponsor or list(triage.cli.sponsors())
        by = triage.cli.by(actor_of(actor), reason)
        told = Tally(report)
        for each, made in _watched(redeciding.apply(by, scopes), redeciding.total(scopes)):
            told.take([each])
            told.made += made
    told.tell(as_json)


@app.command()
def periodic(sponsor: Sponsors = None, as_json: AsJson = False) -> None:
    """List what each periodic report collects: PADER quarters and years, by destination and authorisation."""
    with acting(), triage.cli.redeciding() as redeciding:
        found = redeciding.periodic(sponsor or list(triage.cli.sponsors()))
    if as_json:
        rows = [{"destination": d, **msgspec.to_builtins(p), "cases": cases} for (d, p), cases in found.items()]
        write_json(rows)
    for (destination, period), cases in () if as_json else found.items():
        span = f"{period.first} to {period.last}, due {period.due}"
        say(f"{destination} {period.authorisation} {period.name}, {span}: {len(cases)} cases")
        say(f"  {', '.join(cases)}")


@app.command()
def file(sha256: Annotated[str, typer.Argument(help="As a version names it, in held_to.")]) -> None:
    """Write a file that something was decided with, as it was: a registry, the cues, a list of events."""
    with acting():
        content = triage.cli.kept_file(sha256)
    if content is None:
        raise CommandError(f"no file of SHA-256 {sha256} is kept; `dayzero case show` names those of each version")
    sys.stdout.buffer.write(content)


class Tally:
    """What came out: how many records are as they were, and what changes, by destination."""

    def __init__(self, report: Path | None) -> None:
        """``report`` takes a line for each case that changes."""
        self._report = report
        if report is not None:
            report.write_text("", encoding="utf-8")
        self.sameness: Counter[str] = Counter()
        self.changes: Counter[tuple[str, str, str, str]] = Counter()
        self.made = 0

    def take(self, found: Iterable[Any]) -> None:
        """Count decided cases."""
        for each in found:
            self.sameness[each.sameness.value] += 1
            for change in each.changes:
                what = "kind" if change.before is not change.after else "due date"
                self.changes[change.destination, change.before or "none", change.after or "none", what] += 1
            if self._report is not None and each.sameness.value == _CHANGED:
                self._write(self._report, each)

    def tell(self, as_json: bool) -> None:
        """Say it."""
        changes = [(*names, count) for names, count in sorted(self.changes.items())]
        if as_json:
            fields = ("destination", "before", "after", "what", "cases")
            rows = [dict(zip(fields, each, strict=True)) for each in changes]
            write_json({"cases": self.sameness, "changes": rows, "versions_made": self.made})
            return
        total = ", ".join(f"{count} {name}" for name, count in sorted(self.sameness.items()))
        say(f"{self.sameness.total()} cases: {total or 'none'}; {self.made} new versions")
        for destination, before, after, what, count in changes:
            say(f"  {destination}: {before} to {after} ({what}): {count}")

    def _write(self, path: Path, each: Any) -> None:
        line = {"case_id": each.case.id, "version": each.case.current.number, "sponsor": each.case.sponsor}
        changes = msgspec.to_builtins(each.changes)
        with path.open("ab") as file:
            file.write(msgspec.json.encode({**line, "rulebook": each.rulebook.version, "changes": changes}) + b"\n")


def _watched(found: Iterable[Any], total: int) -> Iterator[Any]:
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=Console(stderr=True)) as progress:
        yield from progress.track(found, total=total, description="Cases decided again")


def _line(rule: Any) -> str:
    days = f", {rule.days} {rule.day_type} days from {rule.clock_start}" if rule.days else ""
    bounds = [f"from {rule.in_force_from}"] * bool(rule.in_force_from)
    bounds += [f"until {rule.in_force_until}"] * bool(rule.in_force_until)
    when = f", in force {' '.join(bounds)}" if bounds else ""
    signed = f", signed off by {rule.sign_off.owner} {rule.sign_off.at:%Y-%m-%d}" if rule.sign_off else ""
    return f"{rule.id} v{rule.version} [{rule.confidence}{signed}] {rule.outcome}{days}{when}: {rule.paragraph}"


def _state(book: Any, destination: str) -> str:
    taking_part = {each.id for each in book.taking_part(date.max)}
    return "" if destination in taking_part else ", takes no part now"


def _signed() -> list[Any]:
    """What is signed off where a suite runs; else nothing is."""
    try:
        settings = settings_in_force()
    except LaunchError:
        return []
    with in_environment(settings):
        return list(triage.cli.sign_offs())


@contextmanager
def _readable() -> Iterator[None]:
    try:
        yield
    except SettingsError as error:
        raise CommandError(str(error)) from error
