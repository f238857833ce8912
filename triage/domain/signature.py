"""An electronic signature names signer, moment and meaning, and is bound to its record (21 CFR 11.50, 11.70).

It holds for the version whose hash it carries and for no other: a later version leaves it valid and readable.
"""

from datetime import datetime
from enum import StrEnum

import msgspec
import rfc8785

from shared.ids import derived_id, sha256
from triage.domain.case import CaseVersion


class Meaning(StrEnum):
    """Why somebody signs (21 CFR 11.50(a)(3))."""

    APPROVAL = "approval"
    REVIEW = "review"
    RESPONSIBILITY = "responsibility"
    AUTHORSHIP = "authorship"


class Signing(msgspec.Struct, frozen=True, kw_only=True):
    """A person who has just proved who she is, with these components (21 CFR 11.200(a)(1))."""

    signer: str
    full_name: str
    at: datetime
    components: tuple[str, ...]  # password, totp, oidc


def content_hash(version: CaseVersion) -> str:
    """Return the SHA-256 of what a signature stands for: the snapshot and its decisions, as RFC 8785 JSON."""
    signed = {"snapshot": version.snapshot, "decisions": version.decisions}
    return sha256(rfc8785.dumps(msgspec.to_builtins(signed)))


def signature_id(signing: Signing, record: str) -> str:
    """Return the id of a signature: one for each signing of each record."""
    return derived_id("sig", signing.signer, record, signing.at.isoformat())
