"""The stores of files in memory and in MongoDB keep the same promises."""

from datetime import timedelta

import pytest

from intake.domain.icsr.files import FileAnswer, IcsrFile, MessageEntry
from intake.ports import AlreadyHeld
from intake.store.files import MongoFiles
from shared.ids import new_id
from tests.integration.intake.test_store_contract import BOTH, LATER, NOW, _database, audit, kept
from tests.unit.intake.fakes import InMemoryFiles

Files = InMemoryFiles | MongoFiles
ANSWER = FileAnswer(
    acknowledgement=b"<a/>",
    code="AE",
    messages=(
        MessageEntry(number=1, code="CA", message_number="M-1", report_id="rep_1", repeat=True),
        MessageEntry(number=2, code="CR", refusal_id="ref_1"),
    ),
)


@pytest.fixture(params=BOTH)
def files(request: pytest.FixtureRequest) -> Files:
    return InMemoryFiles() if request.param == "memory" else MongoFiles(_database(request))


def a_file(
    sha: str = "a" * 64, sponsor: str = "exemplar", number: str | None = "B-1", raw: bytes = b"<b/>"
) -> IcsrFile:
    return IcsrFile(
        file_id=new_id("icf"),
        sponsor=sponsor,
        sponsor_stated=sponsor,
        content_sha256=sha,
        raw=raw,
        content_type="application/xml",
        batch_number=number,
        batch_sender="ORBIS",
        receipt=kept().receipt,
        audit=audit("file.received"),
    )


def test_what_is_added_is_found_in_its_scope(files: Files) -> None:
    file = a_file()
    files.add(file)
    held = files.with_content("exemplar", "tester", file.content_sha256)
    assert held is not None
    assert (held.file_id, held.batch_number, held.receipts, held.answer) == (file.file_id, "B-1", (file.receipt,), None)
    assert files.find(frozenset({"exemplar"}), file.file_id) == files.find(None, file.file_id) == held
    assert files.find(frozenset({"other"}), file.file_id) is None
    assert files.find(frozenset(), file.file_id) is None
    assert files.with_content("other", "tester", file.content_sha256) is None


@pytest.mark.parametrize("size", [4, 1_500_000])
def test_bytes_are_kept_once_for_a_sponsor(files: Files, size: int) -> None:
    file = a_file(raw=b"x" * size)
    files.add(file)
    with pytest.raises(AlreadyHeld):
        files.add(a_file(raw=b"x" * size))
    files.add(a_file(sponsor="other"))
    held = files.find(None, file.file_id)
    assert held is not None
    assert files.content(held) == file.raw


def test_a_used_number_is_found(files: Files) -> None:
    first, second, numberless = a_file(), a_file("b" * 64), a_file("c" * 64, number=None)
    for each in (first, second, numberless, a_file("d" * 64, sponsor="other")):
        files.add(each)
    held = files.find(None, second.file_id)
    assert held is not None
    other = files.with_number(held)
    assert other is not None
    assert other.file_id == first.file_id
    without = files.find(None, numberless.file_id)
    assert without is not None
    assert files.with_number(without) is None


def test_an_answer_is_kept_once_and_never_replaced(files: Files) -> None:
    file = a_file()
    files.add(file)
    held = files.find(None, file.file_id)
    assert held is not None
    assert [each.file_id for each in files.unanswered(LATER)] == [file.file_id]
    assert [*files.unanswered(NOW - timedelta(days=1))] == []
    assert files.answer(held, ANSWER, audit("file.answered")) == ANSWER
    other = FileAnswer(acknowledgement=b"<other/>", code="AA", messages=())
    assert files.answer(held, other, audit("file.answered")) == ANSWER
    assert [*files.unanswered(LATER)] == []
    answered = files.find(None, file.file_id)
    assert answered is not None
    assert answered.answer == ANSWER


def test_a_receipt_is_added(files: Files) -> None:
    file = a_file()
    files.add(file)
    held, again = files.find(None, file.file_id), kept().receipt
    assert held is not None
    files.add_receipt(held, again, audit("file.repeated"))
    found = files.find(None, file.file_id)
    assert found is not None
    assert found.receipts == (file.receipt, again)
