"""No change without its entry, no entry without its change (21 CFR 11.10(e)): what is kept is held against the trail.

Every record says by itself how often it was changed: by its revision, its receipts, its state. The trail is the
ledger's entries and those that still wait in their documents.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

from shared.audit.chain import BEFORE_FIRST, fields_of, follows, values_of

Data = Mapping[str, Any]
Entry = Mapping[str, Any]
_SENT = ("submission.opened", "submission.activated", "submission.sent")
_SUBMISSION = {
    "waiting": (("submission.opened",), _SENT[:2]),
    "sent": (_SENT,),
    "accepted": ((*_SENT, "submission.accepted"),),
    "rejected": ((*_SENT, "submission.rejected"),),
}


def entries_of(data: Data, ledger: Any) -> list[Entry]:
    """Return every entry of a service: in its ledger, or waiting. Raises AssertionError for one that is there twice."""
    entered = [values_of(entry) for entry in ledger["entries"].find()]
    known = {entry["entry_id"] for entry in entered}
    waiting = [entry for name in data for document in data[name].find() for entry in document.get("audit", ())]
    # Between the ledger and its document an entry is in both; it is one entry.
    waiting = [fields_of(entry) for entry in waiting if entry["entry_id"] not in known]
    ids = Counter(entry["entry_id"] for entry in (*entered, *waiting))
    assert [entry_id for entry_id, count in ids.items() if count > 1] == []
    return [*entered, *waiting]


def broken_chains(service: str, ledger: Any) -> list[str]:
    """Return where a chain of the ledger is not whole."""
    found = []
    for sponsor in ledger["entries"].distinct("sponsor"):
        head = (0, BEFORE_FIRST)
        for entry in ledger["entries"].find({"sponsor": sponsor}).sort("seq", 1):
            if not follows(entry, head):
                found.append(f"{service}/{sponsor}/{entry['seq']}")
            head = (entry["seq"], entry["hash"])
    return found


def _report(report: Data, told: Counter[str]) -> bool:
    received = told["report.received"] + told["receipt.repeated"]
    is_settled = report["status"]["state"] != "received"
    is_told = told["report.opened"] + told["report.parked"] > 0
    return told["report.received"] == 1 and received == len(report["receipts"]) and is_told == is_settled


def _refusal(refusal: Data, told: Counter[str]) -> bool:
    return told == Counter(
        {"report.refused": 1} | ({"report.parked": 1} if refusal["status"]["state"] == "parked" else {})
    )


def _file(file: Data, told: Counter[str]) -> bool:
    counts = {"file.received": 1, "file.repeated": len(file["receipts"]) - 1, "file.answered": 1}
    return told == Counter({name: count for name, count in counts.items() if count})


def _known_key(key: Data, told: Counter[str]) -> bool:
    return bool(told.total() == len(key["key"]["sponsors"]) * key["revision"])


def _revised(document: Data, told: Counter[str]) -> bool:
    return bool(told.total() == document["revision"])


def _user(user: Data, told: Counter[str]) -> bool:
    """Each change stands in the chain of every sponsor that she works for."""
    chains = {grant["sponsor"] for grant in user["user"]["grants"]}
    return bool(told.total() == user["revision"] * len(chains))


def _parked(work: Data, told: Counter[str]) -> bool:
    return told.total() == len(work["trail"])


def _key(key: Data, told: Counter[str]) -> bool:
    return bool(told.total() == len(key["head"]["sponsors"]) * key["revision"])


def _message(message: Data, told: Counter[str]) -> bool:
    return told == Counter({"message.built": 1})


def _submission(submission: Data, told: Counter[str]) -> bool:
    return told in [Counter(each) for each in _SUBMISSION[submission["state"]]]


def _acknowledgement(acknowledgement: Data, told: Counter[str]) -> bool:
    return told[f"acknowledgement.{acknowledgement['state']}"] >= 1


# By service and collection: whether what is told of a document is what happened to it.
TOLD: Mapping[str, Mapping[str, Callable[[Data, Counter[str]], bool]]] = {
    "intake": {"reports": _report, "refusals": _refusal, "icsr_files": _file, "partner_keys": _known_key},
    "triage": {"cases": _revised, "parked": _parked, "users": _user, "partner_keys": _key},
    "reporting": {"messages": _message, "submissions": _submission, "acknowledgements": _acknowledgement},
}


def mismatches(service: str, database: Any, ledger: Any) -> Iterator[str]:
    """Yield what a service keeps without its entry, entries of what it does not keep, and where a chain is broken."""
    names = [name for name in database.list_collection_names() if not name.startswith("raw.")]
    of = _by_subject(entries_of({name: database[name] for name in names}, ledger))
    for name, is_told in TOLD[service].items():
        for document in database[name].find():
            subject = f"user/{document['_id']}" if name == "users" else document["_id"]
            told = of.pop(subject, Counter())
            if not is_told(document, told):
                yield f"{service} {name} {document['_id']}: {dict(told)}"
    yield from (f"{service}: entry of {subject}, which is not there: {dict(told)}" for subject, told in of.items())
    yield from broken_chains(service, ledger)


def _by_subject(entries: Iterable[Entry]) -> dict[str, Counter[str]]:
    found: dict[str, Counter[str]] = {}
    for entry in entries:
        found.setdefault(entry["subject"], Counter())[entry["action"]] += 1
    return found
