"""A schema set is installed whole or not at all, from packages that may be anything; what was there before stays."""

import io
import json
import stat
import zipfile
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from deploy.cli import schema_source
from deploy.cli.doctor import State, examine
from deploy.cli.main import app
from deploy.local.schema_folder import schema_folder
from tests.golden.icsr import models

GOLDEN = Path(models.__file__).parent
XS = 'xmlns:xs="http://www.w3.org/2001/XMLSchema" targetNamespace="urn:hl7-org:v3"'
ANYTHING = """<xs:complexType><xs:sequence>
<xs:any processContents="skip" minOccurs="0" maxOccurs="unbounded"/></xs:sequence>
<xs:anyAttribute processContents="skip"/></xs:complexType>"""


def root(name: str, more: str = '<xs:include schemaLocation="../coreschemas/shared.xsd"/>') -> bytes:
    return f'<xs:schema {XS}>{more}<xs:element name="{name}">{ANYTHING}</xs:element></xs:schema>'.encode()


TINY: Mapping[str, bytes] = {
    "multicacheschemas/MCCI_IN200100UV01.xsd": root("MCCI_IN200100UV01"),
    "multicacheschemas/MCCI_IN200101UV01.xsd": root("MCCI_IN200101UV01"),
    "coreschemas/shared.xsd": f'<xs:schema {XS}><xs:element name="shared"/></xs:schema>'.encode(),
    "multicacheschemas/not-needed.xsd": b"<never read",
    "readme.txt": b"of the package",
}
BATCH = "multicacheschemas/MCCI_IN200100UV01.xsd"
ACK = "multicacheschemas/MCCI_IN200101UV01.xsd"


@pytest.fixture(autouse=True)
def run_folder(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    monkeypatch.delenv("DAYZERO_E2B_SCHEMAS", raising=False)
    monkeypatch.setenv("DAYZERO_RUN", str(tmp_path / "run"))
    return tmp_path / "run"


def folder(at: Path, files: Mapping[str, bytes] = TINY) -> Path:
    for name, content in files.items():
        (at / name).parent.mkdir(parents=True, exist_ok=True)
        (at / name).write_bytes(content)
    return at


def package(at: Path, files: Mapping[str, bytes] = TINY, prefix: str = "ICH_ICSR_Schema/") -> Path:
    with zipfile.ZipFile(at, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(prefix + name, content)
    return at


def dayzero(*arguments: str) -> Result:
    return CliRunner().invoke(app, ["schemas", *arguments])


def installed(source: Path) -> dict[str, Any]:
    result = dayzero("install", str(source), "--json")
    assert result.exit_code == 0, result.output
    done: dict[str, Any] = json.loads(result.stdout)
    return done


@pytest.mark.parametrize("make", [folder, package], ids=["folder", "zip"])
def test_a_set_is_installed_and_found_by_every_command(
    make: Callable[[Path], Path], tmp_path: Path, run_folder: Path
) -> None:
    assert schema_folder() is None
    done = installed(make(tmp_path / "package"))
    assert (done["files"], done["was_there"]) == (3, False)
    found = schema_folder()
    assert found == run_folder / "schemas"
    names = {path.relative_to(found).as_posix() for path in found.rglob("*") if path.is_file()}
    assert names == {BATCH, ACK, "coreschemas/shared.xsd", "manifest.json"}
    assert (found / BATCH).read_bytes() == TINY[BATCH]
    assert next(one.state for one in examine() if one.name == "schemas") is State.GOOD
    result = CliRunner().invoke(app, ["e2b", "validate", str(GOLDEN / "acknowledgement.xml"), "--json"])
    assert json.loads(result.stdout)[0]["schema_checked"] is True
    assert dayzero("check").exit_code == 0


def test_a_set_at_any_depth_and_at_the_top_is_found(tmp_path: Path) -> None:
    first = installed(package(tmp_path / "a.zip", prefix=""))
    second = installed(package(tmp_path / "b.zip", prefix="a/b/c/"))
    assert (first["digest"], first["was_there"]) == (second["digest"], False)
    assert second["was_there"] is True
    assert "as they were" in dayzero("install", str(tmp_path / "a.zip")).stdout


def test_a_new_set_replaces_the_old_one(tmp_path: Path) -> None:
    old = installed(folder(tmp_path / "old"))
    newer = {**TINY, "coreschemas/shared.xsd": TINY["coreschemas/shared.xsd"].replace(b'"shared"', b'"other"')}
    new = installed(folder(tmp_path / "new", newer))
    assert new["digest"] != old["digest"]
    assert dayzero("check").exit_code == 0
    assert installed(folder(tmp_path / "old"))["digest"] == old["digest"]


def without(name: str) -> dict[str, bytes]:
    return {path: content for path, content in TINY.items() if path != name}


UNUSABLE: list[tuple[str, Mapping[str, bytes], str]] = [
    ("no acknowledgement", without(ACK), f"missing: {ACK} (for the set)"),
    ("no batch", without(BATCH), f"holds no {BATCH}"),
    ("import missing", without("coreschemas/shared.xsd"), f"missing: coreschemas/shared.xsd (for {BATCH}"),
    (
        "import leaves the set",
        {**TINY, ACK: root("x", '<xs:include schemaLocation="../../../etc/passwd"/>')},
        f"missing: ../../etc/passwd (for {ACK})",
    ),
    (
        "absolute import",
        {**TINY, ACK: root("x", '<xs:include schemaLocation="/etc/passwd"/>')},
        "missing: /etc/passwd",
    ),
    (
        "import over the network",
        {**TINY, ACK: root("x", '<xs:import namespace="x" schemaLocation="http://elsewhere.example/x.xsd"/>')},
        "elsewhere.example/x.xsd",
    ),
    ("no XML", {**TINY, ACK: b"<xs:schema"}, f"{ACK}: The file is not well-formed"),
    ("entities", {**TINY, ACK: b'<!DOCTYPE a [<!ENTITY b "c">]><a/>'}, "DOCTYPE"),
    ("no schema", {**TINY, ACK: b"<a/>"}, "does not compile"),
    ("unknown type", {**TINY, ACK: root("x", '<xs:element name="y" type="xs:nothing"/>')}, "does not compile"),
    ("other message", {**TINY, ACK: root("PORR_IN049016UV")}, "declares no element MCCI_IN200101UV01"),
    ("two sets", {**TINY, f"second/{BATCH}": TINY[BATCH]}, "2 schema sets"),
]


@pytest.mark.parametrize("make", [folder, package], ids=["folder", "zip"])
@pytest.mark.parametrize(("files", "words"), [row[1:] for row in UNUSABLE], ids=[row[0] for row in UNUSABLE])
def test_what_is_no_whole_set_is_named_and_the_old_one_stays(
    make: Callable[[Path, Mapping[str, bytes]], Path],
    files: Mapping[str, bytes],
    words: str,
    tmp_path: Path,
    run_folder: Path,
) -> None:
    installed(folder(tmp_path / "good"))
    refused(make(tmp_path / "package", files), words)
    assert dayzero("check").exit_code == 0
    assert not [path for path in (run_folder / "schema-sets").iterdir() if path.name.startswith(".")]


def refused(source: Path, words: str) -> None:
    result = dayzero("install", str(source))
    assert result.exit_code == 2
    assert words in result.stderr
    assert len(result.stderr.splitlines()) == 1


def entry(name: str, mode: int = 0o644) -> zipfile.ZipInfo:
    made = zipfile.ZipInfo(name)
    made.external_attr = mode << 16
    return made


@pytest.mark.parametrize(
    ("made", "words"),
    [
        (entry("../../outside.xsd"), "would lie outside"),
        (entry("a/../../outside.xsd"), "would lie outside"),
        (entry("/outside.xsd"), "would lie outside"),
        (entry("C:\\outside.xsd"), "would lie outside"),
        (entry("coreschemas/link.xsd", stat.S_IFLNK | 0o777), "is a link"),
    ],
)
def test_a_hostile_name_or_link_refuses_the_zip(made: zipfile.ZipInfo, words: str, tmp_path: Path) -> None:
    source = package(tmp_path / "package.zip")
    with zipfile.ZipFile(source, "a") as archive:
        archive.writestr(made, b"x")
    refused(source, words)
    assert not list(tmp_path.rglob("outside.xsd"))


def test_a_bomb_is_not_unpacked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    bomb = b"<xs:schema>" + b" " * (schema_source.LARGEST_FILE + 1)
    source = package(tmp_path / "bomb.zip", {**TINY, ACK: bomb})
    assert source.stat().st_size < 100_000
    refused(source, "larger than any schema")
    monkeypatch.setattr(schema_source, "MOST_ENTRIES", 4)
    refused(package(tmp_path / "many.zip"), "5 entries")


def test_a_size_that_lies_and_a_name_that_comes_twice(tmp_path: Path) -> None:
    source = package(tmp_path / "twice.zip")
    with zipfile.ZipFile(source, "a") as archive, pytest.warns(UserWarning, match="Duplicate name"):
        archive.writestr(f"ICH_ICSR_Schema/{ACK}", b"<other/>")
    refused(source, "stands in it twice")


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04 no zip", b"<xml/>"])
def test_what_is_no_zip(content: bytes, tmp_path: Path) -> None:
    (tmp_path / "package").write_bytes(content)
    refused(tmp_path / "package", "no readable zip")
    refused(tmp_path / "nowhere", "no such folder or zip")


def test_a_damaged_zip(tmp_path: Path) -> None:
    whole = package(tmp_path / "whole.zip").read_bytes()
    buffer = io.BytesIO(whole)
    with zipfile.ZipFile(buffer) as archive:
        start = archive.getinfo(f"ICH_ICSR_Schema/{ACK}").header_offset + 80
    (tmp_path / "damaged.zip").write_bytes(whole[:start] + b"\xff" * 20 + whole[start + 20 :])
    refused(tmp_path / "damaged.zip", "no readable zip")


def test_a_link_that_leaves_the_folder_is_not_followed(tmp_path: Path) -> None:
    source = folder(tmp_path / "package")
    (tmp_path / "secret.xsd").write_bytes(TINY[ACK])
    (source / ACK).unlink()
    (source / ACK).symlink_to(tmp_path / "secret.xsd")
    refused(source, "is a link that leaves")


def test_what_was_changed_since_is_named_and_installing_again_mends_it(tmp_path: Path, run_folder: Path) -> None:
    source = folder(tmp_path / "package")
    installed(source)
    at = run_folder / "schemas"
    (at / ACK).write_bytes(b"<a/>")
    (at / BATCH).unlink()
    (at / "added.xsd").write_bytes(b"<a/>")
    result = dayzero("check", "--json")
    faults = json.loads(result.stdout)["faults"]
    assert result.exit_code == 1
    assert faults[:3] == [f"{BATCH}: missing", f"{ACK}: not as installed", "added.xsd: not of the set"]
    assert "does not compile" in faults[3]
    assert installed(source)["was_there"] is False
    assert dayzero("check").exit_code == 0


@pytest.mark.parametrize("manifest", [b"{", b"[]", b'{"files": 1}', None])
def test_a_manifest_that_is_none(manifest: bytes | None, tmp_path: Path, run_folder: Path) -> None:
    source = folder(tmp_path / "package")
    installed(source)
    file = run_folder / "schemas" / "manifest.json"
    file.write_bytes(manifest) if manifest is not None else file.unlink()
    result = dayzero("check")
    assert result.exit_code == 2
    assert "install" in result.stderr
    assert installed(source)["was_there"] is False


def test_a_folder_of_ones_own_is_not_overwritten(tmp_path: Path, run_folder: Path) -> None:
    (run_folder / "schemas").mkdir(parents=True)
    refused(folder(tmp_path / "package"), "move it away")
    assert dayzero("check").exit_code == 2


def test_the_setting_wins_over_what_is_installed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DAYZERO_E2B_SCHEMAS", str(tmp_path / "own"))
    result = dayzero("install", str(folder(tmp_path / "package")))
    assert result.exit_code == 0
    assert "unset it" in result.stderr
    assert schema_folder() == tmp_path / "own"
