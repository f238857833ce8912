"""What the pages load is ours: no other origin, no inline script or style, no typeface and no crown of a government."""

import re
from pathlib import Path

import pytest

FORM = Path(__file__).parents[3] / "intake" / "form"
TEMPLATES = sorted((FORM / "templates").rglob("*.html"))
STATIC = sorted((FORM / "static").iterdir())


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda path: path.name)
def test_a_template_has_nothing_inline_and_nothing_from_elsewhere(template: Path) -> None:
    text = template.read_text(encoding="utf-8")
    assert not re.search(r"https?:|<style|\sstyle=|\son[a-z]+=|\| ?safe|<script(?! src=)", text)


@pytest.mark.parametrize("file", STATIC, ids=lambda path: path.name)
def test_a_built_file_asks_no_one_for_anything(file: Path) -> None:
    text = file.read_text(encoding="utf-8-sig")
    assert not re.search(
        r"url\((?!data:)|@import|GDS Transport|sourceMappingURL|localStorage|sessionStorage|fetch\(", text
    )
    assert "Crown Copyright" in text or file.suffix == ".svg"


def test_the_lock_file_names_no_registry() -> None:
    assert "http" not in re.sub(r'"url": "[^"]*"', "", (FORM.parents[1] / "package-lock.json").read_text())
