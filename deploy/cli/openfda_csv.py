"""openFDA reports also travel as tables; each row becomes the raw report that it was made from, as far as it says.

A list whose length does not fit the list it belongs to cannot be matched item by item: it is left out and counted, not
guessed (DOMAIN 4). Column names are those of the two tables in circulation, one row a report.
"""

import ast
from collections.abc import Callable, Iterator, Mapping
from typing import Any

Row = Mapping[str, str]
Raw = dict[str, Any]
_SENDER = {"sendertype": "2", "senderorganization": "FDA-Public Use"}  # who sends every report of openFDA
_SERIOUS = {"1": "1", "0": "2"}
_SEX = {"male": "1", "female": "2"}
_SEPARATOR = "; "


def raw_of_report(row: Row) -> Raw:
    """Read a row of the table of reports: no age unit, no drug role, no onset, of the criteria death alone."""
    return {
        "safetyreportid": row["Safety Report ID"],
        "transmissiondate": row["Transmission Date"],
        "serious": row["Serious"],
        "seriousnessdeath": row["Seriousness Death"],
        "receivedate": row["Received Date"],
        "sender": _SENDER,
        "primarysource": {"reportercountry": row["Reporter Country"]},
        "patient": {
            "patientonsetage": row["Patient Age"],
            "patientsex": row["Patient Sex"],
            "reaction": [{"reactionmeddrapt": term} for term in _listed(row["Reactions"], ";")],
            **_drugs(row["Drug Details"]),
        },
    }


def raw_of_drug_table(row: Row) -> Raw:
    """Read a row of the table by drug, where a report comes once for each drug that it was searched for."""
    names, terms = _listed(row["all_drugs"]), _listed(row["reactions"])
    drugs, no_drug_place = _aligned(row, names, "medicinalproduct", _OF_DRUG)
    reactions, no_reaction_place = _aligned(row, terms, "reactionmeddrapt", _OF_REACTION)
    return {
        "safetyreportid": row["report_id"],
        "serious": _SERIOUS.get(row["serious"], row["serious"]),
        "receivedate": row["report_date"].replace("-", ""),
        "receiptdate": row["receipt_date"].replace("-", ""),
        "companynumb": row["company_number"],
        "sender": _SENDER,
        "primarysource": {"reportercountry": row["country"]},  # of whom the table does not say; A.1.1 is the report's
        "patient": {
            "patientonsetage": row["patient_age"],
            "patientonsetageunit": row["patient_age_unit"],
            "patientsex": _SEX.get(row["patient_sex"], row["patient_sex"]),
            "patientweight": row["patient_weight"],
            "reaction": reactions,
            "drug": drugs,
        },
        **no_drug_place,
        **no_reaction_place,
    }


_OF_DRUG = {"drug_roles": "drugcharacterization", "administration_routes": "drugadministrationroute"}
_OF_REACTION = {"reaction_outcomes": "reactionoutcome"}
TABLES: dict[str, Callable[[Row], Raw]] = {  # by the column that only this table has
    "Safety Report ID": raw_of_report,
    "query_drug": raw_of_drug_table,
}
_COLUMNS = """
Safety Report ID|Transmission Date|Serious|Seriousness Death|Received Date|Patient Age|Patient Sex|Reporter Country|
Reactions|Drug Details|
report_id|query_drug|serious|report_date|receipt_date|country|company_number|patient_age|patient_age_unit|patient_sex|
patient_weight|all_drugs|suspect_drugs|reactions|reaction_outcomes|drug_roles|administration_routes|num_drugs|
num_suspect_drugs|num_reactions
"""
# What the tables have, with what they tell a second time: counts, and lists that repeat a part of all_drugs
COLUMNS = frozenset(name.strip() for name in _COLUMNS.split("|"))


def _drugs(details: str) -> Raw:
    """Read the list of drugs, which is written as Python writes it; one that cannot be read has no place."""
    try:
        listed = ast.literal_eval(details)
        return {"drug": [_drug(each) for each in listed]}
    except (ValueError, SyntaxError, TypeError, AttributeError, MemoryError, RecursionError):
        return {"drug details that cannot be read": details}


def _drug(details: Mapping[str, Any]) -> Raw:
    return {
        "medicinalproduct": details.get("drug_name"),
        "drugindication": details.get("drug_indication"),
        "drugadministrationroute": details.get("administration_route"),
    }


def _aligned(row: Row, names: list[str], name: str, columns: Mapping[str, str]) -> tuple[list[Raw], Raw]:
    """Return the items with what the columns say of each, and the columns that cannot be matched."""
    items: list[Raw] = [{name: each} for each in names]
    no_place: Raw = {}
    for column, field in columns.items():
        values = _listed(row[column])
        if len(values) == len(items):
            for item, value in zip(items, values, strict=True):
                item[field] = value
        elif values:
            no_place[f"{column} of another length than {name}"] = row[column]
    return items, no_place


def _listed(text: str, separator: str = _SEPARATOR) -> list[str]:
    return list(_words(text, separator))


def _words(text: str, separator: str) -> Iterator[str]:
    return (word.strip() for word in text.split(separator) if word.strip())
