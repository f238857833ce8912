"""Makes the secrets that docker-compose.yml mounts, once: ``python3 deploy/docker/make_secrets.py``, no package needed.

The folder is the owner's alone (0700); its files are 0444, for compose mounts them as they are, and the processes that
read them in their containers run as users whom this machine does not know.
"""

import base64
import secrets
import sys
from pathlib import Path

_SERVICES = ("intake", "triage", "reporting")
_PKCS8_ED25519 = bytes.fromhex("302e020100300506032b657004220420")  # RFC 8410: what stands before the 32 bytes


def make(folder: Path) -> list[str]:
    """Write what is missing and return its names; what is there stays, for the database knows it."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    folder.chmod(0o700)
    return [name for name, text in _texts().items() if _write(folder / name, text)]


def _texts() -> dict[str, str]:
    uris = {f"{service}_mongo_uri": _uri(f"dayzero_{service}") for service in _SERVICES}
    uris |= {f"{service}_ledger_uri": _uri(f"dayzero_{service}_ledger") for service in _SERVICES}
    keys = {"mongo_root_password": secrets.token_hex(32), "intake_secret_key": secrets.token_hex(32)}
    return {"mongo_keyfile": secrets.token_hex(256), "checkpoint_key": _signing_key(), **keys, **uris}


def _signing_key() -> str:
    encoded = base64.b64encode(_PKCS8_ED25519 + secrets.token_bytes(32)).decode("ascii")
    return f"-----BEGIN PRIVATE KEY-----\n{encoded}\n-----END PRIVATE KEY-----\n"


def _uri(name: str) -> str:
    return f"mongodb://{name}:{secrets.token_hex(32)}@mongo:27017/{name}?authSource={name}&replicaSet=rs0"


def _write(file: Path, text: str) -> bool:
    if file.exists():
        return False
    half = file.with_suffix(".new")
    half.write_text(text, encoding="ascii")
    half.chmod(0o444)
    half.rename(file)
    return True


if __name__ == "__main__":
    target = Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).parents[2] / "secrets"
    sys.stdout.write(f"{target}: made {', '.join(make(target)) or 'nothing, all are there'}\n")
