"""Who gets in, who does not and why, and what is entered of it (21 CFR 11.200, 11.300; OWASP ASVS 5.0)."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

import pyotp
import pytest

from shared.clock import SetClock
from shared.contracts.audit import AuditEntry
from tests.unit.triage.fake_users import InMemorySessions, InMemoryUsers
from triage.administer import CONSOLE, Administer, By
from triage.domain.credentials import ONE_TIME_FOR, Account
from triage.domain.identity import Grant, Role
from triage.domain.passwords import weakness
from triage.domain.session import IDLE, TO_SIGN_IN, WHOLE
from triage.prove import NotLetIn
from triage.sign_in import Missing, Opened, SignIn, Unfit

NOW = datetime(2026, 11, 23, 10, 0, tzinfo=UTC)
WORDS = "lantern goat quarry"
STEP = timedelta(seconds=30)
ROOT = By(actor="root", authentication=CONSOLE, scopes=("installation",), reason="a test")
GRANTS = (Grant(sponsor="helvion", role=Role.APPROVER), Grant(sponsor="boreal", role=Role.AUDITOR))


class House:
    """A user, and the door that she comes to."""

    def __init__(self) -> None:
        self.users, self.sessions, self.clock = InMemoryUsers(), InMemorySessions(), SetClock(NOW)
        self.sign_in = SignIn(self.users, self.sessions, self.clock, "test")
        self.administer = Administer(self.users, self.sessions, lambda: ("helvion", "boreal"), self.clock, "test")
        self.one_time = self.administer.add(ROOT, "ann", "Ann  Smith", GRANTS) or ""
        self.secret = ""

    def code(self, drift: int = 0) -> str:
        """Return what her authenticator shows, so many steps from now."""
        return pyotp.TOTP(self.secret).at(self.clock.now() + drift * STEP)

    def first(self) -> Opened:
        """Sign in for the first time."""
        opened = self.sign_in.choose_password(self.sign_in.by_password("ann", self.one_time), WORDS)
        self.secret = opened.session.enrolling or ""
        opened = self.sign_in.confirm(opened, self.code())
        self.clock.advance(STEP)
        return opened

    def again(self) -> Opened:
        """Sign in as usual."""
        return self.sign_in.by_code(self.sign_in.by_password("Ann ", WORDS), self.code())

    def told(self, sponsor: str = "helvion") -> list[str]:
        """Return what a sponsor reads of it."""
        return [entry.action for entry in self.users.entries if entry.sponsor == sponsor]


@pytest.fixture
def house() -> House:
    return House()


@pytest.fixture
def home(house: House) -> House:
    """Where she has been before."""
    house.first()
    return house


def fails(home: House, times: int = 1, password: str = "") -> None:
    for _ in range(times):
        with pytest.raises(NotLetIn):
            home.sign_in.by_password("ann", password or "wrong")


def test_at_first_a_password_is_chosen_and_an_authenticator_enrolled(house: House) -> None:
    opened = house.first()
    assert opened.missing is None
    assert (opened.account.user.full_name, opened.session.authentication) == ("Ann Smith", "password+totp")
    assert house.told() == house.told("boreal")
    assert house.told() == ["user.added", "user.password_changed", "user.enrolled", "user.signed_in"]
    assert {entry.subject for entry in house.users.entries} == {"user/ann"}
    assert WORDS not in repr((house.users.entries, house.users.held))
    fails(house, password=house.one_time)


def test_nothing_is_skipped(house: House) -> None:
    opened = house.sign_in.by_password("ann", house.one_time)
    assert opened.missing is Missing.PASSWORD
    for skip in (house.sign_in.by_code, house.sign_in.confirm):
        with pytest.raises(NotLetIn):
            skip(opened, "123456")
    chosen = house.sign_in.choose_password(opened, WORDS)
    assert chosen.missing is Missing.AUTHENTICATOR
    with pytest.raises(NotLetIn):
        house.sign_in.choose_password(chosen, "quarry goat lantern")


def test_asvs_6_4_1_a_one_time_password_expires(house: House) -> None:
    house.clock.advance(ONE_TIME_FOR)
    fails(house, password=house.one_time)


def test_asvs_7_2_4_every_sign_in_has_a_token_of_its_own_and_what_led_to_it_ends(home: House) -> None:
    begun = home.sign_in.by_password("ann", WORDS)
    assert begun.missing is Missing.CODE
    opened = home.sign_in.by_code(begun, home.code())
    assert opened.token != begun.token
    assert home.sign_in.of(begun.token) is None
    live = home.sign_in.of(opened.token)
    assert live is not None
    assert (live.account.user.name, live.missing) == ("ann", None)
    assert home.sign_in.of("ses_of_nobody") is None
    assert opened.token not in repr(home.sessions.held)


def test_asvs_6_5_1_a_code_is_good_once(home: House) -> None:
    code = home.code()
    home.sign_in.by_code(home.sign_in.by_password("ann", WORDS), code)
    with pytest.raises(NotLetIn):
        home.sign_in.by_code(home.sign_in.by_password("ann", WORDS), code)


@pytest.mark.parametrize(("drift", "is_good"), [(-2, False), (0, True), (1, True), (2, False)])
def test_a_code_is_good_for_the_step_and_its_neighbours(drift: int, is_good: bool, home: House) -> None:
    begun, code = home.sign_in.by_password("ann", WORDS), home.code(drift)
    if is_good:
        assert home.sign_in.by_code(begun, code).missing is None
    else:
        with pytest.raises(NotLetIn):
            home.sign_in.by_code(begun, code)


def test_a_code_of_an_earlier_step_than_the_last_is_none(home: House) -> None:
    home.sign_in.by_code(home.sign_in.by_password("ann", WORDS), home.code(1))
    with pytest.raises(NotLetIn):
        home.sign_in.by_code(home.sign_in.by_password("ann", WORDS), home.code(0))


def test_asvs_6_3_1_ten_failures_lock_the_account_and_the_right_password_too(home: House) -> None:
    fails(home, 9)
    home.again()
    home.clock.advance(STEP)
    fails(home, 10)
    assert "user.locked" in home.told()
    fails(home, password=WORDS)
    home.clock.advance(timedelta(minutes=1))
    home.again()


def test_the_pause_grows_and_ends(home: House) -> None:
    fails(home, 10)
    pauses = []
    for _ in range(8):
        account = home.users.held["ann"]
        assert account.credentials.locked_until is not None
        pauses.append(int((account.credentials.locked_until - home.clock.now()).total_seconds() // 60))
        home.clock.advance(account.credentials.locked_until - home.clock.now())
        fails(home)
    assert pauses == [1, 2, 4, 8, 16, 32, 60, 60]


def test_wrong_codes_count_though_the_password_is_right(home: House) -> None:
    for _ in range(10):
        begun = home.sign_in.by_password("ann", WORDS)
        with pytest.raises(NotLetIn):
            home.sign_in.by_code(begun, "000000")
    fails(home, password=WORDS)


def test_asvs_6_3_8_whatever_is_wrong_the_answer_is_the_same(home: House) -> None:
    said = set()
    home.administer.add(ROOT, "bob", "Bob", GRANTS)
    home.administer.disable(ROOT, "bob")
    for name in ("ann", "bob", "nobody", ""):
        with pytest.raises(NotLetIn) as refused:
            home.sign_in.by_password(name, "wrong")
        said.add(str(refused.value))
    assert len(said) == 1
    nobodys = [entry for entry in home.users.entries if entry.sponsor == "installation"]
    assert [(entry.actor, entry.action, entry.subject) for entry in nobodys] == [
        ("anonymous", "user.sign_in_refused", "user")
    ] * 2


def test_asvs_7_3_1_7_3_2_a_session_ends_when_idle_and_in_any_case(home: House) -> None:
    idle, used = home.again(), None
    home.clock.advance(IDLE - timedelta(minutes=1))
    used = home.again()
    home.clock.advance(timedelta(minutes=1))
    assert home.sign_in.of(idle.token) is None
    for _ in range(int(WHOLE / timedelta(minutes=20)) - 1):
        home.clock.advance(timedelta(minutes=20))
        assert home.sign_in.of(used.token) is not None
    home.clock.advance(timedelta(minutes=20))
    assert home.sign_in.of(used.token) is None


def test_what_was_begun_ends_soon(home: House) -> None:
    begun = home.sign_in.by_password("ann", WORDS)
    home.clock.advance(TO_SIGN_IN)
    assert home.sign_in.of(begun.token) is None


def test_asvs_7_4_1_who_signs_out_is_out(home: House) -> None:
    opened, other = home.again(), home.sign_in.by_password("ann", WORDS)
    home.sign_in.sign_out(opened)
    assert home.sign_in.of(opened.token) is None
    assert home.sign_in.of(other.token) is not None
    assert home.told()[-1] == "user.signed_out"


def test_asvs_7_4_2_who_is_disabled_is_out_at_once(home: House) -> None:
    opened = home.again()
    home.administer.disable(ROOT, "ann")
    assert home.sign_in.of(opened.token) is None
    fails(home, password=WORDS)
    home.administer.enable(ROOT, "ann")
    assert home.sign_in.of(opened.token) is None
    home.clock.advance(STEP)
    home.again()


def test_asvs_8_3_2_a_role_counts_from_the_next_request(home: House) -> None:
    opened = home.again()
    home.administer.revoke(ROOT, "ann", "helvion", Role.APPROVER)
    live = home.sign_in.of(opened.token)
    assert live is not None
    assert [grant.sponsor for grant in live.account.user.grants] == ["boreal"]


def test_asvs_6_2_3_7_4_3_who_changes_her_password_knows_it_and_ends_her_other_sessions(home: House) -> None:
    opened = home.again()
    home.clock.advance(STEP)
    other = home.again()
    with pytest.raises(NotLetIn):
        home.sign_in.change_password(opened, "wrong", "quarry goat lantern")
    with pytest.raises(Unfit):
        home.sign_in.change_password(opened, WORDS, WORDS)
    home.sign_in.change_password(opened, WORDS, "quarry goat lantern")
    assert home.sign_in.of(opened.token) is not None
    assert home.sign_in.of(other.token) is None
    fails(home, password=WORDS)
    home.sign_in.by_password("ann", "quarry goat lantern")


def test_part_11_200_the_first_signature_takes_two_components_later_ones_the_password(home: House) -> None:
    opened = home.again()
    home.clock.advance(STEP)
    with pytest.raises(NotLetIn):
        home.sign_in.sign(opened, WORDS)
    signing = home.sign_in.sign(live(home, opened), WORDS, home.code())
    assert (signing.signer, signing.full_name, signing.components) == ("ann", "Ann Smith", ("password", "totp"))
    assert signing.at == home.clock.now()
    assert home.sign_in.sign(live(home, opened), WORDS).components == ("password",)
    home.sign_in.sign_out(opened)
    home.clock.advance(STEP)
    with pytest.raises(NotLetIn):
        home.sign_in.sign(home.again(), WORDS)


def live(home: House, opened: Opened) -> Opened:
    """Return the session as the next request reads it."""
    found = home.sign_in.of(opened.token)
    assert found is not None
    return found


def test_part_11_300_failed_signings_are_entered_counted_and_end_the_session(home: House) -> None:
    opened = home.again()
    for number in range(10):
        with pytest.raises(NotLetIn):
            home.sign_in.sign(live(home, opened), "wrong", "000000")
        assert ("user.signing_suspect" in home.told()) == (number >= 2)
    assert home.told().count("user.sign_refused") == 10
    assert home.sign_in.of(opened.token) is None


def test_nobody_signs_who_is_not_in(home: House) -> None:
    with pytest.raises(NotLetIn):
        home.sign_in.sign(home.sign_in.by_password("ann", WORDS), WORDS, home.code())


def test_a_code_that_two_use_at_once_lets_one_in(home: House) -> None:
    first, second, code = (
        home.sign_in.by_password("ann", WORDS),
        home.sign_in.by_password("ann", WORDS),
        home.code(),
    )

    class Overtaken(InMemoryUsers):
        """Lets somebody else write before the first write."""

        overtaken = False

        def update(self, account: Account, expected: int, entries: Sequence[AuditEntry]) -> None:
            if not self.overtaken:
                self.overtaken = True
                home.sign_in.by_code(second, code)
            home.users.update(account, expected, entries)

        def find(self, name: str) -> Account | None:
            return home.users.find(name)

    with pytest.raises(NotLetIn):
        SignIn(Overtaken(), home.sessions, home.clock, "test").by_code(first, code)


@pytest.mark.parametrize(
    ("password", "is_fit"),
    [
        ("correct horse battery", True),
        ("пароль из трёх слов", True),
        ("eleven char", False),
        ("x" * 201, False),
        ("aaaaaaaaaaaa", False),
        ("Password2026!", False),
        ("P@ssw0rd2026!!", False),
        ("qwertyuiop12", False),
        ("123456789012", False),
        ("DayZero-2026!", False),
        ("ann.smith.2026", False),
    ],
)
def test_asvs_6_2_1_6_2_4_6_2_5_6_2_11_a_password_is_long_and_not_what_everybody_tries(
    password: str, is_fit: bool
) -> None:
    assert (weakness(password, "ann.smith") is None) == is_fit


def test_asvs_11_4_2_what_is_kept_is_argon2id(home: House) -> None:
    kept = home.users.held["ann"].credentials.password or ""
    assert kept.startswith("$argon2id$v=19$m=19456,t=2,p=1$")
