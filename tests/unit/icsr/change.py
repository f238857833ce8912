"""Change one fact in a frozen batch, by its location as issues give it."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

from shared.icsr.model.message import Batch


def changed(batch: Batch, location: str, value: object) -> Batch:
    """A copy of the batch in which `location`, e.g. `messages[0].report.drugs[1].role`, holds `value`."""
    steps = [int(step) if step.isdigit() else step for step in re.findall(r"[^.\[\]]+", location)]
    result = _set(batch, steps, value)
    assert isinstance(result, Batch)
    return result


def _set(record: Any, steps: list[int | str], value: object) -> object:
    if not steps:
        return value
    step, *rest = steps
    if isinstance(step, int):
        return (*record[:step], _set(record[step], rest, value), *record[step + 1 :])
    return replace(record, **{step: _set(getattr(record, step), rest, value)})
