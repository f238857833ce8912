"""A physician's judgement, by the page's forms on a real mongod, is in the sent file as the sponsor's (G.k.9.i.2.r)."""

import re
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from shared.icsr import api
from tests.integration.access.conftest import Office
from tests.integration.crash.world import ROOT, SERIOUS, SPONSOR
from tests.integration.triage.test_corrections import Suite, suite
from triage.app import create_app
from triage.domain.identity import Grant, Role
from triage.store.database import connect

__all__ = ["suite"]

PHYSICIAN = "dr.ann"
HELD = {"source": "investigator", "drug": "Cardivane", "result": "related"}
ANSWERS = {"naranjo-after_the_drug": "yes", "naranjo-other_causes": "yes", "who_umc-reasonable_time": "yes"}
JUDGED = {"result": "not_related", "method": "Naranjo 1 (possible)", "own_method": "", "reason": "an infection"}


@pytest.fixture
def office(suite: Suite, suite_env: dict[str, str]) -> Iterator[Office]:
    with pytest.MonkeyPatch.context() as patched:
        for name, value in suite_env.items():
            patched.setenv(name, value)
        app = create_app()
    database = connect(suite_env["DAYZERO_TRIAGE_MONGO_URI"])
    with closing(database.client):
        suite.administer.add(ROOT, PHYSICIAN, "Dr Ann", [Grant(sponsor=SPONSOR, role=Role.SAFETY_PHYSICIAN)])
        yield Office(app, database)
    app.extensions["triage"].client.close()
    app.extensions["triage_ledger"].client.close()


def told(folder: Path) -> set[tuple[object, ...]]:
    """Return what every destination was told that anybody judged."""
    reports = [api.read(file.read_bytes()).messages[0].report for file in (folder / "outgoing").glob("*.xml")]
    assert reports
    links = [link for report in reports for drug in report.drugs for link in drug.reactions]
    return {(each.source, each.method, each.result) for link in links for each in link.assessments}


def test_what_is_judged_with_a_scale_at_hand_is_sent_as_the_sponsors_opinion(
    suite: Suite, office: Office, tmp_path: Path
) -> None:
    suite.receive_report(reactions=[{**SERIOUS[0], "causality": [HELD]}])
    case = suite.case
    url = f"/cases/{case.id}/causality"

    page = office.ask(PHYSICIAN, "POST", url, ANSWERS | {"revision": "1"}, by_form=True)
    assert page.status_code == 200
    assert "2 - 1 = 1." in page.text
    assert re.findall(r'name="method" value="([^"]+)"', page.text) == ["Naranjo 1 (possible)", "WHO-UMC: possible"]
    assert suite.case == case

    form = ANSWERS | JUDGED
    assert office.ask(PHYSICIAN, "POST", f"{url}/record", form | {"revision": "1"}, by_form=True).status_code == 303
    stale = office.ask(PHYSICIAN, "POST", f"{url}/record", form | {"revision": "1"}, by_form=True)
    assert stale.status_code == 409
    assert 'value="an infection"' in stale.text
    held = suite.case
    assert held.current.number == 2
    content = suite.cases.version(held, 2).snapshot.content
    assert [each.source for each in content.reactions[0].causality] == ["investigator", "sponsor"]
    audit = office.database["cases"].find_one({"_id": case.id}, {"audit": 1})
    assert audit is not None
    assert "/reactions/0/causality/1" in str(audit["audit"][-1])

    suite.approve()
    assert told(tmp_path) == {
        ("Investigator", None, "Related"),
        ("Sponsor", "Naranjo 1 (possible)", "Not related"),
    }
