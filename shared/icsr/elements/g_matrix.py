"""Each drug is assessed against each reaction, by whoever did so, with any method (guide v5.03, section G.k.9.i)."""

# ruff: noqa: RUF009 - the calls in the class bodies declare dataclass fields, and run once on import

from __future__ import annotations

from dataclasses import dataclass

from shared.icsr.declare import code, many, number, reference, text
from shared.icsr.element import CONDITIONAL, Code, Joined, Key, Number, Text
from shared.icsr.model.codes import TIME_UNITS, CodeList

_ASSESSED = "component/adverseEventAssessment/component*/causalityAssessment[code=39@ich:1.19]"
_SOURCE = "author/assignedEntity/code[@codeSystem?=eu:5.4]"
_METHOD = "methodCode[@codeSystem?=eu:5.2]"
_REACTION = "reaction"
_RECURRENCE = "outboundRelationship2[@typeCode=PERT]*/observation[code=31@ich:1.19]"


def _pause(since: str, what: str) -> Joined:
    return Joined(
        f"outboundRelationship1[@typeCode={since}]*",
        f"pauseQuantity/@{what}",
        (Key("actReference/id", 1, _REACTION),),
    )


@dataclass(frozen=True, kw_only=True, slots=True)
class Assessment:
    """G.k.9.i.2.r: one opinion on whether the drug caused the reaction, in words or in the EU's codes."""

    source: Text = text("G.k.9.i.2.r.1", "Source of assessment", _SOURCE + "/originalText/text()", 60)
    eu_source: Code = code("G.k.9.i.2.r.1.EU.1", "EU source of assessment", _SOURCE + "/@code", 1)
    method: Text = text("G.k.9.i.2.r.2", "Method of assessment", _METHOD + "/originalText/text()", 60)
    eu_method: Code = code("G.k.9.i.2.r.2.EU.1", "EU method of assessment", _METHOD + "/@code", 1)
    result: Text = text("G.k.9.i.2.r.3", "Result of assessment", "value[@xsi:type=ST]/text()", 60)
    eu_result: Code = code(
        "G.k.9.i.2.r.3.EU.1", "EU result of assessment", "value[@xsi:type=CE][@codeSystem=eu:5.3]/@code", 1
    )


@dataclass(frozen=True, kw_only=True, slots=True)
class DrugReaction:
    """G.k.9.i: the drug and one reaction; `reaction` is that reaction's `id`, and each reaction has one entry."""

    reaction: Text = reference("G.k.9.i.1", "Reaction(s) / event(s) assessed", "reactions")
    assessments: tuple[Assessment, ...] = many(
        Assessment,
        "G.k.9.i.2.r",
        "Assessment of relatedness of drug to reaction(s) / event(s)",
        Joined(
            _ASSESSED,
            "",
            (
                Key("subject1/adverseEffectReference/id", 2, _REACTION),
                Key("subject2/productUseReference/id", 1),
            ),
            up=2,
        ),
    )
    since_start: Number = number(
        "G.k.9.i.3.1a",
        "Time interval between beginning of drug administration and start of reaction / event (number)",
        _pause("SAS", "value"),
        5,
        CONDITIONAL,
    )
    since_start_unit: Text = text(
        "G.k.9.i.3.1b",
        "Time interval between beginning of drug administration and start of reaction / event (unit)",
        _pause("SAS", "unit"),
        50,
        CONDITIONAL,
        codes=TIME_UNITS,
    )
    since_last_dose: Number = number(
        "G.k.9.i.3.2a",
        "Time interval between last dose of drug and start of reaction / event (number)",
        _pause("SAE", "value"),
        5,
        CONDITIONAL,
    )
    since_last_dose_unit: Text = text(
        "G.k.9.i.3.2b",
        "Time interval between last dose of drug and start of reaction / event (unit)",
        _pause("SAE", "unit"),
        50,
        CONDITIONAL,
        codes=TIME_UNITS,
    )
    recurrence: Code = code(
        "G.k.9.i.4",
        "Did reaction recur on re-administration?",
        Joined(
            _RECURRENCE,
            "value[@xsi:type=CE][@codeSystem=ich:1.16]/@code",
            (Key("outboundRelationship1[@typeCode=REFR]/actReference/id", 1, _REACTION),),
        ),
        1,
        CodeList(
            "recurrence on re-administration",
            {
                "1": "rechallenge was done, reaction recurred",
                "2": "rechallenge was done, reaction did not recur",
                "3": "rechallenge was done, outcome unknown",
                "4": "no rechallenge was done / rechallenge is not applicable",
            },
        ),
    )
