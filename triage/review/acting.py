"""What may be done to a case, by whom, and what each action takes: one table for pages and API.

What is signed takes the proof of who signs, again and every time (21 CFR 11.200(a)).
"""

from collections.abc import Callable, Mapping
from typing import Any

import msgspec
from marshmallow import Schema

from shared.problem import Problem
from triage.domain.amendment import Edit
from triage.domain.blinding import Blinded
from triage.domain.case import Case
from triage.domain.identity import Permission
from triage.domain.inquiry import Attempt
from triage.domain.refusal import Refusal
from triage.domain.signature import Signing
from triage.ports import Conflict
from triage.prove import NotLetIn
from triage.review.access import View, needs
from triage.review.blinded import refusal
from triage.review.reading import loaded
from triage.review.schemas import (
    ActionSchema,
    AmendmentSchema,
    AmendmentsSchema,
    DowngradeSchema,
    DowngradesSchema,
    InquirySchema,
    SignedSchema,
    UnblindSchema,
)
from triage.review.services import Services
from triage.unblind import Allocation

Said = dict[str, Any]


class Action(msgspec.Struct, frozen=True):
    """Who may, what it takes, and the use case."""

    permission: Permission
    schema: Callable[[Said], Schema]
    do: Callable[[Services, str, int, Said], Case]
    path: str
    is_signed: bool = False


def guarded(services: Services, action: Action, view: View) -> View:
    """Return the view of an action for those who may, failed signings counted."""
    permitted = needs(action.permission)(view)
    # The limiter knows a view by this name: under one for all, each failure counts once for every signed action.
    permitted.__qualname__ = f"{view.__qualname__} {action.path}"
    return services.rates.signings(permitted) if action.is_signed else permitted


def perform(services: Services, name: str, case_id: str, revision: int, given: Said) -> Case:
    """Do it. Raises LookupError, Conflict, Refusal, and Problem 422 or 403 for what is missing or proves nothing."""
    action = ACTIONS[name]
    try:  # what is not there is not signed either
        services.worklist.get(case_id, services.scopes(action.permission), services.unblinded)
    except Blinded as blinded:
        raise refusal() from blinded
    return action.do(services, case_id, revision, loaded(action.schema(given), given))


def told(error: Refusal | Conflict | Problem) -> tuple[list[tuple[str, str]], int]:
    """Return what a form says of why nothing was done, as pointers and words, and the status."""
    if isinstance(error, Conflict):
        words = f"Somebody changed the case meanwhile: {error}. It is shown as it is now; read it, then decide again."
        return [("/reason", words)], 409
    if isinstance(error, Refusal):
        return [(pointer, words) for pointer, _, words in error.reasons] or [("", str(error))], 409
    listed: Any = error.document.get("errors", [])
    return [(each["pointer"], each["words"]) for each in listed] or [("", str(error))], error.status


def _approve(services: Services, case_id: str, revision: int, said: Said) -> Case:
    acting = services.acting(Permission.CASE_APPROVE)
    return services.decide.approve(case_id, revision, acting, _signing(services, said), said["reason"])


def _give_back(services: Services, case_id: str, revision: int, said: Said) -> Case:
    return services.decide.give_back(case_id, revision, services.acting(Permission.CASE_RETURN), said["reason"])


def _amend(services: Services, case_id: str, revision: int, said: Said) -> Case:
    acting = services.acting(Permission.CASE_AMEND)
    return services.decide.amend(case_id, revision, acting, said["reason"], _edits(said))


def _propose(services: Services, case_id: str, revision: int, said: Said) -> Case:
    acting = services.acting(Permission.CASE_DOWNGRADE)
    signing = _signing(services, said)
    return services.downgrade.propose(case_id, revision, acting, signing, said["reason"], _edits(said))


def _confirm(services: Services, case_id: str, revision: int, said: Said) -> Case:
    acting = services.acting(Permission.CASE_DOWNGRADE)
    return services.downgrade.confirm(case_id, revision, acting, _signing(services, said), said["reason"])


def _decline(services: Services, case_id: str, revision: int, said: Said) -> Case:
    return services.downgrade.decline(case_id, revision, services.acting(Permission.CASE_DOWNGRADE), said["reason"])


def _nullify(services: Services, case_id: str, revision: int, said: Said) -> Case:
    acting = services.acting(Permission.CASE_NULLIFY)
    return services.nullify.propose(case_id, revision, acting, _signing(services, said), said["reason"])


def _confirm_nullification(services: Services, case_id: str, revision: int, said: Said) -> Case:
    acting = services.acting(Permission.CASE_NULLIFY)
    return services.nullify.confirm(case_id, revision, acting, _signing(services, said), said["reason"])


def _decline_nullification(services: Services, case_id: str, revision: int, said: Said) -> Case:
    return services.nullify.decline(case_id, revision, services.acting(Permission.CASE_NULLIFY), said["reason"])


def _not_significant(services: Services, case_id: str, revision: int, said: Said) -> Case:
    acting = services.acting(Permission.CASE_RETURN)
    return services.significance.deny(case_id, revision, acting, _signing(services, said), said["reason"])


def _inquire(services: Services, case_id: str, revision: int, said: Said) -> Case:
    return services.inquire.record(case_id, revision, services.acting(Permission.CASE_AMEND), Attempt(**said))


def _complete(services: Services, case_id: str, revision: int, said: Said) -> Case:
    acting = services.acting(Permission.CASE_RETURN)
    return services.completeness.state(case_id, revision, acting, _signing(services, said), said["reason"])


def _unblind(services: Services, case_id: str, revision: int, said: Said) -> Case:
    acting = services.acting(Permission.CASE_UNBLIND)
    told = [Allocation(**each) for each in said["allocations"]]
    return services.unblind(case_id, revision, acting, _signing(services, said), said["reason"], told)


def _plain(_: Said) -> Schema:
    return ActionSchema()


def _signed(_: Said) -> Schema:
    return SignedSchema()


def _unblinding(_: Said) -> Schema:
    return UnblindSchema()


def _inquiry(_: Said) -> Schema:
    return InquirySchema()


def _amendment(given: Said) -> Schema:
    """One field by itself, or a list of them."""
    return AmendmentsSchema() if "changes" in given else AmendmentSchema()


def _downgrade(given: Said) -> Schema:
    return DowngradesSchema() if "changes" in given else DowngradeSchema()


def _edits(said: Said) -> list[Edit]:
    return [Edit(each["pointer"].strip(), each["value"]) for each in said.get("changes", [said])]


def _signing(services: Services, said: Said) -> Signing:
    """Return the proof of who signs. Raises Problem 403."""
    try:
        return services.sign(said["password"], said["totp"])
    except NotLetIn as error:
        errors = [{"pointer": "/password", "rule": "21 CFR 11.200", "words": str(error)}]
        raise Problem(403, "signature", "Not signed", str(error), errors) from error


ACTIONS: Mapping[str, Action] = {
    "approve": Action(Permission.CASE_APPROVE, _signed, _approve, "approve", is_signed=True),
    "return": Action(Permission.CASE_RETURN, _plain, _give_back, "return"),
    "amend": Action(Permission.CASE_AMEND, _amendment, _amend, "amend"),
    "downgrade": Action(Permission.CASE_DOWNGRADE, _downgrade, _propose, "downgrade", is_signed=True),
    "confirm": Action(Permission.CASE_DOWNGRADE, _signed, _confirm, "downgrade/confirm", is_signed=True),
    "nullify": Action(Permission.CASE_NULLIFY, _signed, _nullify, "nullify", is_signed=True),
    "confirm_nullification": Action(
        Permission.CASE_NULLIFY, _signed, _confirm_nullification, "nullify/confirm", is_signed=True
    ),
    "decline_nullification": Action(Permission.CASE_NULLIFY, _plain, _decline_nullification, "nullify/decline"),
    "not_significant": Action(Permission.CASE_RETURN, _signed, _not_significant, "not-significant", is_signed=True),
    "inquire": Action(Permission.CASE_AMEND, _inquiry, _inquire, "inquiry"),
    "complete": Action(Permission.CASE_RETURN, _signed, _complete, "complete", is_signed=True),
    "unblind": Action(Permission.CASE_UNBLIND, _unblinding, _unblind, "unblind"),
    "decline": Action(Permission.CASE_DOWNGRADE, _plain, _decline, "downgrade/decline"),
}
