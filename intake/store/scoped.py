"""Every query filters by sponsor; an empty scope means no access (DOMAIN 18)."""

from typing import Any

from intake.domain.scope import Scope


def within(scope: Scope) -> dict[str, Any]:
    """Return the part of a query that keeps it within a scope; None is every sponsor, as for the service itself."""
    return {"sponsor": {"$exists": True} if scope is None else {"$in": sorted(scope)}}
