"""A report from a study names the study (guide v5.03, section C.5)."""

# ruff: noqa: RUF009 - the calls in the class bodies declare dataclass fields, and run once on import

from __future__ import annotations

from dataclasses import dataclass

from shared.icsr.declare import code, many, text
from shared.icsr.element import CONDITIONAL, Code, Text
from shared.icsr.model.codes import COUNTRIES, CodeList

_REGISTRATION = "authorization[~studyRegistration/id/@root=fda:2.1.2.{}]{}/studyRegistration"
_NUMBER = "id[@root=fda:2.1.2.{}]/@extension"


@dataclass(frozen=True, kw_only=True, slots=True)
class StudyRegistration:
    """C.5.1.r: one registration of the study."""

    number: Text = text("C.5.1.r.1", "Study registration number", "id[@root=ich:3.6]/@extension", 50, nulls="ASKU NASK")
    country: Text = text(
        "C.5.1.r.2",
        "Study registration country",
        "author/territorialAuthority/governingPlace/code[@codeSystem=country]/@code",
        2,
        nulls="ASKU NASK",
        codes=COUNTRIES,
        letters=True,
    )


@dataclass(frozen=True, kw_only=True, slots=True)
class CrossReportedInd:
    """FDA.C.5.6.r: another IND to which the report is sent as well."""

    number: Text = text("FDA.C.5.6.r", "IND number of cross reported IND", _NUMBER.format(3), 10, CONDITIONAL, "NA")


@dataclass(frozen=True, kw_only=True, slots=True)
class Study:
    """C.5: the study in which the reaction was observed."""

    registrations: tuple[StudyRegistration, ...] = many(
        StudyRegistration, "C.5.1.r", "Study registration", "authorization*/studyRegistration"
    )

    name: Text = text("C.5.2", "Study name", "title/text()", 2000, nulls="ASKU NASK")
    sponsor_study_number: Text = text(
        "C.5.3", "Sponsor study number", "id[@root=ich:3.5]/@extension", 50, nulls="ASKU NASK"
    )
    study_type: Code = code(
        "C.5.4",
        "Study type where reaction(s) / event(s) were observed",
        "code[@codeSystem=ich:1.8]/@code",
        1,
        CodeList(
            "study types",
            {"1": "clinical trials", "2": "individual patient use", "3": "other studies"},
        ),
        CONDITIONAL,
    )
    fda_ind_number: Text = text(
        "FDA.C.5.5a",
        "IND number where AE occurred",
        f"{_REGISTRATION.format(1, '')}/{_NUMBER.format(1)}",
        10,
        CONDITIONAL,
    )
    fda_pre_anda_number: Text = text(
        "FDA.C.5.5b",
        "Pre-ANDA number where AE occurred",
        f"{_REGISTRATION.format(2, '')}/{_NUMBER.format(2)}",
        10,
        CONDITIONAL,
    )
    fda_cross_reported: tuple[CrossReportedInd, ...] = many(
        CrossReportedInd, "FDA.C.5.6.r", "IND number of cross reported IND", _REGISTRATION.format(3, "*")
    )
