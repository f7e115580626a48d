"""The house rules that no other tool holds: documents that run, sizes, the one-way imports."""

import os
import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import click
import pytest

from crawlers import sites
from markwatch import main

ROOT = Path(__file__).parents[1]
ROOMS = ("app", "crawlers", "detectors", "pipeline", "alerts")
PAGES = sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md")])


def commands(group: click.Group, path: str = "markwatch"):
    for name, command in group.commands.items():
        if isinstance(command, click.Group):
            yield from commands(command, f"{path} {name}")
        else:
            yield f"{path} {name}"


@pytest.mark.parametrize("command", sorted(commands(main)))
def test_every_command_is_documented(command):
    assert f"`{command}" in (ROOT / "docs" / "commands.md").read_text("utf-8")


def test_every_setting_is_documented():
    source = (ROOT / "pipeline" / "settings.py").read_text("utf-8")
    names = re.findall(r'given\("(\w+)"\)', source)
    documented = (ROOT / "docs" / "settings.md").read_text("utf-8")

    assert len(names) >= 8
    assert [name for name in names if f"`MARKWATCH_{name}`" not in documented] == []


def test_the_commands_in_the_documents_work(tmp_path):
    """Every `$ markwatch …` of a page runs, in order, in a data folder of the page's own."""
    run = 0
    for page in PAGES:
        environment = os.environ | {"MARKWATCH_DATA": str(tmp_path / page.stem)}
        for line in re.findall(r"^\$ markwatch (.*)$", page.read_text("utf-8"), re.MULTILINE):
            done = subprocess.run(
                [sys.executable, "-m", "markwatch", *shlex.split(line)],
                cwd=ROOT,
                env=environment,
                capture_output=True,
                check=False,
                timeout=60,
            )
            assert done.returncode == 0, (page.name, line, done.stderr.decode())
            run += 1

    assert run >= 9


def test_the_site_files_in_the_documents_are_site_files(tmp_path):
    blocks = re.findall(
        r"```toml\n(.*?)```", (ROOT / "docs" / "sites.md").read_text("utf-8"), re.DOTALL
    )
    for block in blocks:
        (tmp_path / "site.toml").write_text(block, "utf-8")
        assert sites.load(str(tmp_path / "site.toml")).platform == "orchard"

    assert len(blocks) == 2


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_links_in_the_documents_lead_somewhere(page):
    for link in re.findall(r"\]\(([^)#:]+)\)", page.read_text("utf-8")):
        assert (page.parent / link).exists(), link


def test_modules_stay_small():
    sizes = {
        str(path.relative_to(ROOT)): len(path.read_text("utf-8").splitlines())
        for room in (*ROOMS, "scripts", "benchmarks")
        for path in [ROOT / "markwatch.py", *(ROOT / room).rglob("*.py")]
    }

    assert {name: size for name, size in sizes.items() if size > 300} == {}


def test_every_module_opens_with_a_sentence():
    for room in ROOMS:
        for path in (ROOT / room).rglob("*.py"):
            assert path.read_text("utf-8").startswith('"""'), path


@pytest.mark.parametrize(
    ("module", "breach"),
    [
        ("detectors/assess.py", "import alerts.rules"),
        ("alerts/rules.py", "from crawlers import schedule"),
        ("pipeline/plain.py", "import detectors.assess"),
        ("pipeline/vault.py", "import apsw"),
        ("pipeline/stage.py", "import kafka"),
        ("alerts/feed/views.py", "from elasticsearch import Elasticsearch"),
        ("detectors/screen.py", "import prometheus_client"),
        ("detectors/reader.py", "import rapidocr"),
        ("pipeline/records.py", "import msgspec"),
        ("crawlers/spider.py", "from crawlers.market import truth"),
        ("detectors/screen.py", "from crawlers.market.truth import read_truth"),
        ("app/scan.py", "import markwatch"),
    ],
)
def test_an_import_against_the_rules_is_refused(tmp_path, module, breach):
    for room in ROOMS:
        shutil.copytree(ROOT / room, tmp_path / room, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    shutil.copy(ROOT / "markwatch.py", tmp_path)
    with (tmp_path / module).open("a", encoding="utf-8") as file:
        file.write(f"\n{breach}\n")
    code = "from importlinter.cli import lint_imports; raise SystemExit(lint_imports())"
    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(tmp_path)},
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.returncode == 1, done.stdout
    assert "BROKEN" in done.stdout


def test_no_page_names_a_package_index():
    for path in (*ROOT.glob("requirements/*"), *PAGES, ROOT / "pyproject.toml"):
        assert "--index-url" not in path.read_text("utf-8")
        assert "extra-index" not in path.read_text("utf-8")
