"""What a command writes: nothing in a reporter's words steers the terminal, or keeps a line from being written.

Control characters and overrides of direction are shown as U+FFFD on a terminal; a file or a pipe gets them as they are.
"""

import json
import sys
from typing import Any

import typer

_KEPT = "\n\t"
_CONTROLS = (*range(0x20), *range(0x7F, 0xA0))  # C0, DEL, C1
_DIRECTIONS = (0x061C, 0x200E, 0x200F, *range(0x202A, 0x202F), *range(0x2066, 0x206A))  # UAX 9, 2
_SHOWN = {code: "\ufffd" for code in (*_CONTROLS, *_DIRECTIONS) if chr(code) not in _KEPT}


def say(text: str, *, err: bool = False) -> None:
    """Write a line for a reader."""
    stream = sys.stderr if err else sys.stdout
    typer.echo(_encodable(text.translate(_SHOWN) if stream.isatty() else text), err=err)


def write_json(value: Any) -> None:
    """Write JSON for a script."""
    typer.echo(_encodable(json.dumps(value, ensure_ascii=False, indent=2, default=str)))


def _encodable(text: str) -> str:
    # Half of a surrogate pair cannot be written; as an escape it can, and in JSON it means the same.
    return text.encode(errors="backslashreplace").decode()
