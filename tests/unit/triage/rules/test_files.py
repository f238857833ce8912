"""What is wrong in a file of the rulebook is told by file, line and cure; nothing of a wrong rulebook is used."""

import shutil
from pathlib import Path

import pytest

from triage.reference.rules import RULEBOOKS, RuleFileError, load_rulebook, load_rulebooks

# what is changed in eu.yaml, to what, and what is said of it
WRONG = {
    "no YAML": ("    rules:\n", "    rules: [\n", "no YAML"),
    "unknown field": ("        days: 15\n", "        day: 15\n", "Object contains unknown field `day`"),
    "no number": ("        days: 15\n", "        days: soon\n", "Expected `int | null`, got `str`"),
    "out of range": ("        days: 15\n", "        days: 0\n", "Expected `int` >= 1"),
    "no paragraph": ("        confidence: V\n", "", "Object missing required field `confidence`"),
    "unknown fact": ("          validity: [valid]\n", "          validty: [valid]\n", "no rule can ask for 'validty'"),
    "unknown answer": (
        "          causality: [suspected]\n",
        "          causality: [maybe]\n",
        "causality is never 'maybe'",
    ),
    "expedited without days": ("        days: 15\n", "", "what is expedited has days; add `days`"),
    "none with days": ("        outcome: none\n", "        outcome: none\n        days: 3\n", "has no clock"),
    "business days of nobody": (
        "        days: 15\n",
        "        days: 15\n        day_type: business\n",
        "add `holidays",
    ),
    "ends before it begins": (
        "        outcome: expedited\n",
        "        outcome: expedited\n        in_force_from: 2026-05-02\n        in_force_until: 2026-05-01\n",
        "it ends before it begins",
    ),
    "signed in the file": (
        "        days: 15\n",
        "        days: 15\n        sign_off: me\n",
        "signed off by `dayzero rules sign`",
    ),
    "repeated id": ("EU-107-NON-SERIOUS-90D", "EU-107-SERIOUS-15D", "an id is one rule's"),
}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return Path(shutil.copytree(RULEBOOKS / "2026.2", tmp_path / "2026.2"))


@pytest.mark.parametrize("what", WRONG)
def test_a_wrong_file_is_refused_by_file_and_line(folder: Path, what: str) -> None:
    old, new, said = WRONG[what]
    file = folder / "eu.yaml"
    text = file.read_text(encoding="utf-8")
    assert old in text
    file.write_text(text.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(RuleFileError) as caught:
        load_rulebook(folder)
    words = str(caught.value)
    assert said in words
    if "id is one" not in said:
        named, line = words.split(": ")[0].rsplit(":", 1)
        assert named == str(file)
        changed = text[: text.index(old)].count("\n") + 1
        assert abs(int(line) - changed) <= 16  # within the rule that was changed


def test_a_file_that_is_not_listed_is_refused(folder: Path) -> None:
    shutil.copy(folder / "uk.yaml", folder / "mars.yaml")
    with pytest.raises(RuleFileError, match=r"rulebook.yaml:\d+: authorities: mars.yaml lies beside it"):
        load_rulebook(folder)


def test_a_listed_file_that_is_missing_is_refused(folder: Path) -> None:
    (folder / "uk.yaml").unlink()
    with pytest.raises(RuleFileError, match=r"uk.yaml: cannot be read \(No such file or directory\); put it there"):
        load_rulebook(folder)


def test_a_version_is_one_folder(folder: Path) -> None:
    shutil.copytree(folder, folder.parent / "again")
    with pytest.raises(RuleFileError, match=r"version '2026.2' is given 2 times"):
        load_rulebooks(folder.parent)


def test_an_empty_folder_is_no_rulebook(tmp_path: Path) -> None:
    with pytest.raises(RuleFileError, match="no version of the rulebook"):
        load_rulebooks(tmp_path)
