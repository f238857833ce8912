"""The message as received travels with its report in JSON; its attachments stay in the file and are named by hash.

So nothing of a message is lost where a case has no field for it, and no event carries a document of 15 MB.
"""

import json
from collections.abc import Mapping
from typing import Any

from shared.icsr.json_form import to_json
from shared.icsr.model.message import Batch
from shared.ids import sha256

_ATTACHMENT = {"media_type", "representation", "compression", "content", "reference"}


def message_form(batch: Batch) -> dict[str, Any]:
    """Return the one message of a batch in JSON, with what could not be read of it under ``unknown``."""
    told: dict[str, Any] = _without_documents(to_json(batch))
    message: dict[str, Any] = told["messages"][0]
    return message | {"unknown": told["unknown"]} if "unknown" in told else message


def digest(message: Mapping[str, Any]) -> str:
    """Return the hash of what a message says: in another batch the same message is the same report."""
    return sha256(as_text(message).encode())


def as_text(message: Mapping[str, Any]) -> str:
    """Return a message's form as one JSON text, always the same for the same message."""
    return json.dumps(message, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def _without_documents(value: Any) -> Any:
    if isinstance(value, dict):
        if value.get("content") is not None and value.keys() <= _ATTACHMENT:
            kept = {name: each for name, each in value.items() if name != "content"}
            return {**kept, "reference": f"sha256:{sha256(str(value['content']).encode())}"}
        return {name: _without_documents(each) for name, each in value.items()}
    return [_without_documents(each) for each in value] if isinstance(value, list) else value
