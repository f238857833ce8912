"""What a service lets an operator do with its part of the audit trail: see it, move what waits, enter what happened."""

from dataclasses import dataclass

from shared.audit.happenings import Happenings
from shared.audit.ledger import Ledger
from shared.audit.sequencer import Sequencer


@dataclass(frozen=True)
class Trail:
    """A service's ledger, and the entries on their way to it."""

    ledger: Ledger
    sequencer: Sequencer
    happenings: Happenings
    service_version: str
