"""A made-up sponsor who holds every drug of a file, and a dictionary of the file's terms: for tests, never for use.

The codes are invented and say so, so that what is built goes to test destinations only (DOMAIN 4).
"""

from collections import Counter
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import yaml

from deploy.cli.openfda import Source

SPONSOR = "made-up"
_NAME = "Made-up sponsor"
_FIRST_CODE = 99500000
_NO_GROUP = "99999999"
_LISTED_UP_TO = "K"  # so that some events are expected and others not
_CONCOMITANT = "2"
_IDS = {"batch_sender": "MADEUP", "message_sender": "MADEUP", "test": True}


def registry(results: Iterable[Any], folder: Path) -> Path:
    """Write the registry of a sponsor who holds the suspect drugs of raw openFDA reports in the US and the EU.

    The label of each lists, of the terms reported with it, those from A to K.
    """
    listed: dict[str, set[str]] = {}
    for report in results:
        told = {term for term in terms([report]) if term[0].upper() <= _LISTED_UP_TO}
        for drug in _patient(report).parts("drug"):
            name = drug.text("medicinalproduct")
            if name and drug.text("drugcharacterization") != _CONCOMITANT:
                listed.setdefault(name, set()).update(told)
    destinations = {
        "fda_postmarketing": {**_IDS, "batch_receiver": "ZZFDATST", "message_receiver": "CDER"},
        "eu_postmarketing": {**_IDS, "batch_receiver": "EVTEST", "message_receiver": "EVTEST"},
    }
    sponsor = {
        "sponsor": SPONSOR,
        "organisation": _NAME,
        "company_code": "MADEUP",
        "destinations": destinations,
        "products": [_product(number, name, sorted(listed[name])) for number, name in enumerate(sorted(listed))],
    }
    folder.mkdir(parents=True)
    (folder / f"{SPONSOR}.yaml").write_text(yaml.safe_dump(sponsor, allow_unicode=True), encoding="utf-8")
    return folder


def dictionary(results: Iterable[Any], folder: Path) -> Path:
    """Write a dictionary in MedDRA's format: each term of the file its own preferred term, with an invented code."""
    folder.mkdir(parents=True)
    coded = list(enumerate(terms(results), _FIRST_CODE))
    llt = "".join(f"{code}${term}${code}$$$$$$$Y$$\n" for code, term in coded)
    pt = "".join(f"{code}${term}$${_NO_GROUP}$$$$$$$$\n" for code, term in coded)
    (folder / "llt.asc").write_text(llt, encoding="utf-8")
    (folder / "pt.asc").write_text(pt, encoding="utf-8")
    about = "name: made from the file\nversion: '0.0'\ndemonstration: true\n"
    (folder / "dictionary.yaml").write_text(about, encoding="utf-8")
    return folder


def terms(results: Iterable[Any]) -> list[str]:
    """Return the distinct reaction terms of raw openFDA reports."""
    reactions = (reaction for report in results for reaction in _patient(report).parts("reaction"))
    return sorted({term for reaction in reactions if (term := reaction.term("reactionmeddrapt"))})


def _patient(report: object) -> Source:
    """Return the patient as the import reads one: what has another form than it should says nothing."""
    return Source(report, Counter()).part("patient")


def _product(number: int, name: str, listed: list[str]) -> dict[str, Any]:
    label = {"version": "1", "in_force_from": "2000-01-01", "terms": listed}
    return {
        "id": f"product-{number}",
        "names": [name],
        "substances": [],
        "authorisations": [
            {"country": "US", "number": f"NDA{number:06d}", "type": "NDA", "holder": _NAME},
            {"country": "EU", "number": f"EU/0/00/{number:06d}", "type": "MA", "holder": _NAME},
        ],
        "reference_safety_information": [{"document": document, **label} for document in ("USPI", "SmPC")],
    }
