"""Who may give which role to whom: nobody to herself, nobody beyond her sponsors (21 CFR 11.10(d), (g), 11.100)."""

from datetime import UTC, datetime

import msgspec
import pytest

from shared.clock import SetClock
from tests.unit.triage.fake_users import InMemorySessions, InMemoryUsers
from triage.administer import Administer, By, Denied
from triage.domain.identity import Grant, Role

NOW = datetime(2026, 11, 23, 10, 0, tzinfo=UTC)
ROOT = By(actor="root", authentication="password+totp", scopes=("installation",), reason="hired")
HERS = By(actor="hilda", authentication="password+totp", scopes=("helvion",), reason="hired")
APPROVER = Grant(sponsor="helvion", role=Role.APPROVER)
AUDITOR = Grant(sponsor="boreal", role=Role.AUDITOR)


@pytest.fixture
def users() -> InMemoryUsers:
    return InMemoryUsers()


@pytest.fixture
def administer(users: InMemoryUsers) -> Administer:
    made = Administer(users, InMemorySessions(), lambda: ("helvion", "boreal", "unassigned"), SetClock(NOW), "test")
    made.add(ROOT, "ann", "Ann Smith", [APPROVER])
    made.add(ROOT, "bob", "Bob Jones", [APPROVER, AUDITOR])
    made.add(ROOT, "cay", "Cay Wren", [AUDITOR])
    users.entries.clear()
    return made


def test_an_administrator_of_a_sponsor_sees_her_users_and_of_them_what_is_hers(administer: Administer) -> None:
    assert [(user.name, user.grants) for user in administer.users(("helvion",))] == [
        ("ann", (APPROVER,)),
        ("bob", (APPROVER,)),
    ]
    assert len(administer.users(("installation",))) == 3
    assert administer.users(()) == []
    with pytest.raises(LookupError):
        administer.user("cay", ("helvion",))
    assert administer.sponsors(("helvion",)) == ("helvion",)


def test_she_gives_and_takes_roles_for_her_sponsor_only(administer: Administer, users: InMemoryUsers) -> None:
    administer.grant(HERS, "ann", Grant(sponsor="helvion", role=Role.AUDITOR))
    administer.revoke(HERS, "bob", "helvion", Role.APPROVER)
    assert users.held["bob"].user.grants == (AUDITOR,)
    for refused in (
        lambda: administer.grant(HERS, "ann", AUDITOR),
        lambda: administer.grant(HERS, "ann", Grant(sponsor="installation", role=Role.ADMINISTRATOR)),
        lambda: administer.add(HERS, "dan", "Dan", [AUDITOR]),
        lambda: administer.add(HERS, "dan", "Dan", []),
        lambda: administer.revoke(HERS, "ann", "boreal", Role.AUDITOR),
    ):
        with pytest.raises(Denied):
            refused()
    with pytest.raises(LookupError):
        administer.grant(HERS, "cay", APPROVER)
    with pytest.raises(LookupError):
        administer.disable(HERS, "nobody")


def test_what_reaches_beyond_her_sponsor_is_not_hers(administer: Administer) -> None:
    for act in (administer.disable, administer.enable, administer.reset):
        act(HERS, "ann")
        with pytest.raises(Denied, match="installation"):
            act(HERS, "bob")


@pytest.mark.parametrize("actor", ["ann"])
def test_nobody_changes_her_own_access(actor: str, administer: Administer) -> None:
    herself = msgspec.structs.replace(ROOT, actor=actor)
    for act in (
        lambda: administer.grant(herself, actor, AUDITOR),
        lambda: administer.revoke(herself, actor, "helvion", Role.APPROVER),
        lambda: administer.disable(herself, actor),
        lambda: administer.reset(herself, actor),
    ):
        with pytest.raises(Denied, match="her own"):
            act()


def test_part_11_100_a_name_and_an_identity_are_given_once(administer: Administer) -> None:
    administer.disable(ROOT, "ann")
    with pytest.raises(Denied, match="never given again"):
        administer.add(ROOT, "ann", "Another Ann", [APPROVER])
    assert administer.add(ROOT, "eve", "Eve", [APPROVER], subject="sub-1") is None
    with pytest.raises(Denied):
        administer.add(ROOT, "eva", "Eva", [APPROVER], subject="sub-1")
    with pytest.raises(Denied, match="provider"):
        administer.reset(ROOT, "eve")


@pytest.mark.parametrize("name", ["", "ab", "Ann", "ann smith", "ann@x", "-ann", "a" * 65, "ann\n"])
def test_a_name_is_one_that_nobody_mistakes(name: str, administer: Administer) -> None:
    with pytest.raises(Denied):
        administer.add(ROOT, name, "Ann", [APPROVER])


def test_roles_of_the_installation_are_administrators_and_sponsors_are_known(administer: Administer) -> None:
    for grant in (
        Grant(sponsor="installation", role=Role.APPROVER),
        Grant(sponsor="nowhere", role=Role.APPROVER),
        APPROVER,  # held already
    ):
        with pytest.raises(Denied):
            administer.grant(ROOT, "ann", grant)


def test_every_act_is_entered_for_the_sponsors_that_it_is_about(administer: Administer, users: InMemoryUsers) -> None:
    administer.grant(ROOT, "ann", msgspec.structs.replace(APPROVER, unblinded=True))
    administer.revoke(ROOT, "ann", "helvion", Role.APPROVER)
    administer.disable(ROOT, "bob")
    administer.reset(ROOT, "cay")
    told = [(entry.sponsor, entry.actor, entry.action, entry.subject, entry.reason) for entry in users.entries]
    assert told == [
        ("helvion", "root", "user.granted", "user/ann", "hired"),
        ("helvion", "root", "user.revoked", "user/ann", "hired"),
        ("boreal", "root", "user.disabled", "user/bob", "hired"),
        ("helvion", "root", "user.disabled", "user/bob", "hired"),
        ("boreal", "root", "user.reset", "user/cay", "hired"),
    ]
    (change,) = users.entries[0].changes
    assert (change.field, change.old, change.new) == (
        "grants",
        '{"sponsor":"helvion","role":"approver","unblinded":false}',
        '{"sponsor":"helvion","role":"approver","unblinded":true}',
    )
