"""A report is accepted, amended and taken back over all three services on a real mongod (ICH E2B(R3) C.1.11)."""

from collections.abc import Iterator
from contextlib import ExitStack, closing
from datetime import timedelta
from pathlib import Path

import pytest

from deploy.cli.ledger import check
from deploy.cli.ledger_sources import all_facts
from deploy.cli.run_settings import in_environment
from intake.store.connection import IntakeDatabase
from reporting.store import database as of_reporting
from shared.icsr import api
from tests.integration.crash.world import SERIOUS, SPONSOR, World
from tests.integration.rig import a_body
from tests.unit.triage.signing import signing
from triage.decide import Actor
from triage.domain.amendment import Edit
from triage.domain.case import Case, ObligationState, Status
from triage.store import database as of_triage

FIRST = Actor(name="dr.first", authentication="password+totp", scopes=(SPONSOR,))
SECOND = Actor(name="dr.second", authentication="password+totp", scopes=(SPONSOR,))
WHY = "The patient never took the product."


class Suite(World):
    """The three services, with what a physician does to the one case."""

    def receive_report(self, **facts: object) -> None:
        self._post({**a_body("first"), "reactions": SERIOUS, **facts})
        self.run_down()

    @property
    def case(self) -> Case:
        return min(self.cases.worklist((SPONSOR,), None, 10), key=lambda case: case.opened_at)

    def approve(self) -> None:
        self.decide.approve(self.case.id, self.case.revision, SECOND, signing(SECOND), "complete")
        self.run_down()

    def amend(self) -> None:
        edits = [Edit("/reactions/0/onset", "2026-11-20")]
        self.decide.amend(self.case.id, self.case.revision, FIRST, "onset was left out", edits)

    def void(self) -> None:
        self.nullify.propose(self.case.id, self.case.revision, FIRST, signing(FIRST), WHY)
        self.nullify.confirm(self.case.id, self.case.revision, SECOND, signing(SECOND), "agreed")


@pytest.fixture
def suite(suite_env: dict[str, str], tmp_path: Path) -> Iterator[Suite]:
    with ExitStack() as stack:
        intake = stack.enter_context(closing(IntakeDatabase(suite_env["DAYZERO_INTAKE_MONGO_URI"])))
        triage = stack.enter_context(of_triage.opened(suite_env["DAYZERO_TRIAGE_MONGO_URI"]))
        reporting = stack.enter_context(of_reporting.opened(suite_env["DAYZERO_REPORTING_MONGO_URI"]))
        intake.prepare()
        of_triage.prepare(triage)
        of_reporting.prepare(reporting)
        yield Suite(intake, triage, reporting, {}, tmp_path)


def sent(folder: Path, destination: str) -> list[tuple[object, ...]]:
    """Return what a destination was sent of C.1, in the order of its creation (C.1.2)."""
    files = (folder / "outgoing").glob(f"*{destination}*.xml")
    read = [api.read(file.read_bytes()).messages[0].report.identification for file in files]
    return [
        (c.nullification_or_amendment, c.nullification_or_amendment_reason, c.safety_report_id, c.worldwide_case_id)
        for c in sorted(read, key=lambda case: str(case.creation_date))
    ]


def test_an_accepted_report_is_amended_then_nullified_and_the_ledger_holds(
    suite: Suite, suite_env: dict[str, str], tmp_path: Path
) -> None:
    suite.receive_report()
    suite.approve()
    told = {given.destination for given in suite.case.approvals}
    assert told
    suite.amend()
    suite.approve()
    due = [(o.id, o.due) for o in suite.case.obligations]
    suite.void()
    suite.approve()
    number = suite.case.safety_report_id
    for destination in told:
        assert sent(tmp_path, destination) == [
            (None, None, number, number),
            ("2", "onset was left out", number, number),
            ("1", WHY, number, number),
        ]
    assert {given.state for given in suite.case.approvals} == {ObligationState.FULFILLED}
    assert (suite.case.status, suite.case.due) == (Status.CLOSED, None)
    assert [(o.id, o.due) for o in suite.case.obligations] == due

    suite.receive_report(narrative="There was a patient after all.")
    cases = suite.cases.worklist((SPONSOR,), None, 10)
    assert len(cases) == 2
    (new,) = (case for case in cases if case.id != suite.case.id)
    suite.decide.approve(new.id, new.revision, SECOND, signing(SECOND), "complete")
    suite.run_down()
    for destination in told:
        assert sent(tmp_path, destination)[3][0] is None
        assert number not in sent(tmp_path, destination)[3]
    with in_environment(suite_env):
        assert check(all_facts(), suite.clock.now(), timedelta(0)).broken == ()


def test_a_case_that_nobody_was_told_of_is_nullified_without_a_message(
    suite: Suite, suite_env: dict[str, str], tmp_path: Path
) -> None:
    suite.receive_report()
    assert suite.case.obligations
    suite.void()
    suite.approve()
    assert {o.state for o in suite.case.obligations} == {ObligationState.NULLIFIED}
    assert suite.case.status is Status.CLOSED
    assert list((tmp_path / "outgoing").iterdir()) == []
    with in_environment(suite_env):
        assert check(all_facts(), suite.clock.now(), timedelta(0)).broken == ()
