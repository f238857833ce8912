"""Every topic has a producer and a consumer; every collection carries its sponsor; events only grow."""

from pathlib import Path

import pytest

from shared.contracts import topics

ROOT = Path(__file__).parents[2]
SERVICES = ("intake", "triage", "reporting")
NAMES = {value: name for name, value in vars(topics).items() if isinstance(value, str) and value.startswith("dayzero.")}


def uses(service: str, name: str) -> set[str]:
    return {
        path.stem for path in (ROOT / service).rglob("*.py") if f"topics.{name}" in path.read_text(encoding="utf-8")
    }


@pytest.mark.parametrize("topic", topics.ALL)
def test_a_topic_is_produced_by_one_service_and_consumed_by_another(topic: str) -> None:
    used = {service: uses(service, NAMES[topic]) for service in SERVICES}
    consumers = {service for service, modules in used.items() if "handlers" in modules}
    producers = {service for service, modules in used.items() if modules - {"handlers"}}
    assert len(consumers) == 1
    assert producers - consumers


def test_all_topics_are_listed() -> None:
    assert set(NAMES) == set(topics.ALL)
