"""Each of FDA's rules that one message decides is seen to speak, and to be silent where it does not apply."""

from __future__ import annotations

from dataclasses import replace

import pytest

from shared.icsr import api
from shared.icsr.elements.c1_identification import HeldDocument, LinkedReport
from shared.icsr.elements.c5_study import CrossReportedInd
from shared.icsr.elements.d_patient import Race
from shared.icsr.elements.fda_device import CombinationProduct, Device, DeviceProblem, RemedialAction
from shared.icsr.elements.fda_regional import FdaReport
from shared.icsr.model.message import Batch
from shared.icsr.model.null_flavor import NullFlavor
from shared.icsr.model.values import Attachment
from tests.golden.icsr.models import minimal, rich
from tests.unit.icsr.change import changed

REPORT = "messages[0].report"
CASE, STUDY, PATIENT, DRUG = (f"{REPORT}.{part}" for part in ("identification", "study", "patient", "drugs[0]"))
RECEIVER = "messages[0].message_receiver"
PROBLEM = (DeviceProblem(code="2203"),)
ZIPPED = Attachment("application/pdf", "B64", "DF", "JVBERi0")
Changes = dict[str, object]

PRE_MARKET: list[tuple[Changes, set[str]]] = [
    ({RECEIVER: "CDER_IND_EXEMPT_BA_BE", f"{CASE}.report_type": "1"}, {"FDA.R0111"}),
    ({f"{STUDY}.fda_ind_number": None}, {"FDA.R0024"}),
    ({f"{STUDY}.fda_cross_reported": ()}, {"FDA.R0026"}),
    ({f"{CASE}.report_type": "1"}, {"FDA.R0008", "FDA.R0113"}),
    ({f"{STUDY}.study_type": None}, {"FDA.R0110", "ICH.C.5.4.required"}),
    ({RECEIVER: "CDER_IND_EXEMPT_BA_BE"}, {"FDA.R0025"}),
    (
        {RECEIVER: "CDER_IND_EXEMPT_BA_BE", f"{STUDY}.fda_pre_anda_number": "234567"},
        {"FDA.W0006"},
    ),
    ({f"{REPORT}.death.death_date": None}, {"FDA.R0041"}),
    ({f"{DRUG}.reactions[0].assessments[0].result": None}, {"FDA.R0087"}),
    ({f"{PATIENT}.initials": "AGGREGATE"}, {"FDA.W0001"}),
    ({f"{PATIENT}.initials": "AGGREGATE", f"{STUDY}.study_type": "3"}, {"FDA.W0001", "FDA.W0002"}),
    ({f"{CASE}.linked_reports": (LinkedReport(identifier="US-A-1"),)}, {"FDA.W0010"}),
]

POST_MARKET: list[tuple[Changes, set[str]]] = [
    ({f"{STUDY}.study_type": "1"}, {"FDA.R0103"}),
    ({f"{STUDY}.fda_ind_number": "1"}, {"FDA.R0107"}),
    ({f"{STUDY}.fda_pre_anda_number": "1"}, {"FDA.R0108", "FDA.W0006"}),
    ({f"{STUDY}.fda_cross_reported": (CrossReportedInd(number="1"),)}, {"FDA.R0109"}),
    (
        {
            f"{CASE}.report_type": "2",
            f"{STUDY}.study_type": "3",
            f"{DRUG}.authorisation_number": "IND 1",
            f"{DRUG}.authorisation_country": "US",
        },
        {"FDA.R0114"},
    ),
    (
        {
            f"{CASE}.additional_documents": True,
            f"{CASE}.documents": (HeldDocument(title="a", included=ZIPPED),),
        },
        {"FDA.R0010"},
    ),
    ({f"{PATIENT}.initials": NullFlavor.NA}, set()),
    (
        {
            f"{PATIENT}.initials": NullFlavor.NA,
            f"{PATIENT}.fda_races": (Race(code="C41260"),),
            f"{PATIENT}.fda_ethnicity": NullFlavor.UNK,
        },
        {"FDA.W0003", "FDA.W0004"},
    ),
    ({f"{DRUG}.fda_other_role": "1"}, {"FDA.R0072"}),
    ({f"{REPORT}.fda.local_criteria_report_type": "5"}, {"FDA.R0014", "FDA.R0092"}),
]

COMBINATION: list[tuple[Changes, set[str]]] = [
    ({}, set()),
    ({f"{REPORT}.fda.local_criteria_report_type": "2"}, {"FDA.R0012"}),
    ({f"{CASE}.expedited": False}, {"FDA.R0013"}),
    ({f"{CASE}.expedited": False, f"{REPORT}.fda.local_criteria_report_type": "5"}, set()),
    ({f"{REPORT}.fda.local_criteria_report_type": "4"}, {"FDA.W0007"}),
    ({f"{DRUG}.fda.devices[0].problems": ()}, {"FDA.R0093"}),
    ({f"{DRUG}.fda.devices[0].brand_name": None}, {"FDA.R0094"}),
    ({f"{DRUG}.fda.devices": ()}, {"FDA.R0094"}),
    ({f"{DRUG}.fda.devices[0].brand_name": NullFlavor.NI}, {"FDA.R0096"}),
    ({f"{DRUG}.fda_other_role": "1", f"{DRUG}.role": "4"}, set()),
    ({f"{REPORT}.reactions[0].meddra_code": "10067482"}, {"FDA.R0027"}),
]


def _speaking(batch: Batch, changes: Changes) -> set[str]:
    for location, value in changes.items():
        batch = changed(batch, location, value)
    return {issue.rule_id for issue in api.check(batch)}


@pytest.mark.parametrize(("changes", "rules"), PRE_MARKET)
def test_a_report_to_an_ind(changes: Changes, rules: set[str]) -> None:
    assert _speaking(rich(), changes) == rules


def _post_market() -> Batch:
    batch = changed(replace(minimal(), batch_receiver="ZZFDA"), RECEIVER, "CDER")
    return changed(batch, f"{REPORT}.fda", FdaReport(local_criteria_report_type="1"))


@pytest.mark.parametrize(("changes", "rules"), POST_MARKET)
def test_a_post_market_report(changes: Changes, rules: set[str]) -> None:
    assert _speaking(_post_market(), changes) == rules


@pytest.mark.parametrize(("changes", "rules"), COMBINATION)
def test_a_report_on_a_combination_product(changes: Changes, rules: set[str]) -> None:
    device = Device(malfunction=True, problems=PROBLEM, brand_name="Pen")
    batch = changed(_post_market(), f"{REPORT}.fda.combination_product", True)
    assert _speaking(changed(batch, f"{DRUG}.fda", CombinationProduct(devices=(device,))), changes) == rules


def test_a_five_day_report_that_tells_what_was_done() -> None:
    device = Device(malfunction=True, problems=PROBLEM, brand_name="Pen", remedial_actions=(RemedialAction(code="1"),))
    fda = FdaReport(local_criteria_report_type="4", combination_product=True)
    changes = {f"{REPORT}.fda": fda, f"{DRUG}.fda": CombinationProduct(devices=(device,))}
    assert _speaking(_post_market(), changes) == set()


def test_none_of_them_holds_elsewhere() -> None:
    changes: Changes = {f"{PATIENT}.initials": NullFlavor.NA}
    assert _speaking(minimal(), changes) == {"ICH.D.1.null-flavor"}
