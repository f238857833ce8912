"""Some of ICH's business rules hold between elements of different sections (guide v5.03, section 3.4).

Each rule is a function of one message; the table at the end lists them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial

from shared.icsr.model.codes import COUNTRIES, MEDDRA_VERSION
from shared.icsr.model.dates import TS
from shared.icsr.model.issue import Issue, Severity
from shared.icsr.model.message import Batch, Message, Unread
from shared.icsr.rules.walk import Occurrence, named, occurrences

Rule = Callable[[Message, str], Iterator[Issue]]

_error = partial(Issue, Severity.ERROR)
_warning = partial(Issue, Severity.WARNING)


def check_messages(batch: Batch) -> Iterator[Issue]:
    """Yield what ICH's cross-element rules find in each message of a batch, and in the batch itself."""
    for index, message in enumerate(batch.messages):
        for rule in RULES:
            yield from rule(message, f"messages[{index}]")
    yield from _message_ids_differ(batch)
    yield from _nothing_unknown(batch)


def _report_id_is_message_id(message: Message, at: str) -> Iterator[Issue]:
    case = message.report.identification
    if case.safety_report_id != message.message_id:
        yield _error(
            "ICH.N.2.r.1.equal",
            "N.2.r.1",
            f"{at}.message_id",
            f"N.2.r.1 is {message.message_id!r} and C.1.1 is {case.safety_report_id!r}; they must be equal.",
            "Give the message the safety report id (C.1.1) as its identifier.",
        )


def _created_with_its_message(message: Message, at: str) -> Iterator[Issue]:
    created = message.report.identification.creation_date
    if isinstance(created, TS) and isinstance(message.message_date, TS) and created != message.message_date:
        yield _warning(
            "ICH.N.2.r.4.equal",
            "N.2.r.4",
            f"{at}.message_date",
            f"N.2.r.4 is {message.message_date} and C.1.2 is {created}; they must be the same.",
            "Date the message as the report (C.1.2).",
        )


def _report_id_names_a_country(message: Message, at: str) -> Iterator[Issue]:
    identifier = message.report.identification.safety_report_id
    if isinstance(identifier, str) and identifier[:2] not in COUNTRIES.values:
        yield _error(
            "ICH.C.1.1.country",
            "C.1.1",
            f"{at}.report.identification.safety_report_id",
            f"C.1.1 begins with {identifier[:2]!r}, which is no country code.",
            "Begin it with the country of the primary source for regulatory purposes (C.2.r.5 = 1).",
        )


def _latest_not_before_first(message: Message, at: str) -> Iterator[Issue]:
    case = message.report.identification
    first, latest = case.first_received, case.most_recent_information
    if isinstance(first, TS) and isinstance(latest, TS) and first.reads_later_than(latest):
        yield _error(
            "ICH.C.1.5.order",
            "C.1.5",
            f"{at}.report.identification.most_recent_information",
            f"C.1.5 ({latest}) is before C.1.4 ({first}).",
            "Correct the one that is wrong; C.1.4 is never changed by a follow-up.",
        )


def _other_identifiers_announced(message: Message, at: str) -> Iterator[Issue]:
    case = message.report.identification
    if (case.has_other_identifiers is True) != bool(case.other_identifiers):
        yield _error(
            "ICH.C.1.9.1.r.required",
            "C.1.9.1",
            f"{at}.report.identification.other_identifiers",
            "C.1.9.1 says whether there are other case identifiers (C.1.9.1.r), and the report says otherwise.",
            "Set C.1.9.1 to true and list the identifiers, or to NI and list none.",
        )


def _one_regulatory_source(message: Message, at: str) -> Iterator[Issue]:
    marked = sum(source.regulatory_purposes == "1" for source in message.report.primary_sources)
    if message.report.primary_sources and marked != 1:
        yield _error(
            "ICH.C.2.r.5.once",
            "C.2.r.5",
            f"{at}.report.primary_sources",
            f"{marked} primary sources are marked for regulatory purposes (C.2.r.5 = 1); there must be one.",
            "Mark exactly one reporter.",
        )


def _study_type_of_a_study(message: Message, at: str) -> Iterator[Issue]:
    if message.report.identification.report_type == "2" and message.report.study.study_type is None:
        yield _error(
            "ICH.C.5.4.required",
            "C.5.4",
            f"{at}.report.study.study_type",
            "C.1.3 says the report is from a study, and C.5.4 (type of study) has no value.",
            "Give the type of study, or correct C.1.3.",
        )


def _history_stated(message: Message, at: str) -> Iterator[Issue]:
    history = message.report.medical_history
    if history.narrative is None and not history.items:
        yield _error(
            "ICH.D.7.2.required",
            "D.7.2",
            f"{at}.report.medical_history.narrative",
            "D.7.2 (medical history) has no value, and there is no structured history (D.7.1).",
            "Tell the history; if nobody was asked or it is not known, give NASK or UNK.",
        )


def _a_suspect_drug(message: Message, at: str) -> Iterator[Issue]:
    roles = {drug.role for drug in message.report.drugs}
    if roles and not roles & {"1", "3", "4"}:
        yield _error(
            "ICH.G.k.1.suspect",
            "G.k.1",
            f"{at}.report.drugs",
            "No drug is suspect (1), interacting (3) or not administered (4).",
            "Give at least one drug one of these roles in G.k.1.",
        )


def _one_meddra_version(message: Message, at: str) -> Iterator[Issue]:
    versions = {
        found.value
        for found in occurrences(message)
        if isinstance(found, Occurrence) and found.element.pattern == MEDDRA_VERSION and isinstance(found.value, str)
    }
    if len(versions) > 1:
        yield _error(
            "ICH.E.i.2.1a.one-version",
            "E.i.2.1a",
            f"{at}.report",
            f"The message uses more than one MedDRA version: {', '.join(sorted(map(str, versions)))}.",
            "Code all its terms in one version.",
        )


def _no_future_dates(message: Message, at: str) -> Iterator[Issue]:
    created = message.report.identification.creation_date
    if not isinstance(created, TS):
        return
    for found in occurrences(message.report, f"{at}.report"):
        if isinstance(found, Occurrence) and isinstance(found.value, TS) and found.value.reads_later_than(created):
            # A day may have begun where the report came in and not yet where it is sent: doubt is a warning.
            issue = _error if found.value.certainly_after(created) else _warning
            yield issue(
                f"ICH.{found.element.id}.future",
                found.element.id,
                found.location,
                f"{named(found.element)} is {found.value}, after the report was created (C.1.2 = {created}).",
                "Correct the date, or send the report when the day has come.",
            )


def _message_ids_differ(batch: Batch) -> Iterator[Issue]:
    seen: set[object] = set()
    for index, message in enumerate(batch.messages):
        yield from sent_before(message, index, seen)


def sent_before(message: Message, index: int, seen: set[object]) -> Iterator[Issue]:
    """Yield an issue if the message's number is among those `seen` in its batch, to which it is added."""
    if message.message_id in seen:
        yield _error(
            "ICH.N.2.r.1.unique",
            "N.2.r.1",
            f"messages[{index}].message_id",
            f"N.2.r.1 {message.message_id!r} occurs twice in the batch.",
            "Send a case once in a batch.",
        )
    seen.add(message.message_id)


def _assessed_reactions_are_told(message: Message, at: str) -> Iterator[Issue]:
    known = {reaction.id for reaction in message.report.reactions if reaction.id}
    for index, drug in enumerate(message.report.drugs):
        seen: set[object] = set()
        for number, link in enumerate(drug.reactions):
            if link.reaction not in known or link.reaction in seen:
                yield _error(
                    "ICH.G.k.9.i.1.reaction",
                    "G.k.9.i.1",
                    f"{at}.report.drugs[{index}].reactions[{number}].reaction",
                    f"G.k.9.i.1 is {link.reaction!r}; each reaction of the report is assessed in one entry, by its id.",
                    "Give the id of one of the reactions (E.i), and say all of a reaction in one entry.",
                )
            seen.add(link.reaction)


def _nothing_unknown(batch: Batch) -> Iterator[Issue]:
    for index, unread in enumerate(batch.unknown):
        yield _error(
            "DZ.unknown",
            "",
            f"unknown[{index}]",
            f"What was read at {unread.place}{_line(unread)} would be lost in writing: {unread.reason}.",
            "Send the file on as it was received, or take the content out of `unknown` knowingly.",
        )


def _line(unread: Unread) -> str:
    return f" (line {unread.line})" if unread.line else ""


RULES: tuple[Rule, ...] = (
    _report_id_is_message_id,
    _created_with_its_message,
    _report_id_names_a_country,
    _latest_not_before_first,
    _other_identifiers_announced,
    _one_regulatory_source,
    _study_type_of_a_study,
    _history_stated,
    _a_suspect_drug,
    _assessed_reactions_are_told,
    _one_meddra_version,
    _no_future_dates,
)
