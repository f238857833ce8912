"""What every relay does beside publishing: it moves the audit entries of its service to the ledger, and signs."""

import threading
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import msgspec
from environs import FileAwareEnv

from shared.audit import ledger
from shared.audit.checkpoints import Key, UnusableKey
from shared.audit.ledger import Ledger
from shared.audit.notary import BrokenChain, Notary
from shared.audit.sequencer import Sequencer, Source
from shared.clock import Clock
from shared.logs import Log
from shared.mongo import TRANSIENT
from shared.settings import SettingsError, mongo_uri

KEY_SETTING = "DAYZERO_CHECKPOINT_KEY"
EVERY = timedelta(hours=1)
_LOOKED_AFTER = timedelta(minutes=1)  # whether a checkpoint is due is asked this often
_IDLE_SECONDS = 0.2
_AWAY_SECONDS = 1.0


class LedgerSettings(msgspec.Struct, frozen=True, kw_only=True):
    """Where a service's ledger is, and the file of the key that signs its checkpoints."""

    uri: str
    key: Path


def read(env: FileAwareEnv, service: str) -> LedgerSettings:
    """Read the settings of a service's ledger; raises EnvError or ValueError for one that is missing or wrong."""
    return LedgerSettings(uri=read_uri(env, service), key=read_key(env))


def read_uri(env: FileAwareEnv, service: str) -> str:
    """Read where a service's ledger is."""
    return mongo_uri(env, ledger.ledger_setting(service).removeprefix("DAYZERO_"))


def read_key(env: FileAwareEnv) -> Path:
    """Read where the key is."""
    return Path(env.str("CHECKPOINT_KEY"))


def key_of(path: Path) -> Key:
    """Read the key that signs checkpoints. Raises SettingsError."""
    try:
        return Key.read(path)
    except UnusableKey as error:
        raise SettingsError(f"{KEY_SETTING}: {error}") from error


class Bookkeeper:
    """A relay's thread for the audit trail. ``with`` starts it and ends with it."""

    def __init__(
        self, settings: LedgerSettings, service: str, sources: Callable[[], list[Source]], clock: Clock, log: Log
    ) -> None:
        """Ask nothing of a database until it is started. Raises SettingsError."""
        self._database = ledger.connect(settings.uri, service)
        kept = Ledger(self._database, service)
        self._notary = Notary(kept, key_of(settings.key))
        self._sequencer: Callable[[], Sequencer] = lambda: Sequencer(kept, sources())
        self._clock, self._log = clock, log
        self._thread = threading.Thread(target=self._run, name="audit")
        self._stop = threading.Event()

    def start(self, stop: threading.Event) -> None:
        """Begin; whoever sets ``stop`` ends it."""
        self._stop = stop
        self._thread.start()

    def join(self) -> None:
        """Wait for the end, and let go of the connections."""
        self._thread.join()
        self._database.client.close()

    def _run(self) -> None:
        due = self._clock.now()
        while not self._stop.is_set():
            try:
                moved = self._move()
                if self._clock.now() >= due:
                    self._sign()
                    due = self._clock.now() + _LOOKED_AFTER
            except TRANSIENT as error:
                self._log.warning("dependency_away", error=type(error).__name__)
                self._stop.wait(_AWAY_SECONDS)
            except Exception as error:  # whatever it is: entries wait where they are, and the next round tries again
                self._log.error("audit_not_moved", error=type(error).__name__)
                self._stop.wait(_AWAY_SECONDS)
            else:
                if not moved:
                    self._stop.wait(_IDLE_SECONDS)

    def _move(self) -> int:
        moved = self._sequencer().move_once()
        if moved.conflicts:
            self._log.error("audit_conflicts", entries=list(moved.conflicts))
            self._stop.wait(_AWAY_SECONDS)
        return moved.count

    def _sign(self) -> None:
        for made in self._notary.sign_due(self._clock.now(), EVERY):
            if isinstance(made, BrokenChain):
                self._log.error("audit_chain_broken", service=made.service, sponsor=made.sponsor, seq=made.seq)
            else:  # the log is one more place that keeps it
                told = {name: made[name] for name in ("service", "sponsor", "seq", "hash", "key_id", "signature")}
                self._log.info("audit_checkpoint", **told)
