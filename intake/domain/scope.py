"""Every document carries its sponsor; a missing or unusable one is the reserved scope ``unassigned`` (DOMAIN 3, 18)."""

import re

UNASSIGNED = "unassigned"
SLUG = "[a-z0-9][a-z0-9-]{0,62}"

# The sponsors whose documents may be seen: None is all of them, and no sponsor at all is no access.
Scope = frozenset[str] | None
EVERY_SPONSOR: Scope = None  # until sign-in exists, whoever reaches intake has it


def scope_of(stated: str | None) -> str:
    """Return the sponsor scope that a report belongs to."""
    return stated if stated and is_slug(stated) else UNASSIGNED


def is_slug(text: str) -> bool:
    """Say whether text can name a sponsor scope."""
    return re.fullmatch(SLUG, text) is not None
