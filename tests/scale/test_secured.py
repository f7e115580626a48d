"""Servers behind TLS that ask who comes: real ones, with certificates of our own."""

import base64
import gc
import hashlib
import json
import ssl
import urllib.request
from contextlib import closing

import pytest

from pipeline.bus import open_bus
from pipeline.errors import BusError, IndexUnavailable
from pipeline.index import Query, open_index
from tests import needing, services
from tests.contracts.bus import bodies, wait_for
from tests.contracts.index import document
from tests.services import certificates

SECRET = "ge:h@im/1"
QUOTED = "ge%3Ah%40im%2F1"


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    folder = tmp_path_factory.mktemp("tls")
    certificates.write(folder)
    (folder / "wrong").mkdir()
    certificates.write(folder / "wrong")
    return folder


class SecuredKafka(services.Kafka):
    """Clients come by SASL_SSL; the node speaks to itself in the clear."""

    users = ("--add-scram", f"SCRAM-SHA-512=[name=alice,password={SECRET}]")

    def listeners(self, port, controller):
        (inner,) = services.program.free_ports(1)
        addresses = f"SASL_SSL://127.0.0.1:{port},PLAINTEXT://127.0.0.1:{inner}"
        return {
            "listeners": f"{addresses},CONTROLLER://127.0.0.1:{controller}",
            "advertised.listeners": addresses,
            "inter.broker.listener.name": "PLAINTEXT",
            "listener.security.protocol.map": "CONTROLLER:PLAINTEXT,PLAINTEXT:PLAINTEXT,"
            "SASL_SSL:SASL_SSL",
            "sasl.enabled.mechanisms": "SCRAM-SHA-512",
            "listener.name.sasl_ssl.scram-sha-512.sasl.jaas.config": "org.apache.kafka.common."
            "security.scram.ScramLoginModule required;",
            "ssl.keystore.type": "PEM",
            "ssl.keystore.location": str(self.folder / "server.pem"),
        }


class SecuredElasticsearch(services.Elasticsearch):
    """HTTPS, and a user of its file realm."""

    security = True

    def furnish(self):
        hashed = hashlib.pbkdf2_hmac("sha512", SECRET.encode(), b"0123456789abcdef", 10_000, 32)
        salt, found = (base64.b64encode(each).decode() for each in (b"0123456789abcdef", hashed))
        (self.folder / "config" / "users").write_text(f"alice:{{PBKDF2}}10000${salt}${found}\n")
        (self.folder / "config" / "users_roles").write_text("superuser:alice\n")


@pytest.mark.slow
@pytest.mark.timeout(240)
@pytest.mark.filterwarnings("ignore:unclosed <ssl.SSLSocket:ResourceWarning")
def test_kafka_behind_tls_and_a_password(folder, kafka):
    with needing.servers(), SecuredKafka(certificates=folder) as server:
        ca = f"?ca={folder / 'ca.pem'}"
        with closing(open_bus(f"kafka://alice:{QUOTED}@{server.address}/s{ca}")) as bus:
            bus.publish("t", "k", b"secret")
            assert bodies(wait_for(bus.reader("t", "g"), 1)) == [b"secret"]
        (folder / "password").write_text(SECRET + "\n")
        file = f"&password_file={folder / 'password'}"
        with closing(open_bus(f"kafka://alice@{server.address}/s{ca}{file}")) as bus:
            assert len(wait_for(bus.follow("t"), 1)) == 1
        for wrong in (
            f"kafka://alice:no@{server.address}/s{ca}",
            f"kafka://{server.address}/s",
        ):
            with closing(open_bus(wrong)) as bus, pytest.raises(BusError):
                bus.publish("t", "k", b"x")
    gc.collect()  # kafka-python leaves TLS sockets whose handshake failed: here, to no later test


@pytest.mark.slow
@pytest.mark.timeout(240)
def test_elasticsearch_behind_tls_a_password_and_an_api_key(folder, elasticsearch):
    with needing.servers(), SecuredElasticsearch(certificates=folder) as server:
        host, ca = server.address.removeprefix("https://"), f"?ca={folder / 'ca.pem'}"
        with closing(open_index(f"https://alice:{QUOTED}@{host}/s{ca}")) as index:
            index.put([document("it")])
            assert index.search(Query()).total == 1
        (folder / "key").write_text(api_key(server.address, folder))
        with closing(open_index(f"https://{host}/s{ca}&api_key_file={folder / 'key'}")) as index:
            assert index.search(Query()).total == 1
        for wrong in (
            f"https://alice:no@{host}/s{ca}",
            f"https://alice:{QUOTED}@{host}/s?ca={folder / 'wrong' / 'ca.pem'}",
        ):
            with closing(open_index(wrong)) as index, pytest.raises(IndexUnavailable):
                index.search(Query())


def api_key(address, folder) -> str:
    credentials = base64.b64encode(f"alice:{SECRET}".encode()).decode()
    head = {"Authorization": f"Basic {credentials}", "Content-Type": "application/json"}
    request = urllib.request.Request(f"{address}/_security/api_key", b'{"name": "test"}', head)
    trust = ssl.create_default_context(cafile=str(folder / "ca.pem"))
    with urllib.request.urlopen(request, context=trust) as answer:
        return json.loads(answer.read())["encoded"]
