"""A combination product's report says what went wrong with the device (FDA E2B(R3) rules, FDA.G.k.12.r).

These hold for post-market reports. W0008 is not here: it needs FDA's list of device problems.
"""

from __future__ import annotations

from collections.abc import Iterator

from shared.icsr.elements.fda_device import Device
from shared.icsr.model.issue import Issue
from shared.icsr.model.message import Batch, Message, SafetyReport
from shared.icsr.model.null_flavor import NullFlavor
from shared.icsr.rules.fda_pathway import Rule, error, post_market, warning

_NO_ADVERSE_EVENT = "10067482"
_THIRTY_DAY, _FIVE_DAY = "5", "4"


def _devices(report: SafetyReport, at: str) -> Iterator[tuple[str, Device]]:
    for k, drug in enumerate(report.drugs):
        for r, device in enumerate(drug.fda.devices):
            yield f"{at}.report.drugs[{k}].fda.devices[{r}]", device


def _no_patient(batch: Batch, message: Message, at: str) -> Iterator[Issue]:
    report = message.report
    no_event = any(each.meddra_code == _NO_ADVERSE_EVENT for each in report.reactions)
    failed = any(device.malfunction is True for _, device in _devices(report, at))
    nobody = report.patient.initials in {NullFlavor.NA, "SUMMARY"}
    if report.fda.combination_product is True and failed and no_event and not nobody:
        yield error(
            "FDA.R0027",
            "D.1",
            f"{at}.report.patient.initials",
            "D.1 names a patient, and the report tells of a malfunction without an adverse event.",
            "Give the nullFlavor NA, or SUMMARY for several malfunctions.",
        )


def _similar_device(batch: Batch, message: Message, at: str) -> Iterator[Issue]:
    report = message.report
    for index, drug in enumerate(report.drugs):
        failed = any(device.malfunction is True for device in drug.fda.devices)
        fits = report.fda.combination_product is True and failed and drug.role == "4"
        if drug.fda_other_role is not None and not fits:
            yield error(
                "FDA.R0072",
                "FDA.G.k.1.a",
                f"{at}.report.drugs[{index}].fda_other_role",
                "FDA.G.k.1.a is stated of a drug that is no similar device: FDA.C.1.12 true, a malfunction, G.k.1 = 4.",
                "Take it out, or correct the others.",
            )


def _malfunction_of_a_suspect(batch: Batch, message: Message, at: str) -> Iterator[Issue]:
    suspects = [drug for drug in message.report.drugs if drug.role in {"1", "3", "4"}]
    failed = any(device.malfunction is True for drug in suspects for device in drug.fda.devices)
    if message.report.fda.local_criteria_report_type == _THIRTY_DAY and not failed:
        yield error(
            "FDA.R0092",
            "FDA.G.k.12.r.1",
            f"{at}.report.drugs",
            "FDA.C.1.7.1 says that this is a 30-day report (5), and no suspect drug's device malfunctioned.",
            "Set FDA.G.k.12.r.1 to true for the device, or correct FDA.C.1.7.1.",
        )


def _malfunctions_told(batch: Batch, message: Message, at: str) -> Iterator[Issue]:
    kind = message.report.fda.local_criteria_report_type
    for here, device in _devices(message.report, at):
        if device.malfunction is True and all(each.code is None for each in device.problems):
            yield error(
                "FDA.R0093",
                "FDA.G.k.12.r.3.r",
                f"{here}.problems",
                "The device malfunctioned (FDA.G.k.12.r.1), and no device problem is coded.",
                "Give at least one code of the device problem.",
            )
        if device.malfunction is True and kind == _FIVE_DAY and not device.remedial_actions:
            yield warning(
                "FDA.W0007",
                "FDA.G.k.12.r.11.r",
                f"{here}.remedial_actions",
                "The device malfunctioned, the report is a 5-day report, and no remedial action is stated.",
                "Say what was done about it.",
            )


def _devices_named(batch: Batch, message: Message, at: str) -> Iterator[Issue]:
    report = message.report
    found = list(_devices(report, at))
    if report.fda.combination_product is not True:
        return
    if not found:
        yield _nameless("FDA.R0094", "FDA.G.k.12.r.4", f"{at}.report.drugs", "no device is named")
    for here, device in found:
        if device.brand_name is None and device.common_name is None:
            yield _nameless("FDA.R0094", "FDA.G.k.12.r.4", f"{here}.brand_name", "the device has no name")
        elif not (isinstance(device.brand_name, str) or isinstance(device.common_name, str) or device.product_code):
            yield _nameless(
                "FDA.R0096", "FDA.G.k.12.r.6", f"{here}.product_code", "neither name of the device is known"
            )


def _nameless(rule: str, element: str, at: str, because: str) -> Issue:
    words = f"The report is of a combination product (FDA.C.1.12), and {because}."
    return error(rule, element, at, words, f"Give {element}.")


def check_devices(batch: Batch, message: Message, at: str) -> Iterator[Issue]:
    """Yield what FDA would reject or warn of in a post-market report on a combination product."""
    if post_market(batch):
        for rule in RULES:
            yield from rule(batch, message, at)


RULES: tuple[Rule, ...] = (
    _no_patient,
    _similar_device,
    _malfunction_of_a_suspect,
    _malfunctions_told,
    _devices_named,
)
