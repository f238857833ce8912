"""JSON that is no case is refused by the place where it goes wrong."""

from __future__ import annotations

import pytest

from shared.icsr import api
from shared.icsr.json_form import FORM, NoCase

ABROAD = {"code": "1", "system": "1.2.3"}


def _report(**groups: object) -> dict[str, object]:
    return {"form": FORM, "messages": [{"report": groups}]}


@pytest.mark.parametrize(
    ("case", "words"),
    [
        ({"form": FORM, "batch_number": ABROAD}, r"batch_number \(N.1.2\) takes no code of another list"),
        (_report(drugs=[{"role": ABROAD}]), r"messages\[0\].report.drugs\[0\].role \(G.k.1\) takes no code"),
        (
            _report(drugs=[{"dosages": [{"route": {"code": "", "system": ""}}]}]),
            r"route \(G.k.4.r.10.2b\) takes no code",
        ),
        ({"form": FORM, "unknown": [{}]}, "unknown: each entry has place"),
        ({"form": FORM, "unknown": ["x"]}, "unknown: each entry has place"),
        ({"form": FORM, "unknown": [{"place": 1, "content": "", "reason": ""}]}, "unknown.place must be a string"),
        ({"form": FORM, "unknown": [{"place": "", "content": "", "reason": "", "line": "1"}]}, "unknown: each entry"),
        ({"form": FORM, "unknown": [{"place": "", "content": "", "reason": "", "line": True}]}, "unknown: each entry"),
    ],
)
def test_what_is_no_case_is_refused(case: dict[str, object], words: str) -> None:
    with pytest.raises(NoCase, match=words):
        api.from_json(case)
