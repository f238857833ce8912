"""Each service tells its own facts by its door; nobody reads another's database.

The last service is asked first: what it has, those before it had earlier, so that work which goes on while the
ledger is read shows as in flight and never as something that nobody asked for.
"""

from collections.abc import Iterator

import intake.cli
import intake.config
import reporting.cli
import reporting.config
import triage.cli
from deploy.cli.ledger import Fact
from shared.settings import load


def all_facts() -> Iterator[Fact]:
    """Yield the facts of reporting, triage and intake. Raises SettingsError, or an error of pymongo."""
    yield from reporting.cli.ledger_facts(load(reporting.config.read))
    yield from triage.cli.ledger_facts()
    settings = load(intake.config.read)
    yield from intake.cli.ledger_facts(settings)
    yield from intake.cli.parked_facts(settings)
