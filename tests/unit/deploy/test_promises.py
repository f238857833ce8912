"""A due date that moves, or a rejection that is not sent again, fails the demonstration (DOMAIN 6)."""

from typing import Any

from deploy.demo.promises import Promises


def case(state: str, due: str = "2026-03-24") -> dict[str, Any]:
    return {"obligations": [{"id": "obl_1", "destination": "eu", "due": due, "state": state, "arithmetic": ""}]}


def watched(*cases: dict[str, Any]) -> Promises:
    promises = Promises()
    for one in cases:
        promises.watch([one])
    return promises


def test_rejected_corrected_and_accepted() -> None:
    promises = watched(case("sent"), case("rejected"), case("sent"), case("fulfilled"))
    assert list(promises.broken(rejection_expected=True)) == []
    assert promises.corrected == ["obl_1, due 2026-03-24"]


def test_a_due_date_that_moved_is_named() -> None:
    promises = watched(case("rejected"), case("fulfilled", due="2026-03-25"))
    assert list(promises.broken(rejection_expected=False)) == ["obl_1: due 2026-03-24, then 2026-03-25"]


def test_a_rejection_that_stays_is_named() -> None:
    promises = watched(case("rejected"))
    assert list(promises.broken(rejection_expected=True)) == ["obl_1: rejected and never accepted"]
    assert promises.corrected == []


def test_our_own_reports_have_one_that_is_rejected() -> None:
    assert list(watched(case("fulfilled")).broken(rejection_expected=True)) == ["no message was rejected"]
    assert list(watched(case("fulfilled")).broken(rejection_expected=False)) == []
