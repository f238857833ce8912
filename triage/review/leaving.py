"""Who signs out leaves nothing in the browser (OWASP ASVS 5.0, 14.3.1)."""

from typing import TypeVar

from werkzeug.wrappers import Response

from triage.review.browsing import COOKIE

Answer = TypeVar("Answer", bound=Response)


def gone(answer: Answer) -> Answer:
    """Tell the browser to forget everything of us."""
    answer.delete_cookie(COOKIE, path="/", secure=True, httponly=True, samesite="Lax")
    answer.headers["Clear-Site-Data"] = '"cache", "cookies", "storage"'
    return answer
