"""Literature that tells of the reaction is cited, and may be attached (guide v5.03, section C.4.r)."""

# ruff: noqa: RUF009 - the calls in the class bodies declare dataclass fields, and run once on import

from __future__ import annotations

from dataclasses import dataclass

from shared.icsr.declare import attachment, text
from shared.icsr.element import File, Text


@dataclass(frozen=True, kw_only=True, slots=True)
class LiteratureReference:
    """C.4.r: one publication, in Vancouver style."""

    citation: Text = text(
        "C.4.r.1", "Literature reference(s)", "bibliographicDesignationText/text()", 500, nulls="ASKU NASK"
    )
    included: File = attachment("C.4.r.2", "Included documents", "text/text()")
