"""The key lies in a file that no database holds; what is no such key is told with the way to make one."""

from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from deploy.audit import verify_export
from deploy.docker.make_secrets import make
from deploy.local.ledgers import checkpoint_key
from shared.audit.checkpoints import CHECKPOINT_TAG, Key, UnusableKey, checkpoint, key_id
from shared.clock import SystemClock


@pytest.fixture
def key(tmp_path: Path) -> Key:
    return Key.read(checkpoint_key(tmp_path))


def test_a_checkpoint_is_signed_over_what_it_says(key: Key) -> None:
    made = checkpoint(key, "triage", "helvion", (7, "ab" * 32), SystemClock().now())
    said = {name: value for name, value in made.items() if name not in {"signature", "public_key"}}
    public = Ed25519PublicKey.from_public_bytes(bytes.fromhex(made["public_key"]))
    public.verify(bytes.fromhex(made["signature"]), CHECKPOINT_TAG + verify_export.canonical(said).encode())
    assert made["key_id"] == key_id(key.public) == verify_export.key_id(key.public)


def test_the_public_key_is_what_the_verifier_reads(key: Key, tmp_path: Path) -> None:
    file = tmp_path / "public.pem"
    file.write_text(key.public_pem())
    assert verify_export.public_key(file) == key.public
    assert "PRIVATE" not in key.public_pem()


def test_a_key_is_made_once_and_by_both_makers_alike(tmp_path: Path) -> None:
    one = checkpoint_key(tmp_path / "secrets")
    assert one.stat().st_mode & 0o777 == 0o600
    assert checkpoint_key(tmp_path / "secrets").read_bytes() == one.read_bytes()
    make(tmp_path / "containers")
    assert Key.read(tmp_path / "containers" / "checkpoint_key").public != Key.read(one).public


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (None, "No such file"),
        ("s3cret", "holds no private key in PEM"),
        ("-----BEGIN PRIVATE KEY-----\ns3cret\n-----END PRIVATE KEY-----\n", "holds no private key in PEM"),
    ],
)
def test_what_is_no_key_is_told_with_the_cure_and_not_with_what_it_says(
    tmp_path: Path, text: str | None, words: str
) -> None:
    file = tmp_path / "key.pem"
    if text is not None:
        file.write_text(text)
    with pytest.raises(UnusableKey) as refused:
        Key.read(file)
    assert words in str(refused.value)
    assert f"openssl genpkey -algorithm ed25519 -out {file}" in str(refused.value)
    assert "s3cret" not in str(refused.value)
