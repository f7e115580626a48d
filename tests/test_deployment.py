"""The files of the deployment, read as Docker would read them, on a machine without Docker."""

import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
from ruamel.yaml import YAML

from app.system import STAGES
from pipeline.bus import open_bus
from pipeline.index import open_index

ROOT = Path(__file__).parents[1]
FILES = (ROOT / "docker-compose.yml", ROOT / "tests" / "services" / "compose.yml")
OUTSIDE = {"crawl", "notify", "feed"}
SEARCHING = {"index", "feed"}
ROOT_USERS = {"root", "0"}

compose_file = pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
every_stage = pytest.mark.parametrize("stage", STAGES)


def read(path):
    return YAML(typ="safe").load(path.read_text("utf-8"))


HOUSE = read(FILES[0])
SERVICES = HOUSE["services"]
OURS = {name: each for name, each in SERVICES.items() if each["image"].startswith("markwatch:")}
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))


def dockerfile(instruction):
    """What stands after each such instruction, in order."""
    text = (ROOT / "Dockerfile").read_text("utf-8").replace("\\\n", " ")
    return re.findall(rf"^{instruction} +(.+)$", text, re.MULTILINE)


def copied():
    return [name for line in dockerfile("COPY") for name in line.split()[:-1]]


def checked(path):
    """What the Compose Specification's own schema says of this file."""
    command = [sys.executable, "-m", "check_jsonschema", "--builtin-schema", "vendor.compose-spec"]
    return subprocess.run([*command, str(path)], capture_output=True, text=True, check=False)


@compose_file
def test_a_compose_file_keeps_to_the_compose_specification(path):
    done = checked(path)

    assert done.returncode == 0, done.stdout


def test_the_specification_refuses_a_misspelt_key(tmp_path):
    """Its schema says so in a roundabout way that a validator may pass over: so it is tried."""
    (tmp_path / "compose.yml").write_text(
        FILES[0].read_text("utf-8").replace("  healthcheck:", "  heathcheck:"), "utf-8"
    )
    done = checked(tmp_path / "compose.yml")

    assert done.returncode == 1
    assert "heathcheck" in done.stdout


@pytest.mark.parametrize(
    "image",
    sorted(
        {each["image"] for path in FILES for each in read(path)["services"].values()}
        | set(dockerfile("FROM"))
    ),
)
def test_every_image_has_a_version_to_the_last_number(image):
    _, _, tag = image.rpartition("/")[2].partition(":")

    assert re.match(r"\d+\.\d+\.\d+(-|$)", tag), image


def test_our_image_has_the_version_of_the_product():
    assert {each["image"] for each in OURS.values()} == {
        f"markwatch:{PROJECT['project']['version']}"
    }


def test_every_stage_has_a_service_and_no_service_runs_another():
    assert {name: each["command"] for name, each in OURS.items()} == {
        stage: ["run", stage] for stage in STAGES
    }


def test_the_image_is_built_once_and_never_fetched():
    """Compose builds at one time what several services build, and the second to finish fails."""
    (builder,) = (name for name, each in OURS.items() if "build" in each)

    assert {each["pull_policy"] for name, each in OURS.items() if name != builder} == {"never"}


@every_stage
def test_a_stage_is_watched_limited_and_started_again(stage):
    service = OURS[stage]

    assert any("/healthz" in part for part in service["healthcheck"]["test"])
    assert service["environment"]["MARKWATCH_MONITOR"] == "0.0.0.0:9108"
    assert service["mem_limit"]
    assert service["restart"] == "unless-stopped"
    assert service["stop_grace_period"] == "15s"


@every_stage
def test_a_stage_can_do_little_besides_its_work(stage):
    service = OURS[stage]

    assert service["cap_drop"] == ["ALL"]
    assert "no-new-privileges:true" in service["security_opt"]
    assert str(service.get("user", "")).partition(":")[0] not in ROOT_USERS
    assert not service.get("privileged")


@every_stage
def test_a_stage_is_read_only_unless_it_holds_the_password(stage):
    """Compose refuses to put a secret from the environment into a read-only container."""
    assert OURS[stage]["read_only"] is (stage not in SEARCHING)
    assert OURS[stage].get("secrets", []) == (["elastic_password"] if stage in SEARCHING else [])


@every_stage
def test_a_stage_waits_for_the_servers_that_it_needs(stage):
    needed = {"kafka", "elasticsearch"} if stage in SEARCHING else {"kafka"}
    waited = OURS[stage]["depends_on"]

    assert set(waited) == needed
    assert {each["condition"] for each in waited.values()} == {"service_healthy"}
    assert all("healthcheck" in SERVICES[name] for name in waited)


@compose_file
def test_ports_are_published_to_this_machine_alone(path):
    ports = [port for each in read(path)["services"].values() for port in each.get("ports", [])]

    assert ports
    assert [port for port in ports if not str(port).startswith("127.0.0.1:")] == []


def test_only_the_feed_publishes_a_port():
    assert [name for name, each in SERVICES.items() if "ports" in each] == ["feed"]


def test_the_servers_cannot_be_reached_from_outside_nor_reach_out():
    assert HOUSE["networks"]["engines"] == {"internal": True}
    assert {name for name, each in SERVICES.items() if "engines" in each["networks"]} == set(
        SERVICES
    )
    assert {name for name, each in SERVICES.items() if "outside" in each["networks"]} == OUTSIDE


@pytest.mark.parametrize("kind", ["volumes", "networks", "secrets"])
def test_what_the_services_use_is_declared(kind):
    used = {name.partition(":")[0] for each in SERVICES.values() for name in each.get(kind, [])}

    assert used == set(HOUSE[kind])


def test_the_stages_share_one_data_folder():
    assert {tuple(each["volumes"]) for each in OURS.values()} == {("data:/data",)}
    assert {each["environment"]["MARKWATCH_DATA"] for each in OURS.values()} == {"/data"}
    assert dockerfile("VOLUME") == ["/data"]


def test_no_password_is_written_down():
    text = FILES[0].read_text("utf-8")

    assert SERVICES["elasticsearch"]["environment"]["ELASTIC_PASSWORD"].startswith(
        "${ELASTIC_PASSWORD:?"
    )
    assert HOUSE["secrets"] == {"elastic_password": {"environment": "ELASTIC_PASSWORD"}}
    assert re.findall(r"//\w+:[^@/\s]+@", text) == []


def test_every_setting_of_the_deployment_is_documented():
    names = {name for each in SERVICES.values() for name in each["environment"]}
    settings = {name for name in names if name.startswith("MARKWATCH_")}
    documented = (ROOT / "docs" / "settings.md").read_text("utf-8")

    assert len(settings) >= 5
    assert [name for name in sorted(settings) if f"`{name}`" not in documented] == []


@every_stage
def test_the_addresses_of_the_servers_are_understood(stage, tmp_path):
    (tmp_path / "elastic_password").write_text("p@ss:word/1\n", "utf-8")
    environment = OURS[stage]["environment"]

    open_bus(environment["MARKWATCH_BUS"]).close()
    open_index(environment["MARKWATCH_INDEX"].replace("/run/secrets", str(tmp_path))).close()


def test_the_image_does_not_run_as_root():
    assert dockerfile("USER")[-1].partition(":")[0] not in ROOT_USERS


def test_the_image_takes_packages_by_their_hashes_and_names_no_index():
    (install,) = (line for line in dockerfile("RUN") if line.startswith("pip install"))

    assert "--require-hashes -r requirements/run.txt" in install
    assert "index" not in install


def test_all_that_the_wheel_holds_is_in_the_image():
    rooms = PROJECT["tool"]["hatch"]["build"]["targets"]["wheel"]["only-include"]

    assert sorted(set(rooms) - set(copied())) == []


def test_the_image_gets_what_it_copies_and_nothing_else_is_sent():
    """A name left out of `.dockerignore` fails the build; one too many sends what nobody needs."""
    lines = (ROOT / ".dockerignore").read_text("utf-8").splitlines()
    rules = [line for line in lines if line and not line.startswith("#")]

    assert rules[0] == "*"
    assert sorted(rule[1:] for rule in rules if rule.startswith("!")) == sorted(copied())
    assert [name for name in copied() if not (ROOT / name).exists()] == []
