"""The ledger identity in words for a reader (DOMAIN 21)."""

from collections.abc import Iterator

from deploy.cli.ledger import Clause, Finding, Ledger


def ledger_lines(ledger: Ledger) -> Iterator[str]:
    """Yield what was looked at, each clause with its state, the offending ids, and what is under way."""
    yield ", ".join(f"{count} {_plural(name)}" for name, count in ledger.counts.items())
    for clause in Clause:
        broken = [finding for finding in ledger.broken if finding.clause is clause]
        yield f"{'BROKEN' if broken else 'holds '}  {clause}"
        yield from (f"        {_told(finding)}" for finding in broken)
    if ledger.in_flight:
        yield f"{len(ledger.in_flight)} in flight:"
        yield from (f"        {_told(finding)} (since {finding.since})" for finding in ledger.in_flight)
    yield "The ledger identity holds." if ledger.holds else "The ledger identity is BROKEN."


def _told(finding: Finding) -> str:
    return f"{finding.subject}: {finding.words}"


def _plural(name: str) -> str:
    words = "".join(f" {letter.lower()}" if letter.isupper() else letter for letter in name.removesuffix("Fact"))
    return f"{words.strip()}s" if words.strip() != "parked" else "parked"
