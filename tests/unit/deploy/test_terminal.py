"""A reporter's words are shown, and do nothing else: not to the terminal, and not to the line (DOMAIN 9)."""

import io
import json
import sys

import pytest

from deploy.cli.terminal import say, write_json

STEERING = "a\x1b[2Jb\x9bc\u202ed\u2066e\x07f\r"


class Terminal(io.StringIO):
    """A screen that somebody looks at."""

    def isatty(self) -> bool:
        """Say so."""
        return True


def test_what_would_steer_a_terminal_is_shown_as_replaced(monkeypatch: pytest.MonkeyPatch) -> None:
    screen = Terminal()
    monkeypatch.setattr(sys, "stdout", screen)
    say(f"{STEERING}\tфй\nend")
    assert screen.getvalue() == "a\ufffd[2Jb\ufffdc\ufffdd\ufffde\ufffdf\ufffd\tфй\nend\n"


def test_a_pipe_gets_the_words_as_they_are(capsys: pytest.CaptureFixture[str]) -> None:
    say("b\x9bc\u202ed")
    assert capsys.readouterr().out == "b\x9bc\u202ed\n"


def test_half_a_surrogate_pair_is_written_as_an_escape(capsys: pytest.CaptureFixture[str]) -> None:
    say("half \ud800", err=True)
    write_json({"half": "\ud800", "whole": "\U0001f600"})
    written = capsys.readouterr()
    assert written.err == "half \\ud800\n"
    assert json.loads(written.out) == {"half": "\ud800", "whole": "\U0001f600"}
