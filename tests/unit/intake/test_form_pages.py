"""Whatever is sent to the form, the answer is a page in plain words, and what was typed is still in it."""

import re

import pytest

from intake.form.questions import GROUPS, PAGES, group_of
from intake.form.security import FORM_LIMIT
from intake.receive import BODY_LIMIT
from shared.front import KEPT
from tests.unit.intake.form_browser import Browser, body, errors

URLS = {slug: f"/report/{slug}/1" if group_of(slug) else f"/report/{slug}" for slug in PAGES}


@pytest.fixture
def browser() -> Browser:
    started = Browser()
    started.begin()
    return started


def test_the_journey_goes_from_page_to_page(browser: Browser) -> None:
    url, seen = "/report/who", []
    while url != "/report/check":
        seen.append(url)
        if url in {"/report/medicines", "/report/reactions"}:
            page = browser.open(url).text
            url = re.findall(r'<a href="([^"]+)"[^>]*class="govuk-button"', page)[0]
        else:
            typed = {"name": "A"} if "/medicine/" in url else {"verbatim": "B"} if "/reaction/" in url else {}
            url = browser.answer(url, **typed)
    assert seen == [
        "/report/who", "/report/medicine/1", "/report/taken/1", "/report/medicines", "/report/reaction/1",
        "/report/seriousness/1", "/report/reactions", "/report/patient", "/report/story", "/report/reporter",
        "/report/contact",
    ]  # fmt: skip


def test_back_leads_back_without_asking_the_store(browser: Browser) -> None:
    back = {slug: re.findall(r'<a href="([^"]+)" class="govuk-back-link"', browser.open(url).text)[0]
            for slug, url in URLS.items()}  # fmt: skip
    assert back == {
        "who": "/report",
        "medicine": "/report/who",
        "taken": "/report/medicine/1",
        "reaction": "/report/medicines",
        "seriousness": "/report/reaction/1",
        "patient": "/report/reactions",
        "story": "/report/patient",
        "reporter": "/report/story",
        "contact": "/report/reporter",
    }


def test_change_leads_back_to_the_check_page_and_a_new_item_is_finished_first(browser: Browser) -> None:
    browser.answer("/report/medicine/1", name="A")
    browser.answer("/report/taken/1")
    assert browser.answer("/report/medicine/1?from=check", name="B") == "/report/check"
    assert browser.answer("/report/patient?from=check", initials="X") == "/report/check"
    assert browser.answer("/report/medicine/2?from=check", name="C") == "/report/taken/2?from=check"
    assert browser.answer("/report/taken/2?from=check") == "/report/check"
    assert browser.answer("/report/who?from=https://evil.example", relation_to_patient="patient") == "/report/medicines"


def test_what_was_typed_is_shown_again_as_it_was_typed(browser: Browser) -> None:
    browser.answer("/report/taken/1", start__month="mar.", start__year="2026", dose_text='<b>"2&3"</b>')
    page = browser.open("/report/taken/1").text
    assert 'value="mar."' in page
    assert "&lt;b&gt;&#34;2&amp;3&#34;&lt;/b&gt;" in page
    assert "<b>" not in page


def test_removing_asks_first_and_takes_out_one(browser: Browser) -> None:
    for number, name in ((1, "A"), (2, "B")):
        browser.answer(f"/report/medicine/{number}", name=name)
    assert "Remove this medicine?" in browser.open("/report/medicines/1/remove").text
    assert browser.send("/report/medicines/1/remove").location == "/report/medicines"
    assert browser.open("/report/medicines/1/remove").status_code == 404
    assert [drug["name"] for drug in body(browser.submit())["drugs"]] == ["B"]


def test_errors_stand_above_the_page_beside_the_field_and_in_the_title(browser: Browser) -> None:
    browser.open("/report/taken/1")
    page = browser.send(
        "/report/taken/1", {"start-day": "31", "start-month": "2", "start-year": "2026", "end-day": "1"}
    )
    assert page.status_code == 422
    assert errors(page) == [
        "‘First taken’ must be a real date: February 2026 has no day 31",
        "‘Last taken’ must have a year",
    ]
    assert "<title>Error: " in page.text
    assert page.text.count("February 2026 has no day 31") == 2
    assert 'href="#start-day"' in page.text
    assert 'value="31"' in page.text


@pytest.mark.parametrize(
    ("chosen", "says"),
    [
        (("none", "hospitalisation"), "Select what it led to, or ‘No, none of these’, not both"),
        (("none", "not_known"), "Select ‘No, none of these’, or ‘Not known’, not both"),
        (
            ("none", "not_known", "disability"),
            "Select what it led to, or ‘No, none of these’, or ‘Not known’, only one of these",
        ),
    ],
)
def test_several_answers_beside_none_are_asked_about(browser: Browser, chosen: tuple[str, ...], says: str) -> None:
    browser.open("/report/seriousness/1")
    page = browser.send("/report/seriousness/1", [("serious", each) for each in chosen])
    assert errors(page) == [says]


def test_an_empty_report_is_not_sent_and_one_word_is_enough(browser: Browser) -> None:
    browser.open("/report/check")
    page = browser.send("/report/check")
    assert (page.status_code, len(errors(page))) == (422, 2)
    assert not browser.reports.kept
    browser.answer("/report/story", narrative="ill")
    assert body(browser.submit())["narrative"] == "ill"


def test_a_double_click_is_one_report(browser: Browser) -> None:
    browser.answer("/report/reaction/1", verbatim="Rash")
    browser.open("/report/check")
    (draft,) = browser.drafts.kept.values()
    assert browser.send("/report/check").location == "/report/sent"
    browser.drafts.kept[draft.draft_id] = draft  # as the second of two clicks found it
    assert browser.send("/report/check").location == "/report/sent"
    (report,) = browser.reports.kept.values()
    assert browser.reports.actions(report.report_id) == ["report.received", "receipt.replayed"]


def test_what_was_sent_is_forgotten_and_its_number_is_shown(browser: Browser) -> None:
    browser.answer("/report/reaction/1", verbatim="Rash", onset__year="2031")
    report = browser.submit()
    page = browser.open("/report/sent")
    assert report.report_id in page.text
    assert "10 March 2026 at 00:30" in page.text
    assert "A date lies in the future." in page.text
    assert page.headers["Clear-Site-Data"] == '"cache", "storage"'
    (draft,) = browser.drafts.kept.values()
    assert draft.answers == {}
    for url in ("/report/check", "/report/patient"):
        assert browser.open(url).location == "/report/sent"


@pytest.mark.parametrize("slug", PAGES)
def test_while_the_store_is_away_what_was_typed_stays_on_the_page(browser: Browser, slug: str) -> None:
    name = PAGES[slug].fields[0].name
    option = PAGES[slug].fields[0].options[:1]
    typed = option[0].value if option else "Zaubertrank"
    browser.open(URLS[slug])
    browser.drafts.away = True
    page = browser.send(URLS[slug], {name: typed})
    assert (page.status_code, page.headers["Retry-After"]) == (503, "5")
    assert "We could not save this page" in page.text
    assert re.search(f'value="{typed}"( checked|[^>]*>)' if option else typed, page.text)
    browser.drafts.away = False
    assert browser.send(URLS[slug], {name: typed}).status_code == 303


def test_while_the_store_is_away_no_page_is_an_error_of_ours(browser: Browser) -> None:
    browser.answer("/report/reaction/1", verbatim="Rash")
    browser.open("/report/check")
    browser.drafts.away = True
    for url in ("/report/check", "/report/sent", "/report/medicines", *URLS.values()):
        assert browser.open(url).status_code == 503
    assert browser.send("/report/check").status_code == 503
    assert browser.send("/report").status_code == 503
    assert browser.open("/report").status_code == 200
    browser.drafts.away = False
    assert browser.submit()
    assert browser.faults == []


def test_an_expired_draft_is_told_and_this_page_goes_on(browser: Browser) -> None:
    browser.open("/report/reaction/1")
    browser.expire()
    page = browser.send("/report/reaction/1", {"verbatim": "Rash"})
    assert page.status_code == 410
    assert 'value="Rash"' in page.text
    assert "Your earlier answers are no longer here" in page.text
    assert browser.send("/report/reaction/1", {"verbatim": "Rash"}).status_code == 303
    browser.expire()
    assert browser.open("/report/check").status_code == 410


def test_a_failed_token_keeps_what_was_typed(browser: Browser) -> None:
    browser.open("/report/reaction/1")
    for token in ("", "forged", browser.token[::-1]):
        page = browser.client.post("/report/reaction/1", data={"csrf_token": token, "verbatim": "Rash"})
        assert page.status_code == 400
        assert 'value="Rash"' in page.text
    browser.client.delete_cookie("dayzero_report", path="/report")
    assert browser.send("/report/reaction/1", {"verbatim": "Rash"}).status_code == 400
    assert browser.send("/report/reaction/1", {"verbatim": "Rash"}).status_code == 410  # a new browser, so to say
    assert browser.send("/report/reaction/1", {"verbatim": "Rash"}).status_code == 303


def test_every_post_needs_its_token(browser: Browser) -> None:
    browser.answer("/report/medicine/1", name="A")
    posts = {rule.rule for rule in browser.app.url_map.iter_rules()
             if rule.endpoint.startswith("form.") and "POST" in (rule.methods or ())}  # fmt: skip
    assert len(posts) == 6
    for url in ("/report", "/report/check", "/report/medicines/1/remove", "/report/nowhere", *URLS.values()):
        assert browser.client.post(url, data={"name": "x"}).status_code == 400
    assert len(browser.drafts.kept) == 1


def test_who_has_not_begun_is_led_to_the_start() -> None:
    stranger = Browser()
    for url in ("/report/check", "/report/sent", "/report/medicines", *URLS.values()):
        assert stranger.open(url).location == "/report"
    assert stranger.open("/report/").location == "/report"


@pytest.mark.parametrize(
    "url", ["/report/x", "/report/medicine", "/report/medicine/0", "/report/medicine/501", "/report/medicine/1/x",
            "/report/who/1", "/report/medicines/9/remove", "/report/medicine/99999999999999999999", "/report/%00"],
)  # fmt: skip
def test_an_address_that_leads_nowhere_says_so(browser: Browser, url: str) -> None:
    page = browser.open(url)
    assert page.status_code == 404
    assert "Page not found" in page.text


def test_headers_and_cookie() -> None:
    browser = Browser()
    for url in ("/report", "/report/privacy", "/report/nowhere", "/report/static/form.css"):
        page = browser.open(url)
        policy = page.headers["Content-Security-Policy"]
        assert "default-src 'none'" in policy
        assert "unsafe" not in policy
        assert page.headers["X-Content-Type-Options"] == "nosniff"
        assert page.headers["Referrer-Policy"] == "same-origin"
        assert page.headers["Cross-Origin-Opener-Policy"] == "same-origin"
        assert (page.headers["Cache-Control"] == "no-store") is ("static" not in url)
    cookie = browser.client.get_cookie("dayzero_report", path="/report")
    assert cookie is not None
    assert (cookie.http_only, cookie.same_site, cookie.path) == (True, "Lax", "/report")
    assert "<script>" not in browser.open("/report").text
    assert " style=" not in browser.open("/report").text


def test_the_api_has_neither_cookie_nor_token() -> None:
    answer = Browser().client.post("/v1/reports", json={"narrative": "x"})
    assert answer.status_code == 202
    assert "Set-Cookie" not in answer.headers


HOSTILE = ["\x00", "a\x00b", "\ud800", "\u202eabc", "{{ 7919*7919 }}", "<script>alert(1)</script>", "$ne", "x" * 50_000]


@pytest.mark.parametrize("slug", PAGES)
@pytest.mark.parametrize("value", HOSTILE, ids=[repr(each[:12]) for each in HOSTILE])
def test_hostile_text_in_every_input_is_kept_or_asked_about(slug: str, value: str) -> None:
    browser = Browser()
    browser.begin()
    inputs = {name for field in PAGES[slug].fields for name in (*field.inputs, field.box)}
    browser.open(URLS[slug])
    raw = "&".join(f"{name}={quoted(value)}" for name in inputs)
    raw += f"&csrf_token={browser.token}&opened-in={browser.opened_in}&{quoted(value[:99])}=1"
    page = browser.client.post(URLS[slug], data=raw, content_type="application/x-www-form-urlencoded")
    assert page.status_code in {303, 422}
    check = browser.open("/report/check")
    assert check.status_code == 200
    assert "<script>alert" not in check.text
    assert "62710561" not in check.text
    browser.answer("/report/reaction/2", verbatim="Rash")
    browser.submit()
    assert browser.faults == []


def quoted(value: str) -> str:
    return "".join(f"%{byte:02X}" for byte in value.encode("utf-8", "surrogatepass"))


def test_more_than_a_page_holds_is_told(browser: Browser) -> None:
    browser.open("/report/story")
    page = browser.send("/report/story", {"narrative": "x" * 20_000_000})
    assert page.status_code == 413
    assert "more than we can take at once" in page.text


def test_the_door_reads_as_much_as_the_form_takes() -> None:
    assert KEPT > FORM_LIMIT == 3 * BODY_LIMIT


def test_more_than_a_report_holds_is_told_beside_the_text(browser: Browser) -> None:
    browser.open("/report/story")
    page = browser.send("/report/story", {"narrative": "x" * 1_000_001})
    assert errors(page) == ["Your report has become longer than we can take in one piece: please shorten this text"]
    assert "x" * 1000 in page.text


def test_repeated_and_unknown_fields_are_taken_with_patience(browser: Browser) -> None:
    browser.open("/report/medicine/1")
    typed = [("name", "A"), ("name", "B"), ("role", "suspect"), ("role", "zzz"), ("answers.x", "1"), ("$set", "2")]
    assert browser.send("/report/medicine/1", typed).status_code == 303
    assert body(browser.submit())["drugs"] == [{"name": "A", "role": "suspect"}]
    assert browser.faults == []


def test_other_kinds_of_body_are_no_error_of_ours(browser: Browser) -> None:
    browser.open("/report/patient")
    for content, kind in (
        (b'{"a": 1}', "application/json"),
        (b"\xff\xfe", "application/x-www-form-urlencoded"),
        (b"--x\r\nContent-Disposition: form-data", "multipart/form-data; boundary=x"),
        (b"", "multipart/form-data"),
        (b"a=1&" * 100_000, "application/x-www-form-urlencoded"),
    ):
        page = browser.client.post("/report/patient", data=content, content_type=kind)
        assert page.status_code == 400
        assert "text/html" in page.content_type
    assert browser.faults == []


def test_five_hundred_medicines_are_taken_and_no_more_are_offered(browser: Browser) -> None:
    (draft_id,) = browser.drafts.kept
    draft = browser.drafts.kept[draft_id]
    draft.answers.update({f"medicine-{number}": {"name": [f"M{number}"]} for number in range(1, 501)})
    assert "as many as fit here" in browser.open("/report/medicines").text
    assert len(body(browser.submit())["drugs"]) == 500


def test_another_host_or_origin_is_refused_in_words(browser: Browser) -> None:
    assert browser.client.get("/report", headers={"Host": "evil.example"}).status_code == 403
    page = browser.send("/report/patient", {"initials": "X"}, headers={"Origin": "https://evil.example"})
    assert page.status_code == 403
    assert "text/html" in page.content_type


def test_every_group_lists_its_items(browser: Browser) -> None:
    for slug, group in GROUPS.items():
        assert f"You have not added a {group.one}" in browser.open(f"/report/{slug}").text
