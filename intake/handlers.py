"""Which use case takes which event, for the worker that consumes them and for whoever replays a parked one."""

from intake.confirm import Confirm
from intake.note_keys import NoteKeys
from shared.contracts import topics
from shared.messaging.worker import Handler


def handlers(confirm: Confirm, note_keys: NoteKeys) -> dict[str, Handler]:
    """Return the handler of each topic that intake consumes."""
    return {
        topics.CASE_OPENED: confirm.case_opened,
        topics.REPORT_PARKED: confirm.report_parked,
        topics.KEY_CHANGED: note_keys,
    }
