"""What was published is confirmed end to end: triage's own word that it knows comes back."""

import pytest

from reporting.confirm import Confirm
from shared.clock import SetClock
from shared.contracts import topics
from shared.contracts.envelope import ContractError, event_of
from shared.contracts.submission_noted import SubmissionNoted
from tests.unit.reporting.cases import NOW, SPONSOR
from tests.unit.reporting.fakes import FakeSubmissions


@pytest.mark.parametrize("answers", ["evt_1", None])
def test_a_note_confirms_the_event_that_it_answers(answers: str | None) -> None:
    submissions = FakeSubmissions()
    noted = event_of(
        event_id="evt_2",
        topic=topics.SUBMISSION_NOTED,
        at=NOW,
        sponsor=SPONSOR,
        subject="case_1",
        body=SubmissionNoted(submission_id="sub_1", case_id="case_1"),
        answers=answers,
    )
    confirm = Confirm(submissions, SetClock(NOW))
    if answers is None:
        with pytest.raises(ContractError, match="answers nothing"):
            confirm(noted)
    else:
        confirm(noted)
    assert submissions.confirmed == ([answers] if answers else [])
