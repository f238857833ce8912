"""Who owns the database can do anything to a ledger, and the verifier finds it, there and in what is exported of it."""

import json
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from pymongo.database import Database

from deploy.cli.audit_trails import Trails, Withholding, export, sign, verified
from shared.audit.chain import hash_of
from shared.audit.checkpoints import Key, checkpoint
from shared.audit.notary import BrokenChain, Notary
from tests.integration.audit.made import NOW, SPONSOR, an_entry, checked, exported, faults_of, fill, written

Documents = dict[str, Any]
Ledger = Database[Documents]
Tamper = Callable[[Ledger, Key], object]
HERE = {"sponsor": SPONSOR, "seq": 6}


def edit(ledger: Ledger, _: Key) -> object:
    return ledger["entries"].update_one(HERE, {"$set": {"fields.reason.value": "forged"}})


def edit_salt(ledger: Ledger, _: Key) -> object:
    return ledger["entries"].update_one(HERE, {"$set": {"fields.reason.salt": "00" * 16}})


def edit_with_a_value_that_json_has_not(ledger: Ledger, _: Key) -> object:
    return ledger["entries"].update_one(HERE, {"$set": {"fields.reason.value": NOW}})


def delete(ledger: Ledger, _: Key) -> object:
    return ledger["entries"].delete_one(HERE)


def delete_all(ledger: Ledger, _: Key) -> object:
    return ledger["entries"].delete_many({"sponsor": SPONSOR})


def insert(ledger: Ledger, _: Key) -> object:
    ledger["entries"].drop_indexes()
    entry = ledger["entries"].find_one(HERE, {"_id": 0})
    assert entry
    entry["fields"]["reason"]["value"] = "forged"
    return ledger["entries"].insert_one({**entry, "hash": hash_of(entry)})


def reorder(ledger: Ledger, _: Key) -> object:
    ledger["entries"].drop_indexes()
    for seq, new in ((6, 0), (7, 6), (0, 7)):
        ledger["entries"].update_one({"sponsor": SPONSOR, "seq": seq}, {"$set": {"seq": new}})
    return None


def cut(ledger: Ledger, _: Key) -> object:
    return ledger["entries"].delete_many({"sponsor": SPONSOR, "seq": {"$gt": 10}})


def rewrite(ledger: Ledger, _: Key) -> None:
    """Make every hash fit again."""
    edit(ledger, _)
    prev = None
    for entry in list(ledger["entries"].find({"sponsor": SPONSOR, "seq": {"$gte": 6}}).sort("seq", 1)):
        entry["prev"] = prev or entry["prev"]
        prev = entry["hash"] = hash_of(entry)
        ledger["entries"].replace_one({"_id": entry["_id"]}, entry)


def swap_sponsor(ledger: Ledger, _: Key) -> object:
    ledger["entries"].delete_one({"sponsor": "exemplar", "seq": 6})
    return ledger["entries"].update_one(HERE, {"$set": {"sponsor": "exemplar"}})


def forge_signature(ledger: Ledger, _: Key) -> object:
    return ledger["checkpoints"].update_one({**HERE, "seq": 8}, {"$set": {"signature": "00" * 64}})


def forge_checkpoint(ledger: Ledger, thief: Key) -> object:
    rewrite(ledger, thief)
    for seq in (8, 12):
        entry = ledger["entries"].find_one({"sponsor": SPONSOR, "seq": seq})
        assert entry
        forged = checkpoint(thief, "triage", SPONSOR, (seq, entry["hash"]), NOW)
        ledger["checkpoints"].replace_one({"sponsor": SPONSOR, "seq": seq}, forged)
    return None


FOUND: list[tuple[Tamper, str]] = [
    (edit, "triage 6: was changed: its hash is not that of what it says"),
    (edit_salt, "triage 6: was changed"),
    (edit_with_a_value_that_json_has_not, "triage 6: was changed"),
    (delete, "triage 6: position 6 is missing"),
    (delete_all, "triage 1: cut: the chain ends at 0, a checkpoint of"),
    (insert, "triage 6: stands after position 6"),
    (reorder, "triage 6: was changed"),
    (cut, "triage 11: cut: the chain ends at 10, a checkpoint of 2026-11-27T09:00:11.000Z covers 12"),
    (rewrite, "triage 8: a checkpoint of 2026-11-27T09:00:07.000Z has another hash for it"),
    (swap_sponsor, "triage 6: position 6 is missing"),
    (forge_signature, "triage 8: a checkpoint is forged"),
    (forge_checkpoint, "triage 8: a checkpoint is signed by a key that you did not name"),
]


@pytest.fixture
def filled(trails: Trails, key: Key) -> Trails:
    for numbers in (range(4), range(4, 8), range(8, 12)):
        for sponsor in (SPONSOR, "exemplar"):
            fill({"triage": trails["triage"]}, key, numbers, sponsor)
    return trails


@pytest.fixture
def public(key: Key, tmp_path: Path) -> Path:
    file = tmp_path / "public.pem"
    file.write_text(key.public_pem())
    return file


@pytest.mark.parametrize(("tamper", "words"), FOUND, ids=[tamper.__name__ for tamper, _ in FOUND])
def test_what_is_done_to_the_database_is_found_with_its_position(
    filled: Trails,
    ledger_by_admin: Ledger,
    key: Key,
    another_key: Key,
    tmp_path: Path,
    public: Path,
    tamper: Tamper,
    words: str,
) -> None:
    tamper(ledger_by_admin, another_key)
    there = [
        f"{fault.service} {fault.seq}: {fault.words}" for fault in verified(filled, SPONSOR, [key.public], []).faults
    ]
    assert any(fault.startswith(words) for fault in there), there
    lines = list(export(filled, SPONSOR, key, Withholding(blinded=True), NOW))
    ended = checked(written(tmp_path, lines), "--key", public)
    assert ended.returncode == 1
    assert any(fault.startswith(words) for fault in faults_of(ended)), ended.stdout


def test_a_trail_that_is_rewritten_with_its_checkpoints_is_caught_by_one_that_is_held(
    filled: Trails, ledger_by_admin: Ledger, key: Key, tmp_path: Path, public: Path
) -> None:
    held = tmp_path / "held.ndjson"
    held.write_text("\n".join(json.dumps(each) for each in exported(filled, key) if each["kind"] == "checkpoint"))
    rewrite(ledger_by_admin, key)
    ledger_by_admin["checkpoints"].delete_many({"sponsor": SPONSOR})
    assert all(not isinstance(each, BrokenChain) for each in sign(filled, SPONSOR, key, NOW + timedelta(days=1)))
    file = written(tmp_path, exported(filled, key))
    assert checked(file, "--key", public).returncode == 0  # nobody could tell
    ended = checked(file, "--key", public, "--checkpoint", held)
    assert ended.returncode == 1
    assert faults_of(ended)[0].startswith(
        "triage 8: the checkpoint that you hold of 2026-11-27T09:00:07.000Z has another"
    )


def test_a_tail_that_is_cut_with_its_checkpoints_is_caught_by_one_that_is_held(
    filled: Trails, ledger_by_admin: Ledger, key: Key, tmp_path: Path, public: Path
) -> None:
    held = tmp_path / "held.ndjson"
    held.write_text("\n".join(json.dumps(each) for each in exported(filled, key) if each["kind"] == "checkpoint"))
    for name in ("entries", "checkpoints"):
        ledger_by_admin[name].delete_many({"sponsor": SPONSOR, "seq": {"$gt": 9}})
    ended = checked(written(tmp_path, exported(filled, key)), "--key", public, "--checkpoint", held)
    assert ended.returncode == 1
    assert faults_of(ended) == [
        "triage 10: cut: the chain ends at 9, the checkpoint that you hold of 2026-11-27T09:00:11.000Z covers 12"
    ]


@pytest.mark.parametrize(("tamper", "seq"), [(edit, 6), (delete, 6), (reorder, 6), (cut, 12)])
def test_nothing_is_signed_that_was_broken_since_the_checkpoint_before(
    filled: Trails, ledger_by_admin: Ledger, key: Key, tamper: Tamper, seq: int
) -> None:
    if tamper is not cut:
        ledger_by_admin["checkpoints"].delete_many({"seq": {"$gt": 4}})
    tamper(ledger_by_admin, key)
    with pytest.raises(BrokenChain) as refused:
        Notary(filled["triage"].ledger, key).sign(SPONSOR, NOW)
    assert refused.value.seq == seq
    assert "dayzero audit verify --sponsor helvion" in str(refused.value)


def test_hourly_signing_signs_what_has_grown_and_an_hour_ago_and_only_that(filled: Trails, key: Key) -> None:
    notary, hour = Notary(filled["triage"].ledger, key), timedelta(hours=1)
    assert list(notary.sign_due(NOW + 2 * hour, hour)) == []
    filled["triage"].happenings.enter(an_entry(20))
    filled["triage"].sequencer.move_all()
    assert list(notary.sign_due(NOW + timedelta(minutes=59), hour)) == []
    (made,) = notary.sign_due(NOW + 2 * hour, hour)
    assert not isinstance(made, BrokenChain)
    assert (made["sponsor"], made["seq"], made["at"]) == (SPONSOR, 13, "2026-11-27T11:00:00.000Z")
    assert list(notary.sign_due(NOW + 2 * hour, hour)) == []


def test_a_broken_chain_does_not_keep_others_from_being_signed(
    filled: Trails, ledger_by_admin: Ledger, key: Key
) -> None:
    delete_all(ledger_by_admin, key)
    for sponsor in ("exemplar", SPONSOR):
        filled["triage"].happenings.enter(an_entry(20, sponsor))
    filled["triage"].sequencer.move_all()
    made = list(Notary(filled["triage"].ledger, key).sign_due(NOW + timedelta(hours=2), timedelta(hours=1)))
    assert [each.seq if isinstance(each, BrokenChain) else each["sponsor"] for each in made] == ["exemplar", 12]


def test_after_a_change_of_keys_the_end_is_signed_anew_and_who_names_both_finds_it_whole(
    filled: Trails, key: Key, another_key: Key, tmp_path: Path, public: Path
) -> None:
    (made,) = sign(filled, SPONSOR, another_key, NOW + timedelta(days=1))
    assert not isinstance(made, BrokenChain)
    assert (made["seq"], made["key_id"]) == (12, another_key.key_id)
    newer, file = tmp_path / "newer.pem", written(tmp_path, exported(filled, another_key))
    newer.write_text(another_key.public_pem())
    assert checked(file, "--key", public, "--key", newer).returncode == 0
    ended = checked(file, "--key", newer)
    assert (ended.returncode, "after a change, name both" in ended.stdout) == (1, True)
