"""The sender of the report answers for it (guide v5.03, section C.3)."""

# ruff: noqa: RUF009 - the calls in the class bodies declare dataclass fields, and run once on import

from __future__ import annotations

from dataclasses import dataclass

from shared.icsr.element import CONDITIONAL, MANDATORY, Code, Text, code, text
from shared.icsr.model.codes import CodeList


@dataclass(frozen=True, kw_only=True, slots=True)
class Sender:
    """C.3: the organisation that sends the report."""

    sender_type: Code = code(
        "C.3.1",
        "Sender type",
        "code[@codeSystem=ich:1.7]/@code",
        1,
        CodeList(
            "sender types",
            {
                "1": "pharmaceutical company",
                "2": "regulatory authority",
                "3": "health professional",
                "4": "regional pharmacovigilance centre",
                "5": "WHO collaborating centre for international drug monitoring",
                "6": "other (e.g. distributor)",
                "7": "patient / consumer",
            },
        ),
        MANDATORY,
    )
    organisation: Text = text(
        "C.3.2",
        "Sender's organisation",
        "representedOrganization/assignedEntity/representedOrganization/name/text()",
        100,
        CONDITIONAL,
    )
