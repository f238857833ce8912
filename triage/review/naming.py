"""What URLs name, and the one answer where there is none of that name."""

from shared.ids import derived_id
from shared.problem import Problem
from triage.domain.identity import User


def user_id(user: User) -> str:
    """Return by what a URL names a user."""
    return derived_id("usr", user.name)


def missing() -> Problem:
    """Return the one answer to what is not there and to what is not in scope: nobody learns which."""
    return Problem(404, "not-found", "Not found", "There is no such case or version in your scope.")
