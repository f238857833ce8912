"""Every document carries its sponsor; a missing or unusable one is the reserved scope ``unassigned`` (DOMAIN 3, 18)."""

import re

UNASSIGNED = "unassigned"
SLUG = "[a-z0-9][a-z0-9-]{0,62}"

# The sponsors whose documents may be seen: None is all of them, and no sponsor at all is no access.
Scope = frozenset[str] | None
EVERY_SPONSOR: Scope = None  # of the service itself


def scope_of(stated: str | None, permitted: Scope = EVERY_SPONSOR) -> str:
    """Return the sponsor scope that a report belongs to.

    Who may send for one sponsor alone need not name it; what names another sponsor is kept, in nobody's scope.
    """
    if permitted is not None and not stated and len(permitted) == 1:
        return next(iter(permitted))
    may = stated and is_slug(stated) and (permitted is None or stated in permitted)
    return stated if stated and may else UNASSIGNED


def is_slug(text: str) -> bool:
    """Say whether text can name a sponsor scope."""
    return re.fullmatch(SLUG, text) is not None
