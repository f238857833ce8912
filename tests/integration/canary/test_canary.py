"""What a report says, and what lets a person in, stands nowhere but where it is asked for (DOMAIN 20).

Strings that nothing else says are sent through every door of the suite. Each is shown to have arrived, so that looking
for it could have found it; none is in a log, a Kafka key, header or topic, an address, the name of a file or an error.

A receipt may quote a value to who sent it, as a query on it (DOMAIN 1); an answer that
refuses names the field, and quotes none.
"""

import json
import os
import re
from collections.abc import Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass, field, replace
from html.parser import HTMLParser
from pathlib import Path
from typing import Any
from urllib.parse import quote, quote_plus, unquote_plus, urlsplit

import pytest
from bson.codec_options import CodecOptions
from bson.raw_bson import RawBSONDocument
from kafka import KafkaConsumer, TopicPartition
from typer.testing import CliRunner

import triage.cli
from deploy.cli import deadletters
from deploy.cli.main import app
from deploy.cli.partner import SETTING as PARTNER_KEY
from deploy.cli.partner import Partner
from deploy.cli.run_settings import in_environment
from deploy.cli.wire import Answer, call
from deploy.demo.partners import given
from deploy.demo.staff import EVERYTHING, HIRER, Staff
from deploy.local.mongod import Client, Mongod, mongo_setting
from deploy.local.suite import Options, Suite
from intake.receive import BODY_LIMIT
from shared.contracts import topics
from shared.contracts.parked_work import ParkedKind
from shared.icsr.elements.c2_primary_source import PrimarySource
from shared.icsr.elements.h_narrative import Narrative
from shared.icsr.model.dates import TS
from shared.icsr.model.message import Message
from tests.e2b_files import batch, message
from tests.integration.deadletters.test_deadletters import refusing
from tests.integration.local.waiting import until

WITHIN = 90.0
XML = {"Content-Type": "text/xml; charset=utf-8"}
STRICT = {"Prefer": "handling=strict"}
PAGES = ("/", "/parked", "/blinded", "/account", "/audit", "/admin/users")

REPORTED = {
    "initials": "Q.Zy.X.",
    "birth date": "1931-07-23",
    "given name": "Ottiliequillfeather",
    "family name": "von Quillfeather-Ümlaut",
    "e-mail": "ottilie@quillfeather.example",
    "telephone": "+41 44 555 01 93",
    "narrative": "The quillfeather baker of the village fell ill.",
    "drug text": "one quillfeather drop at dusk",
    "medical history": "a quillfeather fever in childhood",
    "verbatim": "Quillfeather headache behind the left eye",
    "case id": "QUILLFEATHER-1931-OTTILIE",
}
OF_THE_FILE = {
    "initials in a file": "X.Qq.Y.",
    "birth date in a file": "19320824",
    "given name in a file": "Leopoldquillfeather",
    "family name in a file": "Quillfeather-Leopold",
    "telephone in a file": "+41445550194",
    "narrative in a file": "A quillfeather cobbler fell in hospital.",
    "drug in a file": "Quillfeathrine quillfeather",
    "reaction in a file": "Quillfeather dizziness",
    "case id in a file": "SE-QUILLFEATHER-1932",
    "message id in a file": "SE-QUILLFEATHER-MESSAGE",
}
BY_STAFF = {
    "full name": "Hildegard Quillfeather-Staff",
    "hiring reason": "because of quillfeather hiring",
    "amended narrative": "The quillfeather miller of the village fell ill.",
    "amended text": "two quillfeather drops at dawn",
    "amending reason": "the quillfeather caller said so",
    "asking reason": "nobody answers for the quillfeather caller",
    "returning reason": "ask the quillfeather caller again",
    "approving reason": "approved for quillfeather",
    "closing reason": "closed for quillfeather",
    "replaying reason": "replayed for quillfeather",
    "exporting reason": "exported for quillfeather",
}
REFUSED = {
    "cut off": "a quillfeather body without an end",
    "too large": "a quillfeather body without bounds",
    "another type": "a quillfeather body of plain text",
    "file cut off": "SE-QUILLFEATHER-CUT",
    "no file": "a quillfeather file of no kind",
    "hostile": "a quillfeather entity",
    "twice": "a quillfeather narrative given twice",
    "strictly": "a quillfeather sex",
    "strict date": "the quillfeather day",
    "nothing clinical": "Quillfeather Reporter Alone",
    "key of it": "the quillfeather idempotency key",
}
PARKED = {"parked narrative": "The quillfeather smith waits.", "parked initials": "P.Qx.K."}
IMPORTED = {"imported narrative": "The quillfeather tailor came by file.", "imported id": "IMPORT-QUILLFEATHER-9"}
QUERIED = {"queried sex": "a quillfeather wish", "queried date": "on quillfeather day"}
ATTEMPTED = {  # they arrive nowhere: the answer that refuses shows that they were read
    "wrong name": "quillfeather.nobody",
    "wrong password": "a wrong quillfeather password",
    "wrong signature": "a wrong quillfeather signature",
    "wrong value": "a quillfeather outcome",
    "wrong term": "quillfeather-term",
    "wrong date": "the quillfeather morning",
    "wrong reason": "quillfeather, unread",
    "wrong body": "a quillfeather body for review",
    "wrong field": "quillfeather_field",
    "slow": "a slow quillfeather",
    "wrong key": "dzk_quillfeather.quillfeather-secret",
}


class Links(HTMLParser):
    """Every address of a page."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.found: list[str] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Keep what the element leads to."""
        self.found += [value for name, value in attrs if name in {"href", "src", "action", "formaction"} and value]


@dataclass
class Heard:
    """A running suite, who works with it, and what its doors have answered."""

    suite: Suite
    client: Client
    mongod: Mongod
    staff: Staff
    one_time_password: str
    partner: Partner
    answers: list[tuple[str, Answer]] = field(default_factory=list)

    def of(self, words: str, answer: Answer, *statuses: int) -> Answer:
        """Keep an answer, which is one of these."""
        assert answer.status in statuses, (words, answer.status, answer.words)
        self.answers.append((words, answer))
        return answer

    def report(self, words: str, body: object, status: int, **headers: str) -> Answer:
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        return self.of(words, self.partner.call("POST", "/v1/reports", body, named), status)

    def file(self, words: str, content: bytes, status: int) -> Answer:
        answer = self.partner.call("POST", "/v1/icsrs?sponsor=helvion", content, XML)
        return self.of(words, answer, status)

    def review(self, words: str, path: str, body: object, *statuses: int, **headers: str) -> Answer:
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        return self.of(words, self.staff.call("POST", path, body, named), *statuses)

    def state(self, report_id: str) -> str:
        return str(self.partner.call("GET", f"/v1/reports/{report_id}").body["state"])

    def case_of(self, report_id: str) -> str:
        """Return the address of the case that a report became."""
        until(lambda: self.state(report_id) == "opened", WITHIN)
        report = self.client["dayzero_intake"]["reports"].find_one({"_id": report_id}) or {}
        return f"/api/cases/{report['status']['case_id']}"

    def revision(self, url: str) -> str:
        return self.of("read", self.staff.call("GET", url), 200).headers["etag"]

    @property
    def secrets(self) -> dict[str, str]:
        """What lets in: of the two that are kept as they are, one is in a database; of the others, a hash."""
        return {
            "password": self.staff._password,
            "one-time password": self.one_time_password,
            "authenticator": self.staff._secret,
            "partner key": self.partner.key.partition(".")[2],
        }


@pytest.fixture
def suite() -> Iterator[Suite]:
    options = Options(republish_seconds=0.5, keep_data=False, topics=topics.ALL)
    with Suite(f"canary-{os.getpid()}", options) as running, in_environment(running.settings):
        yield running


@pytest.fixture
def heard(suite: Suite) -> Iterator[Heard]:
    port = urlsplit(suite.settings[mongo_setting("triage")]).port
    assert port is not None
    mongod = Mongod(port, suite.folder / "secrets")
    grants = [(sponsor, role) for sponsor in triage.cli.sponsors() for role in (*EVERYTHING, "auditor")]
    grants.append(("installation", "administrator"))
    password = triage.cli.add_user(HIRER, BY_STAFF["hiring reason"], "canary.staff", BY_STAFF["full name"], grants)
    staff = Staff(suite.review_url, "canary.staff")
    staff.start(password or "")
    with closing(mongod.admin()) as client:
        yield Heard(suite, client, mongod, staff, password or "", given(suite.settings, suite.intake_url))


@pytest.mark.timeout(400)
def test_what_a_report_says_is_nowhere_but_where_it_is_asked_for(heard: Heard, tmp_path: Path) -> None:
    report = heard.report("taken", a_body(), 202).body["report_id"]
    file = heard.file("file taken", a_file(), 200)
    wishes(heard)
    refusals(heard)
    attempts(heard, heard.case_of(report))
    decided(heard, heard.case_of(report))
    given_back(heard)
    parked(heard)
    slow(heard)
    commands(heard, tmp_path)
    assert file.content
    reports = heard.client["dayzero_intake"]["reports"]
    until(lambda: reports.count_documents({"status.state": "received"}) == 0, WITHIN)
    messages = events(heard.suite)
    told = list(seen(heard))
    arrived(heard, [value for *_, value in messages])
    secret = {**all_reported(), **ATTEMPTED, **heard.secrets}
    places = (*told, *logs(heard.suite), *kafka(messages), *names_of_files(heard.suite))
    leaks = {where: found for where, text in places if (found := found_in(text, secret))}
    assert leaks == {}


def a_body() -> dict[str, Any]:
    """Return a report that says everything that may be said of a person."""
    reporter = {"country": "FR", "qualification": "physician"}
    return {
        "sponsor": "helvion",
        "sender": {"organisation": "Canary", "case_id": REPORTED["case id"]},
        "patient": {
            "initials": REPORTED["initials"],
            "birth_date": REPORTED["birth date"],
            "sex": "female",
            "medical_history": REPORTED["medical history"],
        },
        "reporters": [
            {**reporter, "given_name": REPORTED["given name"], "contact": REPORTED["e-mail"]},
            {**reporter, "family_name": REPORTED["family name"], "contact": REPORTED["telephone"]},
        ],
        "drugs": [{"name": "Cardivane", "role": "suspect", "dose_text": REPORTED["drug text"]}],
        "reactions": [
            {
                "verbatim": REPORTED["verbatim"],
                "serious": True,
                "criteria": ["hospitalisation"],
                "country": "FR",
                "outcome": "recovered",
            }
        ],
        "narrative": REPORTED["narrative"],
    }


def a_file() -> bytes:
    """Return a file of one message that says so too."""
    like: Message = message(OF_THE_FILE["case id in a file"])
    (source,), (reaction,), (drug,) = like.report.primary_sources, like.report.reactions, like.report.drugs
    patient = replace(
        like.report.patient,
        initials=OF_THE_FILE["initials in a file"],
        birth_date=TS(OF_THE_FILE["birth date in a file"]),
    )
    named: PrimarySource = replace(
        source,
        given_name=OF_THE_FILE["given name in a file"],
        family_name=OF_THE_FILE["family name in a file"],
        telephone=OF_THE_FILE["telephone in a file"],
    )
    report = replace(
        like.report,
        patient=patient,
        primary_sources=(named,),
        reactions=(replace(reaction, reported_language="eng", reported_text=OF_THE_FILE["reaction in a file"]),),
        drugs=(replace(drug, name=OF_THE_FILE["drug in a file"]),),
        narrative=Narrative(case_narrative=OF_THE_FILE["narrative in a file"]),
    )
    return batch(replace(like, message_id=OF_THE_FILE["message id in a file"], report=report))


def wishes(heard: Heard) -> None:
    """Fields that are wrong are asked about, and the receipt quotes them to who sent them."""
    patient = {"sex": QUERIED["queried sex"], "birth_date": QUERIED["queried date"]}
    receipt = heard.report("with queries", {**a_body(), "patient": patient}, 202)
    assert found_in(json.dumps(receipt.body["queries"]), QUERIED) == sorted(QUERIED)


def refusals(heard: Heard) -> None:
    """Post everything that intake refuses and keeps."""
    heard.report("cut off", b'{"narrative": "' + REFUSED["cut off"].encode(), 400)
    heard.report("too large", {"narrative": REFUSED["too large"] * (BODY_LIMIT // 20)}, 413)
    heard.report("another type", REFUSED["another type"].encode(), 415, Content_Type="text/plain")
    heard.report("twice", f'{{"narrative": "{REFUSED["twice"]}", "narrative": ""}}'.encode(), 400)
    patient = {"sex": REFUSED["strictly"], "birth_date": REFUSED["strict date"]}
    heard.report("strict", {**a_body(), "patient": patient}, 422, **STRICT)
    heard.report("nothing clinical", {"reporters": [{"family_name": REFUSED["nothing clinical"]}]}, 422)
    key = {"Idempotency_Key": REFUSED["key of it"]}
    heard.report("first of a key", {"narrative": REFUSED["key of it"]}, 202, **key)
    heard.report("second of a key", {"narrative": f"not {REFUSED['key of it']}"}, 422, **key)
    heard.file("file cut off", batch(REFUSED["file cut off"])[:-40], 400)
    heard.file("no file", REFUSED["no file"].encode(), 400)
    heard.file("hostile", f"<!DOCTYPE a [<!ENTITY x '{REFUSED['hostile']}'>]><a>&x;</a>".encode(), 400)
    wrong = {"Authorization": f"Bearer {ATTEMPTED['wrong key']}"}
    heard.of("wrong key", call("POST", f"{heard.suite.intake_url}/v1/reports", a_body(), wrong), 401)


def attempts(heard: Heard, url: str) -> None:
    """Ask review for what it refuses."""
    fresh = Staff(heard.suite.review_url)
    begun = call("GET", f"{heard.suite.review_url}/api/session")
    cookie = begun.headers.get("set-cookie", "").partition(";")[0]
    headers = {"Cookie": cookie, "X-CSRF-Token": begun.body["csrf_token"]}
    for words, name in (("wrong name", ATTEMPTED["wrong name"]), ("wrong password", heard.staff.name)):
        body = {"name": name, "password": ATTEMPTED["wrong password"]}
        heard.of(words, fresh.call("POST", "/api/session", body, headers), 403)
    reason = {"reason": ATTEMPTED["wrong reason"]}
    match, plain = {"If_Match": heard.revision(url)}, {"Content_Type": "text/plain"}
    heard.review("no revision", f"{url}/return", reason, 428)
    heard.review("another revision", f"{url}/return", reason, 412, If_Match='"99"')
    heard.review("no case", "/api/cases/case_none/return", reason, 404, **match)
    heard.review("no content type", f"{url}/return", ATTEMPTED["wrong body"].encode(), 415, **match, **plain)
    heard.review("no JSON", f"{url}/return", ATTEMPTED["wrong body"].encode(), 400, **match)
    heard.review("no object", f"{url}/return", [ATTEMPTED["wrong body"]], 422, **match)
    heard.review("unknown field", f"{url}/return", {**reason, "colour": ATTEMPTED["wrong field"]}, 422, **match)
    edits: tuple[tuple[str, str, Any], ...] = (
        ("wrong value", "/reactions/0/outcome", ATTEMPTED["wrong value"]),
        ("wrong values", "/reactions/0/criteria", [ATTEMPTED["wrong value"]]),
        ("wrong part", "/reactions/0/onset", {"day": ATTEMPTED["wrong value"]}),
        ("wrong term", "/reactions/0/coding", {"llt_code": ATTEMPTED["wrong term"]}),
        ("wrong date", "/reactions/0/onset", ATTEMPTED["wrong date"]),
        ("same value", "/narrative", REPORTED["narrative"]),
    )
    for words, pointer, value in edits:
        body = {"pointer": pointer, "value": value, **reason}
        heard.review(words, f"{url}/amend", body, 409, 422, **match)
    wrong = {**reason, "password": ATTEMPTED["wrong signature"]}
    heard.review("wrong signature", f"{url}/approve", wrong, 403, **match)
    nobody = call("GET", f"{heard.suite.review_url}{url}")
    heard.of("nobody", nobody, 401)


def decided(heard: Heard, url: str) -> None:
    """Amend, and approve under a signature."""
    changes = [
        {"pointer": "/narrative", "value": BY_STAFF["amended narrative"]},
        {"pointer": "/drugs/0/dose_text", "value": BY_STAFF["amended text"]},
        {"pointer": "/reactions/0/coding", "value": {"llt_code": "99000010"}},
    ]
    body = {"changes": changes, "reason": BY_STAFF["amending reason"]}
    heard.review("amended", f"{url}/amend", body, 200, If_Match=heard.revision(url))
    reason, match = {"reason": BY_STAFF["approving reason"]}, {"If-Match": heard.revision(url)}
    heard.of("approved", heard.staff.sign(f"{url}/approve", reason, match), 200)
    until(lambda: bool(list(heard.suite.outgoing.glob("*.xml"))), WITHIN)


def given_back(heard: Heard) -> None:
    """Ask about a case of its own, and return it."""
    body = {**a_body(), "sender": {"organisation": "Canary", "case_id": "another"}}
    url = heard.case_of(heard.report("another", body, 202).body["report_id"])
    asked = {"means": "phone", "outcome": "no_answer_yet", "reason": BY_STAFF["asking reason"]}
    heard.review("asked", f"{url}/inquiry", asked, 200, If_Match=heard.revision(url))
    reason = {"reason": BY_STAFF["returning reason"]}
    heard.review("returned", f"{url}/return", reason, 200, If_Match=heard.revision(url))


def parked(heard: Heard) -> None:
    """Close what was refused, and replay what a database would not take."""
    body = {**a_body(), "sender": {"organisation": "Canary", "case_id": "parked"}}
    body |= {"narrative": PARKED["parked narrative"], "patient": {"initials": PARKED["parked initials"]}}
    with refusing(heard.mongod, "dayzero_triage", "case_versions"):
        report = heard.report("parked", body, 202).body["report_id"]
        until(lambda: heard.state(report) == "parked", WITHIN)
        works = [work for work in deadletters.works() if work.subject == report]
        replayed = {"reason": BY_STAFF["replaying reason"]}
        heard.review("replayed in vain", f"/api/parked/{works[0].id}/replay", replayed, 200, 409)
    heard.review("replayed", f"/api/parked/{works[0].id}/replay", replayed, 200)
    heard.case_of(report)
    until(lambda: any(work.kind is ParkedKind.REFUSAL for work in deadletters.works()), WITHIN)
    refused = next(work for work in deadletters.works() if work.kind is ParkedKind.REFUSAL)
    heard.review("closed", f"/api/parked/{refused.id}/close", {"reason": BY_STAFF["closing reason"]}, 200)
    heard.review("closed twice", f"/api/parked/{refused.id}/close", {"reason": BY_STAFF["closing reason"]}, 409)


def slow(heard: Heard) -> None:
    """Let the database take long over what a report says."""
    waits = f"function() {{ sleep(500); return this.words === {json.dumps(ATTEMPTED['slow'])} }}"
    assert heard.client["dayzero_triage"]["cases"].find_one({"$where": waits}) is None


def commands(heard: Heard, folder: Path) -> None:
    """Import a file of reports, and export the trail."""
    line = {**a_body(), "sender": {"organisation": "Canary", "case_id": IMPORTED["imported id"]}}
    file = folder / "reports.ndjson"
    file.write_text(json.dumps({**line, "narrative": IMPORTED["imported narrative"]}), encoding="utf-8")
    with in_environment({PARTNER_KEY: heard.partner.key}):
        told = CliRunner().invoke(app, ["import", "reports", str(file), "--url", heard.suite.intake_url, "--json"])
    assert (told.exit_code, json.loads(told.stdout)["accepted"]) == (0, 1), told.output
    trail = ["audit", "export", "--sponsor", "helvion", "-o", str(folder / "trail.ndjson")]
    exported = CliRunner().invoke(app, [*trail, "--reason", BY_STAFF["exporting reason"]])
    assert exported.exit_code == 0, exported.output
    assert BY_STAFF["exporting reason"] in (folder / "trail.ndjson").read_text(encoding="utf-8")


def events(suite: Suite) -> list[tuple[str, bytes, str, bytes]]:
    """Return topic, key, headers and value of everything that the broker holds, once the rest has come."""
    with closing(
        KafkaConsumer(bootstrap_servers=suite.settings["DAYZERO_KAFKA"], enable_auto_commit=False)
    ) as consumer:
        names = sorted(consumer.topics())
        assert set(topics.ALL) <= set(names)
        places = [TopicPartition(name, each) for name in names for each in consumer.partitions_for_topic(name) or ()]
        consumer.assign(places)
        consumer.seek_to_beginning(*places)
        ends, found = consumer.end_offsets(places), []
        while any(consumer.position(place) < ends[place] for place in places):
            for records in consumer.poll(timeout_ms=500).values():
                found += [(each.topic, each.key or b"", repr(each.headers), each.value or b"") for each in records]
    assert found
    return [*((name, b"", "", b"") for name in names), *found]


def kafka(messages: list[tuple[str, bytes, str, bytes]]) -> Iterator[tuple[str, str]]:
    """Yield all of it but what events say."""
    for topic, key, headers, _ in messages:
        yield f"topic, key and headers on {topic}", f"{topic} {key.decode()} {headers}"


def seen(heard: Heard) -> Iterator[tuple[str, str]]:
    """Yield what doors say without being asked for content: headers, addresses, refusals."""
    for door in (heard.suite.intake_url, heard.suite.review_url):
        heard.of("metrics", call("GET", f"{door}/metrics", headers=heard.staff.headers()), 404)
    pages = list(PAGES)
    for path in pages:
        page = heard.of(path, heard.staff.call("GET", path), 200).content.decode()
        links = Links(page).found
        assert links, path
        pages += [link for link in links if re.match(r"/(cases|parked|admin/users)/\w+$", link) and link not in pages]
        yield f"addresses on {path}", "\n".join(links)
    assert any(path.startswith("/cases/") for path in pages)
    assert any(path.startswith("/parked/") for path in pages)
    for words, answer in heard.answers:
        yield f"headers of {words!r}", repr(answer.headers)
        if answer.status >= 400:
            yield f"refusal of {words!r}", answer.content.decode()
        elif isinstance(answer.body, dict) and "status_url" in answer.body:
            yield f"receipt of {words!r}", json.dumps({**answer.body, "queries": None})


def logs(suite: Suite) -> Iterator[tuple[str, str]]:
    """Yield every log."""
    files = sorted(path for path in (suite.folder / "log").rglob("*") if path.is_file())
    assert {"broker.log", "mongod.log", *(f"{door.name}.log" for door in suite.doors)} <= {path.name for path in files}
    for path in files:
        yield path.name, path.read_text(encoding="utf-8", errors="replace")


def names_of_files(suite: Suite) -> Iterator[tuple[str, str]]:
    """Yield the name of every file that is handed over."""
    for path in suite.outgoing.rglob("*"):
        yield "outgoing", path.name


def all_reported() -> dict[str, str]:
    return {**REPORTED, **OF_THE_FILE, **BY_STAFF, **REFUSED, **PARKED, **IMPORTED, **QUERIED}


def arrived(heard: Heard, values: list[bytes]) -> None:
    """Everything was said to us: it is in an event or in a database, as text or as the bytes that came."""
    kept = b"\n".join([*values, *stored(heard.client)])
    wanted = {**all_reported(), "authenticator": heard.secrets["authenticator"]}
    text = kept.decode(errors="replace")
    missing = sorted(set(wanted) - set(found_in(text, wanted)))
    assert missing == []
    hidden = {name: value for name, value in heard.secrets.items() if name != "authenticator"}
    assert found_in(text, hidden) == []  # of what lets in, hashes are kept: they arrived, for they let in


def stored(client: Client) -> Iterator[bytes]:
    """Yield every document of the services, as the bytes that it is."""
    raw: Any = CodecOptions(document_class=RawBSONDocument)
    for name in client.list_database_names():
        if name.startswith("dayzero_"):
            for collection in client[name].list_collection_names():
                documents: Any = client[name].get_collection(collection, codec_options=raw).find()
                yield from (document.raw for document in documents)


def found_in(text: str, wanted: Mapping[str, str]) -> list[str]:
    """Say which of these a text has, in whatever letters, plain or as JSON, a URL or bytes would write them."""
    lowered = text.casefold()
    return sorted(name for name, value in wanted.items() if any(form in lowered for form in _forms(value)))


def _forms(value: str) -> set[str]:
    written = {value, json.dumps(value)[1:-1], quote(value), quote_plus(value), unquote_plus(value)}
    written.add(repr(value.encode())[2:-1])
    written.add(value.replace("-", "") if re.fullmatch(r"[\d-]+", value) else value)
    return {each.casefold() for each in written}
