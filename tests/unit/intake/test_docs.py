"""The OpenAPI document is valid, is what the routes are and what they answer; its page asks nobody else."""

import re
from functools import partial
from html.parser import HTMLParser
from typing import Any, NoReturn

import pytest
from openapi_schema_validator import OAS31Validator, validate
from openapi_spec_validator import OpenAPIV31SpecValidator
from werkzeug.test import TestResponse

from intake.api.docs import POLICY
from intake.api.docs_openapi import document
from intake.api.reports import blueprint
from intake.app import application
from intake.domain.records import State
from intake.receive import BODY_LIMIT
from shared.mongo import TRANSIENT
from tests.unit.intake.conftest import REPORT, Intake
from tests.unit.intake.keys import open_door

PAGES = {"docs.static"}  # of the page itself; further pages of the application have blueprints of their own
OURS = {"reports", "icsrs", "health", "docs"}


def test_the_document_is_valid_openapi() -> None:
    OpenAPIV31SpecValidator(document()).validate()


def test_document_and_routes_agree(intake: Intake) -> None:
    routed = {
        (re.sub(r"<(?:\w+:)?(\w+)>", r"{\1}", rule.rule), method.lower())
        for rule in intake.app.url_map.iter_rules()
        if rule.endpoint.partition(".")[0] in OURS and rule.endpoint not in PAGES
        for method in rule.methods or ()
        if method not in {"HEAD", "OPTIONS"}
    }
    told = {(path, method) for path, methods in document()["paths"].items() for method in methods}
    assert told == routed
    versioned = {rule.endpoint for rule in intake.app.url_map.iter_rules() if re.match(r"/(v\d|api)", rule.rule)}
    assert {endpoint.partition(".")[0] for endpoint in versioned} == {"reports", "icsrs"}


def test_every_reference_has_its_schema() -> None:
    schemas = document()["components"]["schemas"]
    referred = set(re.findall(r"'#/components/schemas/(\w+)'", str(document())))
    assert referred <= set(schemas)
    assert set(schemas) - {"Receipt", "Status", "File"} <= referred | {"Report"}
    assert "$defs" not in str(document())


def conforms(answer: TestResponse, path: str, method: str) -> None:
    """The answer is one that the document tells of: status, media type, headers, body."""
    told = document()["paths"][path][method]["responses"][str(answer.status_code)]
    (media_type, content), *_ = told["content"].items()
    assert answer.mimetype == media_type
    for name in told.get("headers", {}):
        assert name in answer.headers or name == "Idempotency-Replayed"
    schema: dict[str, Any] = {**content["schema"], "components": document()["components"]}
    validate(answer.get_json(), schema, cls=OAS31Validator)


def test_a_receipt_and_a_status_are_as_told(intake: Intake) -> None:
    first = intake.post(REPORT | {"shoe_size": 43}, Idempotency_Key="k")
    conforms(first, "/v1/reports", "post")
    again = intake.post(REPORT | {"shoe_size": 43}, Idempotency_Key="k")
    conforms(again, "/v1/reports", "post")
    assert again.headers["Idempotency-Replayed"] == "true"
    conforms(intake.client.get(first.get_json()["status_url"]), "/v1/reports/{report_id}", "get")
    states = document()["components"]["schemas"]["Status"]["properties"]["state"]["enum"]
    assert states == [state.value for state in State]


REFUSED: list[tuple[bytes | dict[str, Any], dict[str, str], int]] = [
    (b"{", {}, 400),
    (b"x" * (BODY_LIMIT + 1), {}, 413),
    (REPORT, {"Content_Type": "text/plain"}, 415),
    ({"sponsor": "exemplar"}, {}, 422),
    (REPORT | {"shoe_size": 43}, {"Prefer": "handling=strict"}, 422),
    (REPORT, {"Origin": "https://elsewhere.example"}, 403),
]


@pytest.mark.parametrize(("body", "headers", "status"), REFUSED)
def test_a_refusal_is_as_told(body: Any, headers: dict[str, str], status: int, intake: Intake) -> None:
    answer = intake.post(body, **headers)
    assert answer.status_code == status
    conforms(answer, "/v1/reports", "post")


def test_what_is_not_there_and_health_are_as_told(intake: Intake) -> None:
    conforms(intake.client.get("/v1/reports/rep_none"), "/v1/reports/{report_id}", "get")
    for path in ("/health/live", "/health/ready", "/openapi.json"):
        conforms(intake.client.get(path), path, "get")
    routes = blueprint(partial(fail, ValueError()), partial(fail, ValueError()), open_door())
    unready = application(routes, lambda: False)
    conforms(unready.test_client().get("/health/ready"), "/health/ready", "get")


def test_a_store_that_is_away_or_at_fault_is_as_told() -> None:
    for error in (TRANSIENT[0]("away"), ValueError("ours")):
        routes = blueprint(partial(fail, error), partial(fail, error), open_door())
        client = application(routes, lambda: True).test_client()
        conforms(client.get("/v1/reports/rep_1"), "/v1/reports/{report_id}", "get")
        conforms(client.post("/v1/reports"), "/v1/reports", "post")


def fail(error: Exception, _given: object) -> NoReturn:
    raise error


class Links(HTMLParser):
    """What a page loads, and the scripts and styles that stand in it."""

    def __init__(self) -> None:
        super().__init__()
        self.loads: list[str] = []
        self.inline: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = dict(attrs)
        self.loads += [str(found[name]) for name in ("src", "href") if name in found]
        self.inline += [tag for name in found if name == "style" or name.startswith("on")]
        if tag == "style" or (tag == "script" and "src" not in found):
            self.inline.append(tag)


def test_the_page_loads_only_from_here_and_has_nothing_inline(intake: Intake) -> None:
    answer = intake.client.get("/docs")
    assert (answer.status_code, answer.mimetype) == (200, "text/html")
    links = Links()
    links.feed(answer.text)
    assert links.inline == []
    for url in links.loads:
        assert url.startswith(("/", "data:,"))
        if url.startswith("/"):
            with intake.client.get(url) as loaded:
                assert loaded.status_code == 200, url


@pytest.mark.parametrize("url", ["/docs", "/docs/docs.js", "/docs/swagger-ui.css", "/openapi.json"])
def test_the_policy_allows_no_inline_script_and_nobody_else(url: str, intake: Intake) -> None:
    with intake.client.get(url) as answer:
        assert answer.headers["Content-Security-Policy"] == POLICY
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
    directives = dict(part.strip().split(" ", 1) for part in POLICY.split(";"))
    assert directives["default-src"] == "'none'"
    assert directives["script-src"] == "'self'"
    assert "http" not in POLICY
    assert "unsafe" not in POLICY


def test_the_page_validates_and_sends_nowhere(intake: Intake) -> None:
    with intake.client.get("/docs/docs.js") as answer:
        script = answer.get_data(as_text=True)
    assert "validatorUrl: null" in script
    assert 'supportedSubmitMethods: ["get"]' in script
    assert "http" not in script


@pytest.mark.parametrize("url", ["/docs", "/docs/docs.js", "/openapi.json"])
def test_another_host_gets_nothing(url: str, intake: Intake) -> None:
    assert intake.client.get(url, headers={"Host": "rebound.example"}).status_code == 403
    assert intake.client.get("/docs/../reports.py").status_code == 404
