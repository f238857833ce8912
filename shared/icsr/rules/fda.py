"""FDA rejects what its business rules forbid, by numbers of its own (FDA E2B(R3) core and regional rules, R and W ids).

They hold for batches sent to FDA, which the batch receiver (N.1.4) tells. Each rule is a function of the batch and one
of its messages; the table at the end lists them.
"""

from __future__ import annotations

from collections.abc import Iterator

from shared.icsr.model.issue import Issue
from shared.icsr.model.message import Batch, Message
from shared.icsr.model.null_flavor import NullFlavor
from shared.icsr.rules import fda_study
from shared.icsr.rules.fda_device import check_devices
from shared.icsr.rules.fda_pathway import IND, IND_EXEMPT, POST_MARKET, PRE_MARKET, Rule, addressed, error, warning

_CENTRES = {
    POST_MARKET: ("R0006", ("CDER", "CBER")),
    PRE_MARKET: ("R0007", ("CDER_IND", "CBER_IND", IND_EXEMPT)),
}
# The pathway, whether the report is expedited (C.1.7, where NI counts as false) and whether it is on a combination
# product (FDA.C.1.12) say which report types FDA takes.
_REPORT_TYPES = {
    (POST_MARKET, True, True): ("R0012", ("1", "4")),
    (POST_MARKET, False, True): ("R0013", ("2", "5")),
    (POST_MARKET, True, False): ("R0014", ("1",)),
    (POST_MARKET, False, False): ("R0015", ("2",)),
    (PRE_MARKET, True, False): ("R0016", ("1", "6")),
    (PRE_MARKET, True, True): ("R0016", ("1", "6")),
}


def check_fda(batch: Batch) -> Iterator[Issue]:
    """Yield what FDA would reject or warn of; nothing if the batch goes elsewhere."""
    if addressed(batch):
        for index, message in enumerate(batch.messages):
            for rule in RULES:
                yield from rule(batch, message, f"messages[{index}]")


def _pathway(batch: Batch) -> frozenset[str]:
    return POST_MARKET if batch.batch_receiver in POST_MARKET else PRE_MARKET


def _centre(batch: Batch, message: Message, at: str) -> Iterator[Issue]:
    number, centres = _CENTRES[_pathway(batch)]
    if message.message_receiver not in centres:
        yield error(
            f"FDA.{number}",
            "N.2.r.3",
            f"{at}.message_receiver",
            f"N.2.r.3 is {message.message_receiver!r}, and the batch goes to {batch.batch_receiver} (N.1.4).",
            f"Address the message to one of: {', '.join(centres)}.",
        )


def _one_sender(batch: Batch, message: Message, at: str) -> Iterator[Issue]:
    if message.message_sender != batch.batch_sender:
        yield error(
            "FDA.R0100",
            "N.2.r.2",
            f"{at}.message_sender",
            "N.2.r.2 (message sender) differs from N.1.3 (batch sender).",
            "Use the same sender identifier in both.",
        )


def _expedited_stated(_: Batch, message: Message, at: str) -> Iterator[Issue]:
    if message.report.identification.expedited is NullFlavor.NI:
        yield warning(
            "FDA.R0011",
            "C.1.7",
            f"{at}.report.identification.expedited",
            "C.1.7 is NI, which FDA rejects in an initial report.",
            "Say true or false; NI only passes on an R2 report that lacked it.",
        )


def _report_type(batch: Batch, message: Message, at: str) -> Iterator[Issue]:
    expedited = message.report.identification.expedited
    stated, combined = message.report.fda.local_criteria_report_type, message.report.fda.combination_product is True
    rule = _REPORT_TYPES.get((_pathway(batch), expedited is True, combined)) if expedited is not None else None
    if rule and stated is not None and stated not in rule[1]:
        yield error(
            f"FDA.{rule[0]}",
            "FDA.C.1.7.1",
            f"{at}.report.fda.local_criteria_report_type",
            f"FDA.C.1.7.1 is {stated}; C.1.7 (expedited) is {str(expedited is True).lower()},"
            f" FDA.C.1.12 (combination product) is {str(combined).lower()}.",
            f"Choose from: {', '.join(rule[1])}; or correct the others.",
        )


def _from_a_known_kind_of_report(_: Batch, message: Message, at: str) -> Iterator[Issue]:
    if message.message_receiver in IND and message.report.identification.report_type in {"3", "4"}:
        yield error(
            "FDA.R0112",
            "C.1.3",
            f"{at}.report.identification.report_type",
            "C.1.3 is 3 or 4 in a report to an IND.",
            "Say whether the report is spontaneous (1) or from a study (2).",
        )


def _suspect_under_ind(batch: Batch, message: Message, at: str) -> Iterator[Issue]:
    roles = {drug.role for drug in message.report.drugs}
    if message.message_receiver in IND and roles and not roles & {"1", "3"}:
        yield error(
            "FDA.R0070",
            "G.k.1",
            f"{at}.report.drugs",
            f"No drug is suspect (1) or interacting (3) in a report to {message.message_receiver}.",
            "Give at least one drug one of these roles in G.k.1.",
        )


def _first_drug_suspect(batch: Batch, message: Message, at: str) -> Iterator[Issue]:
    drugs = message.report.drugs
    if _pathway(batch) is POST_MARKET and drugs and drugs[0].role == "2":
        yield warning(
            "FDA.W0005",
            "G.k.1",
            f"{at}.report.drugs[0].role",
            "The first drug is concomitant (2); FDA expects a suspect, interacting or not administered one there.",
            "Put the suspect drug first.",
        )


RULES: tuple[Rule, ...] = (
    _centre,
    _one_sender,
    _expedited_stated,
    _report_type,
    _from_a_known_kind_of_report,
    _suspect_under_ind,
    _first_drug_suspect,
    *fda_study.RULES,
    check_devices,
)
