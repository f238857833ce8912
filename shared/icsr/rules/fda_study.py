"""A report to an IND, or to a study that needs none, names it (FDA E2B(R3) core and regional rules, C.1.3 to G.k.9.i).

Rules that need what is not in the message are not here: R0004, R0005 (the route), R0101 (whether it is the first, see
`shared.icsr.rules.first`), and R0105, R0106, W0009, W0012 (FDA's registers).
"""

from __future__ import annotations

from collections.abc import Iterator

from shared.icsr.model.issue import Issue
from shared.icsr.model.message import Batch, Drug, Message, SafetyReport
from shared.icsr.model.null_flavor import NullFlavor
from shared.icsr.rules.fda_pathway import IND, IND_EXEMPT, Rule, error, post_market, warning

_NOBODY = frozenset({"SUMMARY", "AGGREGATE", NullFlavor.NA})


def _type_of_report(_: Batch, message: Message, at: str) -> Iterator[Issue]:
    report, receiver = message.report, message.message_receiver
    stated, study = report.identification.report_type, report.study
    here = f"{at}.report.identification.report_type"
    numbered = study.fda_ind_number or study.fda_pre_anda_number
    if receiver == IND_EXEMPT and stated != "2":
        yield _not("R0111", here, "2", f"N.2.r.3 is {IND_EXEMPT}")
    elif receiver in IND and numbered and study.study_type is not None and stated != "2":
        yield _not("R0008", here, "2", "an IND or pre-ANDA number and a type of study (C.5.4) are stated")
    elif receiver in IND and study.fda_ind_number and study.study_type is None and stated != "1":
        yield _not("R0110", here, "1", "an IND number is stated and no type of study (C.5.4)")


def _not(number: str, at: str, must: str, because: str) -> Issue:
    return error(
        f"FDA.{number}",
        "C.1.3",
        at,
        f"C.1.3 must be {must}, since {because}.",
        f"Set C.1.3 to {must}, or correct the rest.",
    )


def _no_study_of_a_spontaneous_report(_: Batch, message: Message, at: str) -> Iterator[Issue]:
    if message.report.identification.report_type == "1" and message.report.study.study_type is not None:
        number = {"CDER": "R0103", **dict.fromkeys(IND, "R0113")}.get(str(message.message_receiver))
        if number:
            yield error(
                f"FDA.{number}",
                "C.5.4",
                f"{at}.report.study.study_type",
                "C.5.4 (type of study) is stated, and C.1.3 says the report is spontaneous (1).",
                "Take C.5.4 out, or correct C.1.3.",
            )


def _numbers_of_the_study(batch: Batch, message: Message, at: str) -> Iterator[Issue]:
    study, stated = message.report.study, message.report.identification.report_type
    here, receiver = f"{at}.report.study", message.message_receiver
    if post_market(batch):
        yield from _no_numbers(message.report, here)
        return
    if receiver in IND and stated in {"1", "2"} and study.fda_ind_number is None:
        yield _required("R0024", "FDA.C.5.5a", f"{here}.fda_ind_number", f"the report goes to {receiver}")
    if receiver == IND_EXEMPT and stated == "2" and study.fda_pre_anda_number is None:
        yield _required("R0025", "FDA.C.5.5b", f"{here}.fda_pre_anda_number", f"the report goes to {receiver}")
    if study.fda_ind_number is not None and not study.fda_cross_reported:
        yield _required("R0026", "FDA.C.5.6.r", f"{here}.fda_cross_reported", "an IND number is stated; NA says none")


def _no_numbers(report: SafetyReport, here: str) -> Iterator[Issue]:
    study = report.study
    for number, element, field, told in (
        ("R0107", "FDA.C.5.5a", "fda_ind_number", study.fda_ind_number is not None),
        ("R0108", "FDA.C.5.5b", "fda_pre_anda_number", study.fda_pre_anda_number is not None),
        ("R0109", "FDA.C.5.6.r", "fda_cross_reported", bool(study.fda_cross_reported)),
    ):
        if told:
            yield error(
                f"FDA.{number}",
                element,
                f"{here}.{field}",
                f"{element} is stated in a post-market report.",
                "Take it out, or send the report to the pre-market address.",
            )


def _required(number: str, element: str, at: str, because: str) -> Issue:
    return error(f"FDA.{number}", element, at, f"{element} has no value, and {because}.", f"Give {element}.")


def _no_ind_number_as_authorisation(batch: Batch, message: Message, at: str) -> Iterator[Issue]:
    report = message.report
    if not (post_market(batch) and message.message_receiver == "CDER" and report.study.study_type in {"2", "3"}):
        return
    for index, drug in enumerate(report.drugs):
        number = str(drug.authorisation_number or "").upper()
        if report.identification.report_type == "2" and ("IND" in number or "PANDA" in number):
            yield error(
                "FDA.R0114",
                "G.k.3.1",
                f"{at}.report.drugs[{index}].authorisation_number",
                f"G.k.3.1 is {drug.authorisation_number!r}, an IND or pre-ANDA number in a post-market report.",
                "Give the number of the authorisation.",
            )


def _date_of_death(_: Batch, message: Message, at: str) -> Iterator[Issue]:
    report = message.report
    died = any(each.results_in_death is True for each in report.reactions)
    study = report.identification.report_type == "2" and message.message_receiver in IND
    if died and study and report.death.death_date is None:
        yield _required("R0041", "D.9.1", f"{at}.report.death.death_date", "a reaction results in death (E.i.3.2a)")


def _assessed(_: Batch, message: Message, at: str) -> Iterator[Issue]:
    report = message.report
    wanted = report.identification.report_type == "2" and report.study.fda_ind_number is not None
    suspects = [drug for drug in report.drugs if drug.role in {"1", "3"}]
    if wanted and suspects and not any(map(_fully_assessed, suspects)):
        yield error(
            "FDA.R0087",
            "G.k.9.i.2.r.3",
            f"{at}.report.drugs",
            "No suspect or interacting drug has a source, a method and a result of assessment (G.k.9.i.2.r.1 to 3).",
            "Give all three for at least one reaction.",
        )


def _fully_assessed(drug: Drug) -> bool:
    return any(
        (each.source or each.eu_source) and (each.method or each.eu_method) and (each.result or each.eu_result)
        for link in drug.reactions
        for each in link.assessments
    )


def _aggregate(_: Batch, message: Message, at: str) -> Iterator[Issue]:
    report = message.report
    linked = bool(report.identification.linked_reports)
    of_an_ind = report.identification.report_type == "2" and report.study.fda_ind_number is not None
    if report.patient.initials == "AGGREGATE" and not linked:
        here = f"{at}.report.identification.linked_reports"
        yield _advised("W0001", "C.1.10.r", here, "of an AGGREGATE report lists the reports in it")
    if report.patient.initials == "AGGREGATE" and report.study.study_type != "1":
        yield _advised("W0002", "C.5.4", f"{at}.report.study.study_type", "of an AGGREGATE report is 1")
    if report.patient.initials != "AGGREGATE" and linked and of_an_ind:
        yield _advised("W0010", "D.1", f"{at}.report.patient.initials", "is AGGREGATE where C.1.10.r links reports")


def _nobodys_race(_: Batch, message: Message, at: str) -> Iterator[Issue]:
    patient = message.report.patient
    if patient.initials not in _NOBODY:
        return
    if any(each.code is not NullFlavor.NA for each in patient.fda_races):
        yield _advised("W0003", "FDA.D.11.r.1", f"{at}.report.patient.fda_races", "is NA where D.1 names no patient")
    if patient.fda_ethnicity not in {None, NullFlavor.NA}:
        yield _advised("W0004", "FDA.D.12", f"{at}.report.patient.fda_ethnicity", "is NA where D.1 names no patient")


def _test_or_reference(_: Batch, message: Message, at: str) -> Iterator[Issue]:
    for index, drug in enumerate(message.report.drugs if message.report.study.fda_pre_anda_number else ()):
        if drug.fda_additional not in {"1", "2", NullFlavor.NA}:
            here = f"{at}.report.drugs[{index}].fda_additional"
            yield _advised("W0006", "FDA.G.k.10a", here, "is 1, 2 or NA in a report with a pre-ANDA number")


def _advised(number: str, element: str, at: str, words: str) -> Issue:
    return warning(f"FDA.{number}", element, at, f"{element} {words}.", f"Correct {element}.")


def _attached_plainly(_: Batch, message: Message, at: str) -> Iterator[Issue]:
    report = message.report
    attached = [
        *(
            (f"identification.documents[{n}]", "C.1.6.1.r.2", e.included)
            for n, e in enumerate(report.identification.documents)
        ),
        *((f"literature[{n}]", "C.4.r.2", each.included) for n, each in enumerate(report.literature)),
    ]
    for where, element, document in attached:
        compressed = getattr(document, "compression", None) is not None
        if compressed or (getattr(document, "content", None) and getattr(document, "representation", None) != "B64"):
            yield error(
                "FDA.R0010",
                element,
                f"{at}.report.{where}.included",
                f"{element} is compressed, or not in base64.",
                "Attach the document as base64 without compression.",
            )


RULES: tuple[Rule, ...] = (
    _type_of_report,
    _no_study_of_a_spontaneous_report,
    _numbers_of_the_study,
    _no_ind_number_as_authorisation,
    _date_of_death,
    _assessed,
    _aggregate,
    _nobodys_race,
    _test_or_reference,
    _attached_plainly,
)
