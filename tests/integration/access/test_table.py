"""Who may what, for which sponsor: a table that people review, and every cell of it tried (ASVS 5.0: 8.2, 8.4).

``routes.csv`` says of each route what a role is answered for ids of its own sponsor, and what for another sponsor's.
"""

import csv
import re
from pathlib import Path
from typing import Any

import pytest

from tests.integration.access.conftest import COMMANDS, OTHER, OWN, Office
from triage.domain.identity import Role

TABLE = Path(__file__).with_name("routes.csv")
PRINCIPALS = ("anonymous", *(role.value for role in Role))
ROWS = {(row["method"], row["route"]): row for row in csv.DictReader(TABLE.read_text(encoding="utf-8").splitlines())}
CELLS = [pytest.param(method, route, id=f"{method} {route}") for method, route in ROWS]
FILLED = {r"<int:\w+>": "1", r"<path:\w+>": "review.css", r"<any\((\w+).*?\):\w+>": r"\1"}
# What a route is sent, so that it says whether it lets in and changes nothing; others are sent nothing.
BODIES: dict[str, dict[str, Any]] = {
    "/api/parked/<work_id>/<any(replay, close):action>": {"reason": "a refusal cannot be replayed"},
    "/parked/<work_id>/<any(replay, close):action>": {"reason": "a refusal cannot be replayed"},
    "/admin/users/<user_id>/<any(grant, revoke, disable, enable, reset):action>": {
        "role": "approver",
        "sponsor": "no sponsor",
        "reason": "no such sponsor",
    },
}


TRAILS = {"/audit", "/api/audit"}  # they tell which ids one's own people asked for in vain


def url_of(route: str, ids: dict[str, str]) -> str:
    """Return a URL of a route with these ids."""
    for part, value in FILLED.items():
        route = re.sub(part, value, route)
    return re.sub(r"<(\w+)>", lambda match: ids[match[1]], route)


def has_id(route: str) -> bool:
    """Say whether a route names something of a sponsor's."""
    return re.search(r"<(case_id|work_id|user_id)>", route) is not None


def asked(office: Office, principal: str, method: str, route: str, of: str) -> Any:
    """Send the route's request as a principal, with ids of a sponsor's, or of nobody's."""
    name, is_api = None if principal == "anonymous" else principal, route.startswith("/api/")
    body = BODIES.get(route, {}) if method == "POST" else None
    return office.ask(name, method, url_of(route, office.ids[of]), body, by_form=not is_api)


def test_every_route_stands_in_the_table_and_nothing_else(office: Office) -> None:
    routes = {
        (method, rule.rule)
        for rule in office.app.url_map.iter_rules()
        for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}
    }
    assert routes == ROWS.keys()


@pytest.mark.parametrize(("method", "route"), CELLS)
def test_a_role_is_answered_as_the_table_says(method: str, route: str, office: Office) -> None:
    answered = {each: asked(office, each, method, route, OWN).status_code for each in PRINCIPALS}
    assert answered == {each: int(ROWS[method, route][each]) for each in PRINCIPALS}


@pytest.mark.parametrize(("method", "route"), CELLS)
def test_what_is_another_sponsors_is_not_there_for_any_role(method: str, route: str, office: Office) -> None:
    row = ROWS[method, route]
    for principal in PRINCIPALS:
        answer = asked(office, principal, method, route, OTHER)
        is_let_in = row[principal] not in {"303", "401", "403"} and has_id(route)
        assert answer.status_code == int(row["elsewhere"] if is_let_in else row[principal]), principal
        told = answer.get_data(as_text=True)
        asked_for = set(office.ids[OTHER].values()) & set(re.split(r"[/?]", url_of(route, office.ids[OTHER])))
        leaked = [each for each in office.ids[OTHER].values() if each in told and each not in asked_for]
        assert route in TRAILS or not leaked, principal


@pytest.mark.parametrize(("method", "route"), [cell for cell in CELLS if has_id(str(cell.values[1]))])
def test_nobody_learns_whether_it_is_another_sponsors_or_not_there_at_all(
    method: str, route: str, office: Office
) -> None:
    for principal in PRINCIPALS:
        answers = []
        for of in (OTHER, "nobody"):
            answer = asked(office, principal, method, route, of)
            named = sorted(set(office.ids[of].values()), key=len, reverse=True)
            words = re.sub("|".join(map(re.escape, named)), "ID", answer.get_data(as_text=True))
            words = re.sub(r'"(request_id|instance)":"[^"]*"', "", words)
            answers.append((answer.status_code, re.sub(r'value="[^"]{60,}"', "", words), list(COMMANDS.seen)))
        assert answers[0] == answers[1], principal
