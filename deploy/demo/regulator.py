"""The stand-in regulator reads files only: a message from one folder, its acknowledgement into another.

It accepts what it can read and finds no fault with. The first message that tells of a death (E.i.3.2a) without its
date (D.9.1) it rejects, once, naming the element: what comes then is a correction, and due when it was due before.
"""

from collections.abc import Iterator
from pathlib import Path

import msgspec

from shared.clock import Clock
from shared.icsr import api as icsr
from shared.icsr.model.dates import TS
from shared.icsr.model.message import Message

WANTED = "D.9.1"
_REJECTION = f"{WANTED} Date of death: E.i.3.2a says that the patient died, and {WANTED} has no date. Please correct."


class Answered(msgspec.Struct, frozen=True, kw_only=True):
    """A file that was answered; ``faults`` are what the rules or the schema set found in it."""

    file: str
    batch_number: str
    rejected: bool
    faults: tuple[str, ...]


class Regulator:
    """Both authorities in one: whoever is addressed answers."""

    def __init__(
        self, outgoing: Path, incoming: Path, clock: Clock, schemas: Path | None, *, rejects_one: bool = True
    ) -> None:
        """``outgoing`` is where the sponsor lays its messages, ``incoming`` where it looks for answers."""
        self._rejects_one = rejects_one
        self._outgoing = outgoing
        self._incoming = incoming
        self._clock = clock
        self._schemas = schemas
        self._seen: set[Path] = set()
        self.answered: list[Answered] = []

    def answer_new(self) -> int:
        """Answer every file that was not there before; return how many."""
        new = [path for path in sorted(self._outgoing.rglob("*.xml")) if path not in self._seen]
        ready = [path for path in new if not path.name.startswith(".")]  # a dot: still being written
        for path in ready:
            self._answer(path)
            self._seen.add(path)
        return len(ready)

    def _answer(self, path: Path) -> None:
        xml = path.read_bytes()
        try:
            batch = icsr.read(xml)
        except icsr.UnreadableMessage as error:  # nobody to answer: who sent it is in the file
            self.answered.append(Answered(file=path.name, batch_number="", rejected=True, faults=(str(error),)))
            return
        errors = [*icsr.check_schema(xml, self._schemas).issues, *icsr.check_structure(xml)]
        faults = tuple(f"{e.element_id} {e.message}" for e in errors if e.severity is icsr.Severity.ERROR)
        reasons = [*faults, *self._pretext(batch)]
        answer = self._acknowledgement(batch, "\n".join(reasons) or None)
        name = f"ack-{batch.batch_number}.xml"
        half = self._incoming / f".{name}.half"
        half.write_bytes(icsr.write_acknowledgement(answer))
        half.rename(self._incoming / name)
        number = str(batch.batch_number)
        self.answered.append(
            Answered(file=path.name, batch_number=number, rejected=bool(reasons), faults=faults),
        )

    def _pretext(self, batch: icsr.Batch) -> Iterator[str]:
        has_rejected = any(each.rejected for each in self.answered)
        if self._rejects_one and not has_rejected and any(map(_dies_without_date, batch.messages)):
            yield _REJECTION

    def _acknowledgement(self, batch: icsr.Batch, rejection: str | None) -> icsr.Acknowledgement:
        now = TS(self._clock.now().strftime("%Y%m%d%H%M%S+0000"))
        count = len(self.answered) + 1
        return icsr.Acknowledgement(
            ack_batch_number=f"DEMO-ACK-{count:06d}",
            sender=_text(batch.batch_receiver),
            receiver=_text(batch.batch_sender),
            date=now,
            batch_number=_text(batch.batch_number),
            local_message_number=f"DEMO-{count:06d}",
            batch_date=batch.transmission_date if isinstance(batch.transmission_date, TS) else None,
            code=icsr.TransmissionCode.ERROR if rejection else icsr.TransmissionCode.ACCEPTED,
            messages=tuple(_message(each, count, rejection) for each in batch.messages),
        )


def _message(message: Message, count: int, rejection: str | None) -> icsr.MessageAcknowledgement:
    return icsr.MessageAcknowledgement(
        message_number=_text(message.message_id),
        local_report_number=f"DEMO-REPORT-{count:06d}",
        receiver=_text(message.message_receiver),
        sender=_text(message.message_sender),
        message_date=message.message_date if isinstance(message.message_date, TS) else None,
        code=icsr.MessageCode.REJECTED if rejection else icsr.MessageCode.ACCEPTED,
        comment=rejection,
    )


def _dies_without_date(message: Message) -> bool:
    died = any(reaction.results_in_death is True for reaction in message.report.reactions)
    return died and not isinstance(message.report.death.death_date, TS)


def _text(value: object) -> str | None:
    return value if isinstance(value, str) else None
