"""Real reports from ``import openfda`` to decided cases: each is accounted for, and nothing is invented (DOMAIN 4).

Sponsor and dictionary are made up from each file: a label lists the terms from A to K, the codes are invented. A
stand-in physician chooses what a person would have to: criterion, role and, where there is no reporter, country.
"""

import json
import os
from pathlib import Path
from typing import Any

import pytest
from rich.console import Console

from deploy.cli.import_files import openfda_results
from deploy.demo import fates, made_up
from deploy.demo.whole_file import Played, play
from deploy.local.suite import Options
from shared.icsr import api as icsr

REFERENCE = Path(os.environ.get("DAYZERO_REFERENCE", Path(__file__).parents[3] / "shared" / "reference"))
FILES = REFERENCE / "triage" / "openfda"
SCHEMAS = REFERENCE / "e2b" / "schemas"
DESTINATIONS = ("fda_postmarketing", "eu_postmarketing")


@pytest.mark.timeout(1800)
@pytest.mark.parametrize(
    ("name", "read", "accepted"),
    [
        ("drug_event_raw_dev.json", 50, 50),
        ("drug_event_by_drug.csv", 1300, 1157),  # a report comes once for each drug that it was searched for
        ("drug_event_reports_dev.csv", 5005, 5005),
    ],
)
def test_every_report_of_a_file_is_accounted_for(name: str, read: int, accepted: int) -> None:
    results = openfda_results(FILES / name)
    console = Console(width=150)
    played = play(results, SCHEMAS, console)
    for table in fates.tables(played.cases, played.blocked):
        console.print(table)
    console.print(f"{name}: {played.files} files, {played.seconds:.0f} s")
    assert played.failures == []
    assert (played.counts.read, played.counts.accepted, played.counts.refused) == (read, accepted, [])
    for destination in DESTINATIONS:
        assert fates.kinds(played.cases.values(), destination).total() == accepted
    holds_what_it_promises(played)
    nothing_invented(played, results)


def test_without_a_dictionary_of_its_terms_no_event_is_coded_and_no_file_is_built() -> None:
    played = play(openfda_results(FILES / "drug_event_raw_dev.json"), SCHEMAS, Console(), Options().dictionary)
    assert played.failures == []
    assert played.files == 0
    assert "E.i.2.1b-uncoded" in fates.first_blocks(played.blocked, played.cases)


def holds_what_it_promises(played: Played) -> None:
    """Every otherwise valid expedited case is built, and every file is accepted by the ICH schema."""
    files = sorted(played.outgoing.glob("*.xml"))
    assert len(files) == played.files == played.accepted > 0
    assert [icsr.check_schema(file.read_bytes(), SCHEMAS).issues for file in files] == [()] * len(files)
    for destination in DESTINATIONS:
        for words in fates.fates(played.cases.values(), destination):
            assert not words.startswith("expedited") or words.endswith(("accepted", "C.5.4-not-stated")), words


def nothing_invented(played: Played, results: list[Any]) -> None:
    """Every word of a case stands in the file; what is derived or chosen says so."""
    known = json.dumps(results, ensure_ascii=False).replace("^", "'")
    for case in played.cases.values():
        first = case["versions"][0]
        assert first["kind"] == "initial"
        content = case["snapshot"]["content"]
        for reaction in content["reactions"]:
            assert json.dumps(reaction["verbatim"], ensure_ascii=False)[1:-1] in known
            assert reaction.get("received_coding") is None
        for drug in content.get("drugs", ()):
            assert json.dumps(drug["name"], ensure_ascii=False)[1:-1] in known
            assert drug.get("authorisation_number", "") in known
        assert {d["pointer"] for d in case["snapshot"]["derived"]} <= {"/reporters/0/qualification"}


def test_the_dictionary_is_made_of_the_files_terms_alone(tmp_path: Path) -> None:
    results = openfda_results(FILES / "drug_event_raw_dev.json")
    folder = made_up.dictionary(results, tmp_path / "dictionary")
    names = [line.split("$")[1] for line in (folder / "llt.asc").read_text(encoding="utf-8").splitlines()]
    assert names == made_up.terms(results)
