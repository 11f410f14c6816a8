"""The documentation cannot rot: what it shows is run, and what there is stands in it."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from dataclasses import asdict, fields
from pathlib import Path
from typing import Any

import click
import pytest
from click.testing import CliRunner
from markdown_it import MarkdownIt

from indexer.cli import main
from indexer.index.query import parse
from indexer.library.settings import FacetRule, LibrarySettings, load_settings
from indexer.limits import Limits
from indexer.schedule import parse_cron
from tests.library_folder import built, write_page, write_pdf
from webapp.config import described

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")
DOCUMENTS = [README, (ROOT / "ARCHITECTURE.md").read_text(encoding="utf-8")]


def blocks(language: str) -> list[str]:
    """Return the code blocks of the README in one language."""
    return [token.content for token in MarkdownIt().parse(README) if token.type == "fence" and token.info == language]


def block_with(language: str, text: str) -> str:
    (found,) = (block for block in blocks(language) if text in block)
    return found


@pytest.fixture
def environment(tmp_path: Path) -> dict[str, str]:
    """Give a shell the command `handlist`, as it is here and now."""
    folder = tmp_path / "bin"
    folder.mkdir()
    command = folder / "handlist"
    command.write_text(f'#!{sys.executable}\nfrom indexer.cli import main\nmain(prog_name="handlist")\n')
    command.chmod(0o755)
    return os.environ | {"PATH": f"{folder}:{os.environ['PATH']}", "PYTHONPATH": str(ROOT)}


def run(script: str, folder: Path, environment: dict[str, str]) -> str:
    result = subprocess.run(
        ["bash", "-euc", script], cwd=folder, env=environment, capture_output=True, text=True, timeout=120
    )
    assert result.returncode == 0, result.stderr
    return result.stdout


def without_figures(text: str) -> list[str]:
    """Return the lines of a transcript without what differs from run to run."""
    return [re.sub(r"[\d.]+ (s|ms)\b", r"# \1", line).rstrip() for line in text.strip().splitlines()]


def test_the_first_library_of_the_readme_answers_as_printed(tmp_path: Path, environment: dict[str, str]) -> None:
    script = block_with("sh", "mkdir -p my-library")
    (printed,) = (block for block in blocks("") if block.startswith("Published generation"))
    shown = run(script, tmp_path, environment).replace(str(tmp_path), "/home/you")
    assert without_figures(shown) == without_figures(printed)


def test_the_synonyms_and_pins_of_the_readme_do_what_it_says(tmp_path: Path) -> None:
    library, index = tmp_path / "library", tmp_path / "index"
    write_page(library, "principles.md", "title: The UN Guiding Principles explained")
    write_page(library, "statement.md", "title: Forced labour, a statement")
    write_page(library, "fee-calculator.md", "title: A calculator")
    write_page(library, "newsletter.md", "title: Recruitment fees")
    write_page(library, "charges.md", "title: Placement charges")
    (library / "synonyms.toml").write_text(block_with("toml", "two_way"), encoding="utf-8")
    (library / "pins.toml").write_text(block_with("toml", "[[pin]]"), encoding="utf-8")
    problem = "“recruitment-manual” is the id of no resource"
    assert [problem in found.reason for found in built(library, index).problems] == [True]

    def found(*words: str) -> list[str]:
        answer = CliRunner().invoke(main, ["search", "--json", "--index", str(index), "--", *words])
        return [result["id"] for result in json.loads(answer.stdout)["results"]]

    assert found("UNGP") == found("title:UNGPs") == ["principles"]
    assert found("modern slavery statement") == ["statement"]
    assert found("forced labour") == ["statement"]
    assert found("ungps*") == []
    assert found("statement", "-ungps", "-modern slavery") == ["statement"]
    assert found("recruitment fees") == ["fee-calculator", "charges"]
    assert found("fees for recruitment") == ["fee-calculator"]
    assert found("placement charges") == ["charges", "newsletter"]


def test_the_foreign_library_of_the_readme_is_read_without_touching_it(tmp_path: Path) -> None:
    config = tmp_path / "library.toml"
    config.write_text(block_with("toml", "assets/resources"), encoding="utf-8")
    site = tmp_path / "site"
    write_page(
        site,
        "_policy/2024-12-06-playbook.md",
        "title: Playbook\ncategory: Documents, key\ndoctype: [Guide]\nfilename: documents/Play & Book.pdf",
        "{{ site.name }} explains the [annex](https://www.example.org/assets/resources/annex.pdf).",
    )
    write_page(site, "pages/redirect-old.md", "title: Old\nredirect_to: /new")
    write_pdf(site / "assets" / "resources" / "documents" / "Play & Book.pdf", ["One", "The boundary diagram"])
    write_pdf(site / "assets" / "resources" / "annex.pdf", ["The annex"])
    write_page(site, "blog/index.html", "title: Blog\nlayout: list")
    before = sorted(site.rglob("*"))
    report = built(site, tmp_path / "index", config)
    assert report.resources == 1
    assert sorted((file.path, file.status.value) for file in report.files) == [
        ("assets/resources/annex.pdf", "ok"),
        ("assets/resources/documents/Play & Book.pdf", "ok"),
    ]
    assert sorted(site.rglob("*")) == before


def test_every_query_of_the_readme_is_one() -> None:
    rows = re.findall(r"^\| (`.*?) \|", README[README.index("## Searching") :], re.MULTILINE)
    typed = [query for row in rows for query in re.findall(r"`([^`]+)`", row)]
    assert len(typed) >= 6
    assert all(parse(query, ("type", "tag")) for query in typed)


def test_the_cron_line_of_the_readme_builds(tmp_path: Path, environment: dict[str, str]) -> None:
    (line,) = blocks("crontab")
    parse_cron(" ".join(line.split()[:5]))
    write_page(tmp_path / "srv" / "library", "page.md", "title: A page")
    (tmp_path / "log").mkdir()
    command = line.split(maxsplit=5)[5].replace("/srv", f"{tmp_path}/srv")
    command = command.replace("/var/lib", f"{tmp_path}/lib").replace("/var/log", f"{tmp_path}/log")
    command = command.replace("/usr/local/bin/handlist", str(shutil.which("handlist", path=environment["PATH"])))
    # Cron gives a command neither a terminal nor more than the simplest environment.
    bare = {"PATH": "/usr/bin:/bin", "PYTHONPATH": str(ROOT)}
    run(command, tmp_path, bare)
    assert "Published generation 1" in (tmp_path / "log" / "handlist.log").read_text()


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="systemd-analyze is not installed")
def test_the_systemd_timer_of_the_readme_is_one(tmp_path: Path, environment: dict[str, str]) -> None:
    service, timer = blocks("ini")
    handlist = shutil.which("handlist", path=environment["PATH"])
    (tmp_path / "handlist-build.service").write_text(service.replace("/usr/local/bin/handlist", str(handlist)))
    (tmp_path / "handlist-build.timer").write_text(timer)
    said = run("systemd-analyze verify ./handlist-build.service ./handlist-build.timer 2>&1", tmp_path, environment)
    assert "handlist-build" not in said


def test_the_systemd_service_and_the_cron_line_run_the_same_build() -> None:
    (line,) = blocks("crontab")
    service = block_with("ini", "ExecStart")
    arguments = re.search(r"ExecStart=(/usr/local/bin/.*)", service)
    assert arguments is not None
    assert arguments[1] in line


@pytest.mark.parametrize("name", sorted(main.commands))
def test_every_command_and_option_is_in_the_readme(name: str) -> None:
    command = main.commands[name]
    assert f"handlist {name}" in README
    for parameter in command.params:
        if isinstance(parameter, click.Option):
            assert any(option in README for option in parameter.opts), f"{name} {parameter.opts}"


def test_every_setting_of_the_server_is_in_the_readme() -> None:
    for name, default, _ in described():
        assert f"`{name}`" in README
        assert not default or f"`{default}`" in README


def test_every_setting_of_a_library_is_in_the_readme(tmp_path: Path) -> None:
    settings = load_settings(tmp_path)
    table = README[README.index("### All settings") : README.index("## Searching")]
    sections: dict[str, Any] = {
        "pages": settings.pages,
        "fields": settings.fields,
        "attachments": settings.attachments,
        "ranking": settings.ranking,
        "appearance": settings.appearance,
    }
    for section, rules in sections.items():
        for field in fields(rules):
            assert f"`{section}.{field.name}`" in table or f"`.{field.name}`" in table, f"{section}.{field.name}"
    own = {field.name for field in fields(LibrarySettings)} - {
        *sections,
        "library",
        "config",
        "facets",
        "publication",
        "limits",
    }
    for name in own:
        assert f"`{name}`" in table


def test_every_setting_of_a_facet_is_in_the_readme_with_its_default() -> None:
    rows = re.findall(r"^\| `\[\[facets\]\]` (.*?) \| (.*?) \|", README, re.MULTILINE)
    assert {name for names, _ in rows for name in re.findall("`(.*?)`", names)} == {
        field.name for field in fields(FacetRule)
    }
    defaults = {names.strip("`"): default for names, default in rows}
    facet = FacetRule("any", "Any", ())
    for name, value in (("kind", facet.kind), ("order", facet.order)):
        assert f'`"{value}"`' in defaults[name]


def test_every_limit_is_in_the_readme_with_its_default() -> None:
    table = README[README.index("| setting | default | bounds |") : README.index("## Searching")]
    rows = [[cell.strip() for cell in line.split("|")[1:3]] for line in table.splitlines() if line.startswith("| `")]
    shown = {
        name.strip(" `"): value
        for names, values in rows
        for name, value in zip(names.split(","), values.split(","), strict=True)
    }
    assert {name: float(value) for name, value in shown.items()} == asdict(Limits())


@pytest.mark.parametrize("text", DOCUMENTS, ids=["README", "ARCHITECTURE"])
def test_every_file_that_is_named_or_linked_exists(text: str) -> None:
    linked = re.findall(r"\]\((?!https?:)([^)#]+)\)", text)
    named = re.findall(r"`((?:indexer|webapp|tests|corpus)/[\w./]*)`", text)
    for path in [*linked, *named]:
        assert (ROOT / path).exists(), path
