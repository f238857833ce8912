"""No collection can be forgotten: whatever declares the list `audit` is read by the sequencer, and by an index."""

from typing import Any

import pytest

from intake.store import documents as intake_documents
from reporting.store import documents as reporting_documents
from shared.audit.happenings import COLLECTION as HAPPENINGS
from shared.mongo import collections_with, declared_indexes
from triage.store import documents as triage_documents

DOCUMENTS: dict[str, tuple[Any, ...]] = {
    "intake": intake_documents.ALL,
    "triage": triage_documents.ALL,
    "reporting": reporting_documents.DOCUMENTS,
}


@pytest.mark.parametrize("service", DOCUMENTS)
def test_every_list_of_pending_entries_has_the_index_by_which_it_is_looked_through(service: str) -> None:
    audited = [document for document in DOCUMENTS[service] if "audit" in document._fields]
    assert {document._meta["collection"] for document in audited} == set(collections_with("audit", DOCUMENTS[service]))
    for document in audited:
        indexed = [index["keys"][0] for index in declared_indexes(document)]
        assert ("audit.at", 1) in indexed, document._meta["collection"]


@pytest.mark.parametrize("service", DOCUMENTS)
def test_every_service_can_enter_what_has_no_document(service: str) -> None:
    assert HAPPENINGS in collections_with("audit", DOCUMENTS[service])
