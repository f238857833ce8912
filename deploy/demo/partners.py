"""The partner of the demonstration: its key is issued by the administrator's command, good once intake knows it."""

import time
from collections.abc import Mapping, Sequence

import triage.cli
from deploy.cli import wire
from deploy.cli.failure import CommandError
from deploy.cli.partner import REFUSED, Partner
from deploy.cli.run_settings import in_environment
from deploy.demo.staff import HIRER

ORGANISATION = "stand-in partner"
_WITHIN = 60.0
_POLL = 0.05
_NOT_YET = (REFUSED, 429)  # asked often while it is unknown, a key is put off like a guess


def given(settings: Mapping[str, str], intake_url: str, sponsors: Sequence[str] = ()) -> Partner:
    """Issue a key for these sponsors (all of the registry), and wait until it is let in. Raises CommandError."""
    with in_environment(settings):
        chosen = sponsors or [name for name in triage.cli.sponsors() if name not in _RESERVED]
        _, key = triage.cli.issue_key(HIRER, "a demonstration or test", ORGANISATION, chosen)
    partner, deadline = Partner(intake_url, key), time.monotonic() + _WITHIN
    while wire.call("GET", f"{intake_url}/v1/reports/none", headers=partner.headers).status in _NOT_YET:
        if time.monotonic() > deadline:
            raise CommandError("intake has not heard of the key in time")
        time.sleep(_POLL)
    return partner


_RESERVED = {"unassigned", "installation"}
