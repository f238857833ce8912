"""A body becomes its structured form and the queries on it; no field problem refuses a report (DOMAIN 1)."""

from collections.abc import Iterator, Mapping
from datetime import datetime
from itertools import islice
from typing import Any

import msgspec
from marshmallow import Schema, ValidationError

from intake.api.fields import Part, Parts
from intake.api.json_body import parse
from intake.api.schemas import ReportSchema
from intake.api.usual import Usual, usual_reader
from intake.domain import plausibility
from intake.domain.clinical_content import holds_clinical_content
from intake.domain.dates import after_receipt
from intake.domain.findings import Finding, Located, Path, queries
from intake.domain.scope import is_slug
from intake.domain.seriousness import push_down
from intake.domain.text import normal
from intake.ports import Reading
from shared.contracts.clinical import CaseContent
from shared.contracts.code_lists import Criterion
from shared.contracts.report_received import Sender
from shared.threads import prepare

prepare(CaseContent, Sender, tuple[Criterion, ...])

_SCHEMA = ReportSchema()
_USUAL = usual_reader(_SCHEMA)
_CASE_LEVEL = ("sponsor", "sender", "first_aware_at", "latest_information_on", "serious", "seriousness_criteria")
_UNKNOWN = Finding("unknown-field", "This name is not known here; it is kept with the report as received.")
_LATE = Finding("first-aware-after-receipt", "This lies after the receipt, which therefore counts; please check it.")
_NO_SLUG = Finding(
    "sponsor-form", "Write the sponsor's short name: small letters, digits and hyphens. Until then it is unassigned."
)
_MORE_THAN_ENOUGH = 2000  # findings of unknown names; the queries stop at 500 anyway


class BodyReader:
    """Reads bodies by the marshmallow schema."""

    def __init__(self, usual: Usual = _USUAL) -> None:
        """``usual`` reads bodies in which the schema would find nothing."""
        self._usual = usual

    def read(self, content: bytes, received: datetime) -> Reading:
        """Return what the body says. Raises Unacceptable for what is no JSON object."""
        body = parse(content)
        said = self._usual(body)
        draft, located = _load(body) if said is None else (said, [])
        located += plausibility.findings(draft, received.date())
        aware, late = _first_aware(draft, received)
        stated, odd = _sponsor(body)
        said = _compact(draft) if said is None else said
        return Reading(
            sponsor_stated=stated,
            sender=msgspec.convert(said.get("sender", {}), Sender),
            first_aware_at=aware,
            latest_information_on=said.get("latest_information_on"),
            content=_content(said),
            queries=queries(body, [*located, *late, *odd]),
            holds_clinical_content=holds_clinical_content(body),
        )


def _load(body: Mapping[str, Any]) -> tuple[dict[str, Any], list[Located]]:
    """Return what the schema keeps of a body, and everything that is wrong or unknown in it."""
    unknown = islice(_unknown(_SCHEMA, body), _MORE_THAN_ENOUGH)
    try:
        return dict(_SCHEMA.load(body)), [*unknown]
    except ValidationError as error:
        valid: Any = error.valid_data
        return dict(valid), [*_located((), error.messages), *unknown]


def _located(path: Path, messages: Any) -> Iterator[Located]:
    """Walk marshmallow's tree of messages, whose leaves are lists of Findings."""
    if isinstance(messages, Mapping):
        for name, below in messages.items():
            yield from _located(path if name == "_schema" else (*path, name), below)
    else:
        yield from ((path, finding) for finding in messages)


def _unknown(schema: Schema, body: Any, path: Path = ()) -> Iterator[Located]:
    """Yield every name that the schema does not have."""
    if not isinstance(body, Mapping):
        return
    for name, value in body.items():
        field = schema.fields.get(name)
        if field is None:
            yield (*path, name), _UNKNOWN
        elif isinstance(field, Part):
            yield from _unknown(field.schema, value, (*path, name))
        elif isinstance(field, Parts) and isinstance(field.inner, Part) and isinstance(value, list):
            for index, item in enumerate(value):
                yield from _unknown(field.inner.schema, item, (*path, name, index))


def _first_aware(draft: Mapping[str, Any], received: datetime) -> tuple[str | None, list[Located]]:
    """Return the stated awareness where it is no later than the receipt: only an earlier one moves a clock."""
    stated = draft.get("first_aware_at")
    if stated and after_receipt(stated, received):
        return None, [(("first_aware_at",), _LATE)]
    return stated, []


def _sponsor(body: Mapping[str, Any]) -> tuple[str | None, list[Located]]:
    """Return the sponsor as stated: a name that cannot be a scope still tells a person whom the sender meant."""
    stated = body.get("sponsor")
    if not isinstance(stated, str) or not normal(stated):
        return None, []
    kept = normal(stated)[:250]
    return kept, [] if is_slug(kept) else [(("sponsor",), _NO_SLUG)]


def _compact(value: Any) -> Any:
    """Return a draft without what is None or empty: nothing was said there."""
    if isinstance(value, Mapping):
        parts = {name: _compact(each) for name, each in value.items()}
        return {name: each for name, each in parts.items() if each is not None and each not in ({}, [])}
    if isinstance(value, list):
        return [each for each in map(_compact, value) if each is not None and each not in ({}, [])]
    return value


def _content(said: Mapping[str, Any]) -> CaseContent:
    content = msgspec.convert({name: said[name] for name in said if name not in _CASE_LEVEL}, CaseContent)
    criteria = msgspec.convert(said.get("seriousness_criteria", []), tuple[Criterion, ...])
    return push_down(content, said.get("serious"), criteria)
