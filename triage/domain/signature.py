"""An electronic signature names signer, moment and meaning, and is bound to its record (21 CFR 11.50, 11.70).

It holds for the version whose hash it carries and for no other: a later version leaves it valid and readable.
"""

from datetime import datetime
from enum import StrEnum

import msgspec
import rfc8785

from shared.contracts.case_approved import Signature
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


def signature_of(signing: Signing, meaning: Meaning, record: str, content_sha256: str) -> Signature:
    """Return the signature of a record by who has just proved who she is: one for each signing of each record."""
    return Signature(
        signature_id=derived_id("sig", signing.signer, record, content_sha256, signing.at.isoformat()),
        signer=signing.signer,
        full_name=signing.full_name,
        meaning=meaning.value,
        at=signing.at,
        components=signing.components,
        sha256=content_sha256,
    )


def holds(signature: Signature, version: CaseVersion) -> bool:
    """Say whether a signature is of this version, as it is: copied to another, or over a changed one, it is not."""
    return signature.sha256 == content_hash(version)
