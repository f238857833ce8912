"""Intake on a real MongoDB and broker, in a database and topics of its own."""

import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from intake import config
from intake.app import create_app
from intake.config import Settings
from intake.store.connection import IntakeDatabase
from shared.settings import load
from tests.integration.keys import put_key
from tests.unit.intake.conftest import Partner

Door = Callable[[str], AbstractContextManager[Path]]
Post = Callable[..., TestResponse]


@pytest.fixture
def settings(suite_env: dict[str, str], monkeypatch: pytest.MonkeyPatch) -> Settings:
    for name, value in suite_env.items():
        monkeypatch.setenv(name, value)
    chosen = load(config.read)
    put_key(chosen.mongo_uri)
    return chosen


@pytest.fixture
def database(settings: Settings) -> Iterator[IntakeDatabase]:
    connected = IntakeDatabase(settings.mongo_uri)
    yield connected
    connected.close()


@contextmanager
def serving(settings: Settings) -> Iterator[FlaskClient]:
    """Yield a client of a freshly made application."""
    app = create_app(settings)
    app.test_client_class = Partner
    yield app.test_client()
    app.extensions["intake"].close()


@pytest.fixture
def client(settings: Settings) -> Iterator[FlaskClient]:
    with serving(settings) as made:
        yield made


@pytest.fixture
def post(client: FlaskClient) -> Post:
    def send(body: object, **headers: str) -> TestResponse:
        content = body if isinstance(body, bytes) else json.dumps(body).encode()
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        return client.post("/v1/reports", data=content, headers={"Content-Type": "application/json", **named})

    return send


@pytest.fixture
def door(suite_env: dict[str, str], tmp_path: Path) -> Door:
    """Run a door as a process of its own; yields its log."""

    @contextmanager
    def run(module: str) -> Iterator[Path]:
        log = tmp_path / f"{module}.log"
        with log.open("wb") as out:
            environment = {**os.environ, **suite_env}
            process = subprocess.Popen([sys.executable, "-m", module], env=environment, stderr=out, stdout=out)
            try:
                yield log
            finally:
                process.terminate()
                assert process.wait(timeout=20) in {0, -15}, log.read_text()

    return run


def report(**more: Any) -> dict[str, Any]:
    """Return the body of a report."""
    reactions = [{"verbatim": "πονοκέφαλος", "serious": True, "criteria": ["hospitalisation"]}]
    return {"sponsor": "exemplar", "reactions": reactions, "narrative": "頭痛 صداع", **more}
