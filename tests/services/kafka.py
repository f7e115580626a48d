"""Kafka 4 on one node, from the jars that Maven Central serves."""

import socket
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path

from typing_extensions import override

from tests.services.program import Server, Unavailable, cache, free_ports, java, maven

VERSION = "4.3.1"
JAVA = 17
CLUSTER = "bWFya3dhdGNoLXRlc3RzLQ"
POM = f"""<project xmlns="http://maven.apache.org/POM/4.0.0"><modelVersion>4.0.0</modelVersion>
<groupId>markwatch</groupId><artifactId>kafka</artifactId><version>1</version>
<dependencies><dependency><groupId>org.apache.kafka</groupId><artifactId>kafka_2.13</artifactId>
<version>{VERSION}</version></dependency></dependencies></project>
"""


def jars() -> Path:
    """The folder of Kafka's jars, fetched once."""
    place = cache(f"kafka-{VERSION}")
    done = place / "fetched"
    if not done.exists():
        (place / "pom.xml").write_text(POM, "utf-8")
        maven("dependency:copy-dependencies", "-DoutputDirectory=lib", folder=place)
        done.touch()
    return place / "lib"


class Kafka(Server):
    """A subclass may have other listeners, and users that are made beforehand."""

    users: Sequence[str] = ()

    @override
    def prepare(self) -> None:
        self._java = str(java(JAVA) / "bin" / "java")
        self._jars = f"{jars()}/*"
        self.port, controller = free_ports(2)
        settings = _settings(controller, self.folder / "log") | self.listeners(
            self.port, controller
        )
        lines = (f"{name}={value}\n" for name, value in settings.items())
        (self.folder / "server.properties").write_text("".join(lines), "utf-8")
        self._tool("format", "-t", CLUSTER, "-c", "server.properties", "--standalone", *self.users)

    def listeners(self, port: int, controller: int) -> Mapping[str, str]:
        return {
            "listeners": f"PLAINTEXT://127.0.0.1:{port},CONTROLLER://127.0.0.1:{controller}",
            "advertised.listeners": f"PLAINTEXT://127.0.0.1:{port}",
            "listener.security.protocol.map": "CONTROLLER:PLAINTEXT,PLAINTEXT:PLAINTEXT",
        }

    def _tool(self, *arguments: str) -> None:
        command = [self._java, "-cp", self._jars, "kafka.tools.StorageTool", *arguments]
        done = subprocess.run(command, cwd=self.folder, capture_output=True, text=True, check=False)
        if done.returncode:
            raise Unavailable(f"Kafka's storage could not be made: {done.stderr[-400:]}")

    @override
    def command(self) -> tuple[Sequence[str], Mapping[str, str]]:
        options = ["-Xmx384m", "-XX:+ExitOnOutOfMemoryError", "-cp", self._jars]
        return [self._java, *options, "kafka.Kafka", "server.properties"], {}

    @override
    def answers(self) -> bool:
        try:
            with socket.create_connection(("127.0.0.1", self.port), 1):
                return True
        except OSError:
            return False

    @property
    @override
    def address(self) -> str:
        return f"127.0.0.1:{self.port}"


def _settings(controller: int, logs: Path) -> Mapping[str, str]:
    return {
        "process.roles": "broker,controller",
        "node.id": "1",
        "controller.quorum.bootstrap.servers": f"127.0.0.1:{controller}",
        "controller.listener.names": "CONTROLLER",
        "log.dirs": str(logs),
        "auto.create.topics.enable": "false",
        "offsets.topic.replication.factor": "1",
        "offsets.topic.num.partitions": "8",
        "transaction.state.log.replication.factor": "1",
        "transaction.state.log.min.isr": "1",
        "group.initial.rebalance.delay.ms": "0",
    }
