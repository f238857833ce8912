"""What is done to an export is found by the stand-alone verifier, with service and position."""

import copy
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from deploy.cli.audit_trails import Trails, Withholding
from shared.audit.chain import hash_of, link
from shared.audit.checkpoints import CHECKPOINT_TAG, EXPORT_TAG, Key
from tests.integration.audit.made import SPONSOR, Lines, an_entry, checked, exported, faults_of, fill, written

Tamper = Callable[[Lines, Key], None]


def place(lines: Lines, seq: int, service: str = "triage", kind: str = "entry") -> int:
    return next(
        n
        for n, line in enumerate(lines)
        if (line["kind"], line.get("service"), line.get("seq")) == (kind, service, seq)
    )


def at(lines: Lines, seq: int, service: str = "triage", kind: str = "entry") -> dict[str, Any]:
    return lines[place(lines, seq, service, kind)]


def rechained(lines: Lines, first: int, service: str = "triage") -> None:
    """Do as the owner of the database can: make every hash fit again, from a position on."""
    prev = None
    for line in lines:
        if line["kind"] == "entry" and line["service"] == service and line["seq"] >= first:
            line["prev"] = prev or line["prev"]
            prev = line["hash"] = hash_of(line)


def signed_anew(lines: Lines, key: Key, service: str = "triage") -> None:
    """Sign every checkpoint, and the end, with a key."""
    hashes = {line["seq"]: line["hash"] for line in lines if line["kind"] == "entry" and line["service"] == service}
    for line in lines:
        if line["kind"] == "checkpoint" and line["service"] == service:
            said = {name: line[name] for name in ("service", "sponsor", "seq", "at")}
            line |= key.sign(CHECKPOINT_TAG, {**said, "hash": hashes[line["seq"]]})
    end = lines[-1]
    said = {name: end[name] for name in ("sponsor", "at", "blinded", "redacted", "chains")}
    said["chains"][service] = {"seq": max(hashes), "hash": hashes[max(hashes)]}
    end |= key.sign(EXPORT_TAG, said)


def edited(lines: Lines, _: Key) -> None:
    at(lines, 6)["fields"]["changes/0/new"]["value"] = '"Placebo"'


def edited_with_its_hash(lines: Lines, _: Key) -> None:
    edited(lines, _)
    at(lines, 6)["hash"] = hash_of(at(lines, 6))


def edited_and_rechained(lines: Lines, _: Key) -> None:
    edited(lines, _)
    rechained(lines, 6)


def edited_rechained_and_signed_anew(lines: Lines, thief: Key) -> None:
    edited_and_rechained(lines, thief)
    signed_anew(lines, thief)


def salted_anew(lines: Lines, _: Key) -> None:
    at(lines, 6)["fields"]["reason"]["salt"] = "00" * 16


def moved_from_salt_to_value(lines: Lines, _: Key) -> None:
    said = at(lines, 6)["fields"]["reason"]
    said["salt"] = said["salt"][:-2]


def deleted(lines: Lines, _: Key) -> None:
    del lines[place(lines, 6)]


def deleted_and_renumbered(lines: Lines, _: Key) -> None:
    before = at(lines, 5)["hash"]
    deleted(lines, _)
    for line in lines:
        if line["kind"] == "entry" and line["service"] == "triage" and line["seq"] > 6:
            line["seq"] -= 1
    at(lines, 6)["prev"] = before
    rechained(lines, 6)


def first_deleted(lines: Lines, _: Key) -> None:
    del lines[place(lines, 1)]


def inserted(lines: Lines, _: Key) -> None:
    forged = link("triage", SPONSOR, 6, at(lines, 5)["hash"], {"entry_id": "aud_x", "reason": "forged"})
    lines.insert(place(lines, 6), {"kind": "entry", **forged})


def appended(lines: Lines, _: Key) -> None:
    forged = link("triage", SPONSOR, 13, at(lines, 12)["hash"], {"entry_id": "aud_x", "reason": "forged"})
    lines.insert(place(lines, 12) + 1, {"kind": "entry", **forged})


def repeated(lines: Lines, _: Key) -> None:
    lines.insert(place(lines, 6), copy.deepcopy(at(lines, 6)))


def reordered(lines: Lines, _: Key) -> None:
    one, other = place(lines, 6), place(lines, 7)
    lines[one], lines[other] = lines[other], lines[one]


def places_swapped(lines: Lines, _: Key) -> None:
    one, other = at(lines, 6), at(lines, 7)
    one["fields"], other["fields"] = other["fields"], one["fields"]


def fields_renamed(lines: Lines, _: Key) -> None:
    fields = at(lines, 6)["fields"]
    fields["reason"], fields["actor"] = fields["actor"], fields["reason"]


def a_field_removed(lines: Lines, _: Key) -> None:
    del at(lines, 6)["fields"]["reason"]


def a_field_added(lines: Lines, _: Key) -> None:
    at(lines, 6)["fields"]["approved"] = {"salt": "00" * 16, "value": True}


def a_word_beside_the_fields(lines: Lines, _: Key) -> None:
    at(lines, 6)["approved"] = True


def another_commitment(lines: Lines, _: Key) -> None:
    at(lines, 6)["fields"]["reason"] = {"commitment": "00" * 32}


def service_swapped(lines: Lines, _: Key) -> None:
    at(lines, 6)["service"] = "intake"


def chains_swapped(lines: Lines, _: Key) -> None:
    for line in lines:
        if line.get("service") in {"intake", "triage"}:
            line["service"] = {"intake": "triage", "triage": "intake"}[line["service"]]


def sponsor_swapped(lines: Lines, _: Key) -> None:
    at(lines, 6)["sponsor"] = "exemplar"


def header_of_another_sponsor(lines: Lines, _: Key) -> None:
    lines[0]["sponsor"] = "exemplar"


def cut(lines: Lines, _: Key) -> None:
    del lines[place(lines, 11) : place(lines, 12) + 1]


def cut_with_its_checkpoint(lines: Lines, _: Key) -> None:
    del lines[place(lines, 10) : place(lines, 12, kind="checkpoint") + 1]


def cut_in_transit(lines: Lines, _: Key) -> None:
    del lines[-1]


def a_chain_left_out(lines: Lines, _: Key) -> None:
    lines[:] = [line for line in lines if line.get("service") != "triage"]


def cut_and_signed_anew(lines: Lines, thief: Key) -> None:
    cut_with_its_checkpoint(lines, thief)
    signed_anew(lines, thief)


def signature_forged(lines: Lines, _: Key) -> None:
    at(lines, 8, kind="checkpoint")["signature"] = "00" * 64


def checkpoint_edited(lines: Lines, _: Key) -> None:
    at(lines, 8, kind="checkpoint")["at"] = "2027-01-01T00:00:00.000Z"


def checkpoint_forged(lines: Lines, thief: Key) -> None:
    signed = at(lines, 8, kind="checkpoint")
    said = {name: signed[name] for name in ("service", "sponsor", "seq", "hash", "at")}
    signed |= thief.sign(CHECKPOINT_TAG, said)


def checkpoint_under_the_name_of_our_key(lines: Lines, thief: Key) -> None:
    ours = at(lines, 8, kind="checkpoint")["key_id"]
    checkpoint_forged(lines, thief)
    at(lines, 8, kind="checkpoint")["key_id"] = ours


def checkpoint_of_another_place(lines: Lines, _: Key) -> None:
    at(lines, 8, kind="checkpoint")["seq"] = 9


def checkpoint_moved(lines: Lines, _: Key) -> None:
    lines.insert(place(lines, 12), lines.pop(place(lines, 8, kind="checkpoint")))


FOUND: list[tuple[Tamper, str]] = [
    (edited, "triage 6: was changed: its hash is not that of what it says"),
    (edited_with_its_hash, "triage 7: does not follow position 6"),
    (
        edited_and_rechained,
        "triage 8: a checkpoint of 2026-11-27T09:00:07.000Z has another hash for it: rewritten here or since 5",
    ),
    (edited_rechained_and_signed_anew, "triage 4: a checkpoint is signed by a key that you did not name"),
    (salted_anew, "triage 6: was changed"),
    (moved_from_salt_to_value, "triage 6: was changed: it cannot be hashed"),
    (deleted, "triage 6: position 6 is missing"),
    (deleted_and_renumbered, "triage 8: a checkpoint of 2026-11-27T09:00:07.000Z has another hash for it"),
    (first_deleted, "triage 1: position 1 is missing"),
    (inserted, "triage 6: stands after position 6: inserted, repeated or out of order"),
    (appended, "triage 13: the export, as signed, ended at position 12 with another entry"),
    (repeated, "triage 6: stands after position 6"),
    (reordered, "triage 6: stands after position 7"),
    (places_swapped, "triage 6: was changed"),
    (fields_renamed, "triage 6: was changed"),
    (a_field_removed, "triage 6: was changed"),
    (a_field_added, "triage 6: was changed"),
    (a_word_beside_the_fields, "triage 6: was changed: approved is covered by no hash"),
    (another_commitment, "triage 6: was changed"),
    (service_swapped, "triage 6: position 6 is missing"),
    (chains_swapped, "triage 1: was changed"),
    (sponsor_swapped, "triage 6: is of the trail of exemplar, not of helvion"),
    (header_of_another_sponsor, "triage 1: is of the trail of helvion, not of exemplar"),
    (cut, "triage 11: cut: the chain ends at 10, a checkpoint of 2026-11-27T09:00:11.000Z covers 12"),
    (cut_with_its_checkpoint, "triage 10: cut: the export, as signed, ended at position 12, this file ends at 9"),
    (cut_in_transit, "the export: its last line is missing, which says where it ends: cut"),
    (a_chain_left_out, "triage 1: cut: the export, as signed, ended at position 12, this file ends at 0"),
    (cut_and_signed_anew, "the export: its last line is signed by a key that you did not name"),
    (signature_forged, "triage 8: a checkpoint is forged: its signature does not fit what it says"),
    (checkpoint_edited, "triage 8: a checkpoint is forged"),
    (checkpoint_forged, "triage 8: a checkpoint is signed by a key that you did not name"),
    (checkpoint_under_the_name_of_our_key, "triage 8: a checkpoint is signed by a key that you did not name"),
    (checkpoint_of_another_place, "triage 9: a checkpoint is forged"),
    (checkpoint_moved, "triage 8: a checkpoint stands after position 12: out of order"),
]


@pytest.fixture(scope="module")
def lines(lasting: Trails, key: Key) -> Lines:
    return exported(lasting, key)


@pytest.fixture
def public(key: Key, tmp_path: Path) -> Path:
    file = tmp_path / "public.pem"
    file.write_text(key.public_pem())
    return file


def held(lines: Lines, folder: Path, *places: int) -> Path:
    file = folder / "held.ndjson"
    file.write_bytes(b"".join(json.dumps(at(lines, seq, kind="checkpoint")).encode() + b"\n" for seq in places))
    return file


def test_an_export_as_it_was_written_is_whole(lines: Lines, tmp_path: Path, public: Path) -> None:
    ended = checked(written(tmp_path, lines), "--key", public, "--checkpoint", held(lines, tmp_path, 4, 12))
    assert (ended.returncode, ended.stderr) == (0, "")
    assert "triage: 12 entries, whole; the checkpoint of 2026-11-27T09:00:11.000Z covers it up to 12" in ended.stdout
    assert ended.stdout.splitlines()[-1] == "Whole."


@pytest.mark.parametrize(("tamper", "words"), FOUND, ids=[tamper.__name__ for tamper, _ in FOUND])
def test_what_is_done_to_an_export_is_found_with_its_position(
    lines: Lines, another_key: Key, tmp_path: Path, public: Path, tamper: Tamper, words: str
) -> None:
    changed = copy.deepcopy(lines)
    tamper(changed, another_key)
    ended = checked(written(tmp_path, changed), "--key", public)
    assert ended.returncode == 1, ended
    found = faults_of(ended)
    assert any(fault.startswith(words) for fault in found), found
    assert ended.stdout.splitlines()[-1].endswith("this is not the trail that was written.")


@pytest.mark.parametrize("tamper", [edited_rechained_and_signed_anew, cut_and_signed_anew])
def test_a_trail_written_anew_with_a_key_of_its_own_is_caught_by_a_checkpoint_that_one_holds(
    lines: Lines, another_key: Key, tmp_path: Path, tamper: Tamper
) -> None:
    changed = copy.deepcopy(lines)
    tamper(changed, another_key)
    file = written(tmp_path, changed)
    trusting = checked(file)
    assert (trusting.returncode, another_key.key_id in trusting.stdout) == (0, True)
    ended = checked(file, "--checkpoint", held(lines, tmp_path, 12))
    assert ended.returncode == 1
    (fault,) = faults_of(ended)
    assert fault.startswith("triage ")
    assert "the checkpoint that you hold of 2026-11-27T09:00:11.000Z" in fault


def test_a_tail_that_no_checkpoint_covers_is_told(trails: Trails, key: Key, tmp_path: Path, public: Path) -> None:
    fill(trails, key, range(3))
    for number in range(3, 5):
        trails["triage"].happenings.enter(an_entry(number))
    trails["triage"].sequencer.move_all()
    ended = checked(written(tmp_path, exported(trails, key)), "--key", public)
    assert ended.returncode == 0
    assert (
        "triage: 5 entries, whole; the checkpoint of 2026-11-27T09:00:02.000Z covers it up to 3, 2 later ones"
        in ended.stdout
    )


@pytest.mark.parametrize("withholding", [Withholding(fields=("changes", "reason")), Withholding(blinded=True)])
def test_what_is_withheld_is_not_in_the_file_and_the_rest_verifies(
    trails: Trails, key: Key, tmp_path: Path, public: Path, withholding: Withholding
) -> None:
    fill(trails, key, range(2))
    fill(trails, key, range(2, 4), discloses=True, reason="emergency 頭", action="case.unblinded")
    file = written(tmp_path, exported(trails, key, SPONSOR, withholding))
    ended = checked(file, "--key", public)
    assert ended.returncode == 0, ended.stdout
    count = 2 if withholding.blinded else 4
    assert f"triage: 4 entries, {count} of them with fields withheld, whole" in ended.stdout
    text = file.read_text()
    assert "emergency" not in text
    assert ("case.unblinded" in text) is not withholding.blinded
    assert ("Cardivane 0" in text) is withholding.blinded
    assert "Cardivane 3" not in text


def test_the_key_that_came_with_the_file_is_told_to_be_no_proof(lines: Lines, key: Key, tmp_path: Path) -> None:
    ended = checked(written(tmp_path, lines))
    assert ended.returncode == 0
    assert f"Signed by the key that came with it ({key.key_id}): name the one that you were given" in ended.stdout


@pytest.mark.parametrize(
    ("line", "words"),
    [
        (b"{\n", "line 2 does not belong there"),
        (b"\xff\n", "line 2 does not belong there"),
        (b"[]\n", "line 2 does not belong there"),
        (b"[" * 100_000 + b"\n", "line 2 does not belong there"),
        (b'{"kind": "entry", "kind": "entry"}\n', "line 2 does not belong there"),
        (b'{"kind": "entry", "seq": 1.0}\n', "line 2 does not belong there"),
        (b'{"kind": "entry", "seq": NaN}\n', "line 2 does not belong there"),
        (b'{"kind": "entry", "seq": 1e999}\n', "line 2 does not belong there"),
        (b'{"kind": "entry"}\n', "None: stands after position 0"),
        (b'{"kind": "checkpoint", "seq": true}\n', "was changed: at is missing"),
    ],
)
def test_what_does_not_belong_in_the_file_is_told(
    lines: Lines, tmp_path: Path, public: Path, line: bytes, words: str
) -> None:
    ended = checked(written(tmp_path, [lines[0], line, *lines[1:]]), "--key", public)
    assert (ended.returncode, ended.stderr) == (1, "")
    assert words in ended.stdout


@pytest.mark.parametrize(
    "fields", [None, [], {"a": 1}, {"a": {"salt": 1, "value": 2}}, {"a": {"salt": "00" * 16, "value": 2**60}}]
)
def test_fields_of_no_form_are_a_change(lines: Lines, tmp_path: Path, public: Path, fields: Any) -> None:
    changed = copy.deepcopy(lines)
    at(changed, 6)["fields"] = fields
    ended = checked(written(tmp_path, changed), "--key", public)
    assert ended.returncode == 1
    assert any(fault.startswith("triage 6: was changed: it cannot be hashed") for fault in faults_of(ended))


def test_a_file_that_is_no_export_or_key_or_checkpoint_is_told_with_the_cure(
    lines: Lines, tmp_path: Path, public: Path
) -> None:
    good, bad = written(tmp_path, lines), tmp_path / "bad"
    bad.write_text("{}")
    for arguments, words in {
        (bad,): "no export of an audit trail: its first line does not say so; make one with: dayzero audit export",
        (tmp_path / "none",): "No such file",
        (good, "--key", bad): "holds no public key in PEM; ask the company for its: dayzero audit public-key",
        (good, "--checkpoint", bad): "holds no checkpoints; take them with: dayzero audit checkpoint",
    }.items():
        ended = checked(*arguments)
        assert (ended.returncode, ended.stdout) == (2, "")
        assert words in ended.stderr
