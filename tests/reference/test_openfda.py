"""Fifty real reports from ``import openfda`` to decided cases: every one is accounted for, and nothing is invented.

The sponsor is made up and is given the products of the file, so that the rules have something to decide; its label
lists the file's terms from A to K. The second run's dictionary is made from the file's terms, with invented codes.
"""

import json
import os
import time
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
import yaml
from rich.console import Console

from deploy.cli.import_reports import post_all, results_of
from deploy.cli.ledger import check
from deploy.cli.ledger_sources import all_facts
from deploy.cli.run_settings import in_environment
from deploy.demo.physician import Physician
from deploy.demo.regulator import Regulator
from deploy.demo.terms import Terms
from deploy.local.suite import Options, Suite
from shared.clock import SystemClock
from shared.contracts import topics
from shared.contracts.ledger_facts import CaseVersionFact
from shared.icsr import api as icsr

REFERENCE = Path(os.environ.get("DAYZERO_REFERENCE", Path(__file__).parents[3] / "shared" / "reference"))
FILE = REFERENCE / "triage" / "openfda" / "drug_event_raw_dev.json"
SCHEMAS = REFERENCE / "e2b" / "schemas"
OWN_DICTIONARY = Options().dictionary
WITHIN = 120.0


def terms_of(results: list[Any]) -> list[str]:
    found = (reaction["reactionmeddrapt"].replace("^", "'") for r in results for reaction in r["patient"]["reaction"])
    return sorted(dict.fromkeys(found))


def registry_of(results: list[Any], folder: Path) -> Path:
    suspects = [d for r in results for d in r["patient"]["drug"] if d["drugcharacterization"] != "2"]
    names = sorted({drug["medicinalproduct"] for drug in suspects})
    label: dict[str, Any] = {"document": "USPI", "version": "1", "in_force_from": "2000-01-01"}
    label |= {"terms": [term for term in terms_of(results) if term[0] <= "K"]}
    products = [
        {
            "id": f"product-{number}",
            "names": [name],
            "substances": [],
            "authorisations": [{"country": "US", "number": f"NDA{number}", "type": "NDA", "holder": "Reference"}],
            "reference_safety_information": [label],
        }
        for number, name in enumerate(names)
    ]
    ids = {"batch_sender": "REF", "batch_receiver": "ZZFDATST", "message_sender": "REF", "message_receiver": "CDER"}
    sponsor: dict[str, Any] = {
        "sponsor": "reference",
        "organisation": "Reference",
        "company_code": "REF",
        "products": products,
    }
    sponsor |= {"destinations": {"fda_postmarketing": ids | {"test": True}}}
    folder.mkdir()
    (folder / "reference.yaml").write_text(yaml.safe_dump(sponsor, allow_unicode=True), encoding="utf-8")
    return folder


def dictionary_of(results: list[Any], folder: Path) -> Path:
    folder.mkdir()
    coded = [(99500000 + number, term) for number, term in enumerate(terms_of(results))]
    llt = "".join(f"{code}${term}${code}$$$$$$$Y$$\n" for code, term in coded)
    pt = "".join(f"{code}${term}$$99999999$$$$$$$$\n" for code, term in coded)
    (folder / "llt.asc").write_text(llt, encoding="utf-8")
    (folder / "pt.asc").write_text(pt, encoding="utf-8")
    about = "name: made from the file\nversion: '0.0'\ndemonstration: true\n"
    (folder / "dictionary.yaml").write_text(about, encoding="utf-8")
    return folder


@pytest.mark.timeout(300)
@pytest.mark.parametrize("coded", [False, True], ids=["demonstration dictionary", "dictionary of the file's terms"])
def test_every_report_is_accounted_for(coded: bool, tmp_path: Path) -> None:
    results = results_of(FILE)
    dictionary = dictionary_of(results, tmp_path / "dictionary") if coded else OWN_DICTIONARY
    registry = registry_of(results, tmp_path / "registry")
    options = Options(registry=registry, dictionary=dictionary, republish_seconds=1, keep_data=False, topics=topics.ALL)
    with Suite(f"openfda-{os.getpid()}", options) as suite, in_environment(suite.settings):
        counts = post_all(results, "reference", suite.intake_url, lambda: None)
        assert (counts.read, counts.accepted, counts.refused, dict(counts.left_out)) == (50, 50, [], {})
        physician = Physician(suite.review_url, Terms.load(dictionary))
        settle(physician, Regulator(suite.outgoing, suite.incoming, SystemClock(), SCHEMAS))
        ledger = check(list(all_facts()), SystemClock().now(), SystemClock().now() - SystemClock().now())
        table = Counter(fate(case) for case in physician.cases.values())
        files = sorted(suite.outgoing.glob("*.xml"))
        assert [icsr.check_schema(file.read_bytes(), SCHEMAS).issues for file in files] == [()] * len(files)
    for words, number in sorted(table.items()):
        Console().print(f"{number:3} {words}", soft_wrap=True)
    assert ledger.broken == ()
    assert sum(table.values()) == 50
    built = sum(number for words, number in table.items() if words.startswith("built"))
    assert built == len(files)
    assert bool(built) is coded
    nothing_invented(physician.cases.values(), results)


def settle(physician: Physician, regulator: Regulator) -> None:
    deadline = time.monotonic() + WITHIN
    while physician.round() + regulator.answer_new() or not at_rest(physician):
        assert time.monotonic() < deadline, Counter(case["status"] for case in physician.cases.values())


def at_rest(physician: Physician) -> bool:
    handled = {fact.report_id for fact in all_facts() if isinstance(fact, CaseVersionFact)} - {None}
    return len(handled) == 50 and all(case["status"] != "approved" for case in physician.cases.values())


def fate(case: dict[str, Any]) -> str:
    """What became of a case at the one destination where this sponsor holds anything."""
    decision = next(d for d in case["decisions"] if d["destination"] == "fda_postmarketing")
    states = {approval["state"] for approval in case["approvals"]}
    if "fulfilled" in states:
        return f"built, accepted: {decision['rule_id']}"
    if "rejected" in states:
        return f"built, rejected and returned: {case['note']}"
    if "blocked" in states:
        return f"blocked at the build: {case['note']}"
    if case["blockers"] and decision["kind"] == "expedited":
        return f"blocked: {', '.join(sorted({blocker['rule_id'] for blocker in case['blockers']}))}"
    return f"{decision['kind']}: {decision['rule_id']}"


def nothing_invented(cases: Any, results: list[Any]) -> None:
    known = json.dumps(results, ensure_ascii=False).replace("^", "'")
    for case in cases:
        content = case["snapshot"]["content"]
        for reaction in content["reactions"]:
            assert reaction["verbatim"] in known
            assert reaction.get("received_coding") is None
        for drug in content["drugs"]:
            assert drug["name"] in known
            assert drug.get("authorisation_number", "") in known
        assert [d["pointer"] for d in case["snapshot"]["derived"]] in ([], ["/reporters/0/qualification"])
