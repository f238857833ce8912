"""A message that carries a received report is accepted by ICH's schema set (guide v5.03, Appendix I (A))."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from reporting.domain.records import Blocked
from shared.contracts.case_approved import DestinationIdentity
from shared.icsr.model.message import SafetyReport
from tests.golden.icsr.models import rich
from tests.reference.test_built_files import SCHEMAS
from tests.unit.reporting.cases import EU, FDA, NOW, approved, event
from tests.unit.reporting.desk import Desk
from tests.unit.reporting.received import IDS, SPOILT, content_of, spoilt, whole


@pytest.mark.parametrize("destination", [FDA, EU], ids=["FDA", "EU"])
@pytest.mark.parametrize("report", [whole(), rich().messages[0].report], ids=["whole", "rich"])
def test_a_message_that_carries_a_received_report_is_accepted(
    report: SafetyReport, destination: DestinationIdentity
) -> None:
    body = approved(content_of(report), destination=destination, made_at=NOW)
    assert Desk(SCHEMAS).built(body).schema_checked


@settings(max_examples=60, suppress_health_check=[HealthCheck.too_slow])
@given(st.dictionaries(st.sampled_from(IDS), st.sampled_from(sorted(SPOILT)), max_size=40))
def test_no_carried_element_keeps_a_message_from_the_schema(how: dict[str, str]) -> None:
    desk = Desk(SCHEMAS)
    body = approved(content_of(spoilt(how)), made_at=NOW)
    desk.build(event(body))
    result = desk.messages.of_approval(body.snapshot.sponsor, body.approval_id)
    if isinstance(result, Blocked):
        assert not [issue for issue in result.issues if issue.rule_id.startswith("XSD")], how
