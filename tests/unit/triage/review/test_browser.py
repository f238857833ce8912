"""What a browser is told, and what it may not be made to do; pages that everyone can use."""

import re
from datetime import UTC, datetime
from itertools import pairwise
from pathlib import Path

import pytest

from tests.builders import a_content, a_reaction, a_receipt, a_report, with_reaction
from tests.unit.triage.review.conftest import PASSWORD, Review, read
from triage.domain.case import Case
from triage.review import case_page

TEMPLATES = sorted((Path(case_page.__file__).parent / "templates").glob("*.html"))
UNCODED = a_content(reactions=(a_reaction(verbatim="odd"),))


@pytest.mark.parametrize("text", ["<script>alert(1)</script>", '"><img src=x onerror=alert(1)>', "{{ 7 * 7 }}"])
def test_what_a_report_says_is_text(text: str, review: Review) -> None:
    case = review.opened(a_report(content=with_reaction(verbatim=text)))
    review.form(case, "return", {"reason": text})
    for url in ("/", f"/cases/{case.id}", f"/cases/{case.id}?amend={text}"):
        page = review.page(url)
        assert text in page.words
        assert not page.all("script")
        assert not page.all("img")


def test_a_report_in_any_script_keeps_its_direction(review: Review) -> None:
    case = review.opened(a_report(content=with_reaction(verbatim="طفح جلدي")))
    page = review.page(f"/cases/{case.id}")
    assert "طفح جلدي" in page.words
    assert page.all("h1")[0]["dir"] == "auto"


def urls(case: Case) -> list[str]:
    return [
        "/",
        "/parked",
        f"/cases/{case.id}",
        "/cases/none",
        "/?limit=x",
        "/static/review.css",
        "/api/cases",
        "/nowhere",
    ]


def test_every_answer_keeps_a_browser_honest(review: Review) -> None:
    for url in urls(review.opened(a_report())):
        with review.client.get(url) as answer:
            headers = answer.headers
        policy = headers["Content-Security-Policy"]
        assert policy == "default-src 'self'; frame-ancestors 'none'; base-uri 'none'; form-action 'self'"
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert headers["Cache-Control"] == "no-store", url
        # no-referrer would make browsers post the page's own forms with "Origin: null".
        assert headers["Referrer-Policy"] == "same-origin"


@pytest.mark.parametrize(("origin", "status"), [("http://localhost", 303), ("http://evil.example", 403), ("null", 403)])
def test_a_form_of_another_site_is_refused(origin: str, status: int, review: Review) -> None:
    case = review.opened(a_report())
    data = {"revision": "1", "reason": "complete", "password": PASSWORD}
    answer = review.client.post(f"/cases/{case.id}/approve", data=data, headers={"Origin": origin})
    assert answer.status_code == status


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda path: path.name)
def test_a_template_has_no_inline_script_or_style(template: Path) -> None:
    source = template.read_text(encoding="utf-8")
    assert not re.search(r"<script|<style|\sstyle=|\son\w+=|javascript:|\|\s*safe", source)


def test_pages_are_built_for_everyone(review: Review) -> None:
    report = a_report(content=UNCODED, receipt=a_receipt(received_at=datetime(2026, 11, 1, 9, 0, tzinfo=UTC)))
    case = review.opened(report)
    broken = review.form(case, "amend", {"pointer": "/colour", "value": "x", "reason": "y"})
    pages = [review.page(url) for url in ("/", "/parked", f"/cases/{case.id}")] + [read(broken)]
    for page in pages:
        assert (page.unbalanced, page.open) == ([], [])
        assert page.all("html")[0]["lang"] == "en"
        assert [len(page.all(tag)) for tag in ("main", "header", "h1")] == [1, 1, 1]
        assert page.all("a")[0]["href"] == "#main"
        ids = [attrs["id"] for _, attrs in page.elements if "id" in attrs]
        assert len(ids) == len(set(ids))
        labelled = {label["for"] for label in page.all("label")}
        fields = [f for f in page.all("input") + page.all("select") if f.get("type") != "hidden"]
        assert {field["id"] for field in fields} == labelled
        assert all(cell.get("scope") in {"col", "row"} for cell in page.all("th"))
        assert len(page.all("caption")) == len(page.all("table"))
        levels = [int(tag[1]) for tag, _ in page.elements if re.fullmatch(r"h[1-6]", tag)]
        assert all(after - before <= 1 for before, after in pairwise(levels))
        anchors = {a["href"][1:] for a in page.all("a") if a["href"].startswith("#")}
        assert anchors <= set(ids)
