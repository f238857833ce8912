"""A sender's reports of one case meet by the id that it gave the case: the same id again is a follow-up."""

from shared.contracts.report_received import Receipt, Sender


def sender_key(sponsor: str, sender: Sender, receipt: Receipt) -> str | None:
    """Return the key by which a sender's reports of one case meet; None where the sender gave the case no id."""
    if not sender.case_id:
        return None
    return "\x1f".join((sponsor, sender.organisation or receipt.actor, sender.case_id))
