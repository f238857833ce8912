"""Approvals as reporting builds them: the files beside this module are what becomes of them, byte for byte."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

from shared.contracts.case_approved import Correction, CorrectionKind
from shared.icsr.api import MessageCode, TransmissionCode
from tests.unit.reporting.cases import acknowledgement, approved, mild, with_drug
from tests.unit.reporting.desk import Desk

FOLDER = Path(__file__).parent


def fda_expedited_fatal() -> bytes:
    """A fatal case for FDA, 15 days."""
    return Desk().built(approved()).content


def eu_non_serious() -> bytes:
    """A non-serious case in Japanese and Greek for the EU, 90 days, with no narrative."""
    return Desk().built(mild()).content


def fda_corrected_after_rejection() -> bytes:
    """The fatal case again, its batch number put right after FDA rejected the first message."""
    desk = Desk()
    first = desk.built(approved())
    desk.send()
    rejected = acknowledgement(
        first.batch_number, MessageCode.REJECTED, transmission=TransmissionCode.REJECTED, comment="G.k.4.r.7"
    )
    desk.acknowledge("rejected.ack", rejected)
    desk.clock.advance(timedelta(hours=2))
    return desk.built(approved(with_drug(batch_number="L124"), approval_id="apr_2", version=2)).content


def fda_amended() -> bytes:
    """The fatal case again, its batch number put right after FDA accepted the first message."""
    amended = Correction(kind=CorrectionKind.AMENDMENT, reason="The batch number was misread.")
    return _accepted().built(approved(with_drug(batch_number="L124"), **_LATER, correction=amended)).content


def fda_nullified() -> bytes:
    """The fatal case taken back whole after FDA accepted it."""
    void = Correction(kind=CorrectionKind.NULLIFICATION, reason="The patient never took the product.")
    return _accepted().built(approved(**_LATER, correction=void)).content


def _accepted() -> Desk:
    desk = Desk()
    first = desk.built(approved())
    desk.send()
    desk.acknowledge("accepted.ack", acknowledgement(first.batch_number))
    desk.clock.advance(timedelta(hours=2))
    return desk


_LATER: dict[str, Any] = {"approval_id": "apr_2", "version": 2}
SCENES: dict[str, Callable[[], bytes]] = {
    scene.__name__: scene
    for scene in (fda_expedited_fatal, eu_non_serious, fda_corrected_after_rejection, fda_amended, fda_nullified)
}
