"""No half of a file is ever in the outgoing folder; no answer is read and lost."""

from pathlib import Path

import pytest

from reporting.gateways import file_drop
from reporting.gateways.file_drop import FileDrop, IncomingFolder
from reporting.ports import GatewayError


def test_a_file_is_laid_under_its_name_alone(tmp_path: Path) -> None:
    assert FileDrop(tmp_path).hand_over("a.xml", b"<a/>") is False
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == {"a.xml": b"<a/>"}


def test_the_same_bytes_again_are_another_delivery(tmp_path: Path) -> None:
    gateway = FileDrop(tmp_path)
    assert [gateway.hand_over("a.xml", b"<a/>"), gateway.hand_over("a.xml", b"<a/>")] == [False, True]


def test_other_bytes_under_the_name_are_a_permanent_fault(tmp_path: Path) -> None:
    (tmp_path / "a.xml").write_bytes(b"<b/>")
    with pytest.raises(GatewayError, match="find out whose it is") as caught:
        FileDrop(tmp_path).hand_over("a.xml", b"<a/>")
    assert caught.value.permanent
    assert (tmp_path / "a.xml").read_bytes() == b"<b/>"


def test_what_a_killed_sender_left_is_overwritten(tmp_path: Path) -> None:
    (tmp_path / ".a.xml.part").write_bytes(b"<half")
    FileDrop(tmp_path).hand_over("a.xml", b"<a/>")
    assert [path.name for path in tmp_path.iterdir()] == ["a.xml"]


def test_a_missing_folder_is_tried_again(tmp_path: Path) -> None:
    with pytest.raises(GatewayError) as caught:
        FileDrop(tmp_path / "gone").hand_over("a.xml", b"<a/>")
    assert not caught.value.permanent


def test_only_whole_acknowledgement_files_are_taken(tmp_path: Path) -> None:
    for name in ("b.ACK", "a.xml", ".c.xml", "d.txt", "a.xml.part"):
        (tmp_path / name).write_bytes(b"x")
    (tmp_path / "archive").mkdir()
    assert [file.path.name for file in IncomingFolder(tmp_path).arrived()] == ["a.xml", "b.ACK"]


@pytest.mark.parametrize(("matched", "folder"), [(True, "archive"), (False, "unmatched")])
def test_what_was_read_is_put_away(tmp_path: Path, matched: bool, folder: str) -> None:
    incoming = IncomingFolder(tmp_path)
    (tmp_path / "a.xml").write_bytes(b"x")
    [file] = incoming.arrived()
    incoming.put_away(file, matched)
    assert list(incoming.arrived()) == []
    assert (tmp_path / folder / "a.xml").read_bytes() == b"x"


def test_a_file_never_takes_the_place_of_another(tmp_path: Path) -> None:
    incoming = IncomingFolder(tmp_path)
    for content in (b"x", b"y", b"x"):
        (tmp_path / "a.xml").write_bytes(content)
        [file] = incoming.arrived()
        incoming.put_away(file, matched=True)
    assert sorted(path.read_bytes() for path in (tmp_path / "archive").iterdir()) == [b"x", b"y"]


def test_of_a_huge_file_only_the_beginning_is_read(tmp_path: Path) -> None:
    (tmp_path / "a.xml").write_bytes(b"x" * (file_drop.LARGEST + 10))
    [file] = IncomingFolder(tmp_path).arrived()
    assert len(file.content) == file_drop.LARGEST + 1
