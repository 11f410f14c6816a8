"""The command line: real processes where signals, exit statuses and output count, calls in this process elsewhere."""

from __future__ import annotations

import fcntl
import json
import os
import select
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import click
import pytest
from click.testing import CliRunner, Result

from indexer.cli import main
from indexer.index import current_generation, open_index
from indexer.index.engine import SearchRequest
from indexer.index.query import parse
from tests.library_folder import built, write_page, write_pdf
from webapp.config import described

HANDLIST = (sys.executable, "-c", "from indexer.cli import main; main(prog_name='handlist')")


def write_library(folder: Path) -> Path:
    write_page(folder, "fees.md", "title: Recruitment fees\ntype: Guidance\nattachments: guide.pdf", "Who pays.")
    write_page(folder, "covid.md", "title: Recruitment in a pandemic\ntype: News", "Covid everywhere.")
    write_pdf(folder / "files" / "guide.pdf", ["First page", "The boundary diagram is here"])
    return folder


@pytest.fixture
def library(tmp_path: Path) -> Path:
    return write_library(tmp_path / "library")


@pytest.fixture
def index(tmp_path: Path) -> Path:
    return tmp_path / "index"


def handlist(*arguments: object, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run the command as a shell would."""
    command = [*HANDLIST, *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, timeout=60, env=os.environ | environment)


def called(*arguments: object) -> Result:
    """Call the command in this process, which goes on; a build expects to be the last that its process does."""
    handlers = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        return CliRunner().invoke(main, [str(argument) for argument in arguments], prog_name="handlist")
    finally:
        for number, handler in handlers.items():
            signal.signal(number, handler)


def data(result: Result) -> Any:  # noqa: ANN401  # JSON of many shapes
    """Return what a command answered with; its standard output has to be JSON and nothing else."""
    assert result.exit_code == 0, result.output
    return json.loads(result.stdout)


def titles(index: Path, *arguments: object) -> list[str]:
    return sorted(hit["title"] for hit in data(called("search", "--index", index, "--json", *arguments))["results"])


# Building


def test_a_build_publishes_and_a_second_one_has_nothing_to_do(library: Path, index: Path) -> None:
    first, second = handlist("build", library, "--index", index), called("build", library, "--index", index)
    assert (first.returncode, second.exit_code) == (0, 0)
    assert first.stdout.startswith("Published generation 1")
    assert second.stdout.startswith("Nothing changed")
    assert first.stderr.splitlines() == ["Reading pages: 2", "Indexing resources: 2"]


def test_the_json_of_a_build_is_all_that_is_on_standard_output(library: Path, index: Path) -> None:
    write_page(library, "accent.md", "title: Été\nattachments: [missing.pdf, ../../etc/passwd]")
    report = data(called("build", library, "--index", index, "--json"))
    assert report["published"] is True
    assert report["added"] == ["accent", "covid", "fees"]
    assert {file["path"]: file["status"] for file in report["files"]} == {
        "files/guide.pdf": "ok",
        "missing.pdf": "missing",
        "../../etc/passwd": "refused",
    }


def test_a_build_of_no_library_is_wrong_use(tmp_path: Path, index: Path) -> None:
    result = called("build", tmp_path / "nowhere", "--index", index)
    assert result.exit_code == 2
    assert f"no library folder at {tmp_path / 'nowhere'}" in result.stderr
    assert not index.exists()


@pytest.mark.parametrize("text", ["title = ", "titel = 'x'", "title = 3", "[pages]\nstrip = ['(']", "\xff"])
def test_settings_that_cannot_be_read_are_wrong_use(library: Path, index: Path, text: str) -> None:
    (library / "library.toml").write_text(text, encoding="latin-1")
    result = called("build", library, "--index", index)
    assert result.exit_code == 2
    assert "library.toml" in result.stderr
    assert result.stdout == ""


def test_settings_given_apart_are_used_and_their_absence_is_wrong_use(library: Path, index: Path) -> None:
    config = library.parent / "other.toml"
    config.write_text('title = "Elsewhere"\n')
    assert called("build", library, "--index", index, "--config", config).exit_code == 0
    assert open_index(index).manifest.library.title == "Elsewhere"
    config.unlink()
    result = called("build", library, "--index", index, "--config", config)
    assert result.exit_code == 2
    assert str(config) in result.stderr


def test_a_folder_that_is_no_index_is_left_alone(library: Path) -> None:
    before = sorted(library.rglob("*"))
    result = called("build", library, "--index", library)
    assert result.exit_code == 1
    assert "holds other files" in result.stderr
    assert sorted(library.rglob("*")) == before


def test_a_great_loss_is_published_only_when_it_is_meant(library: Path, index: Path) -> None:
    pages = [write_page(library, f"page{number}.md", f"title: Page {number}") for number in range(20)]
    built(library, index)
    for page in pages:
        page.unlink()
    result = called("build", library, "--index", index)
    assert result.exit_code == 1
    assert "--may-lose-most" in result.stderr
    assert data(called("build", library, "--index", index, "--may-lose-most", "--json"))["resources"] == 2


def test_the_second_of_two_builds_is_told_who_holds_the_index(library: Path, index: Path) -> None:
    built(library, index)
    with (index / "lock").open("a+") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        lock.truncate(0)
        lock.write("4711")
        lock.flush()
        result = called("build", library, "--index", index)
    assert result.exit_code == 1
    assert "running (process 4711)" in result.stderr
    assert called("build", library, "--index", index).exit_code == 0


def test_file_names_that_would_be_lost_are_no_reason_to_publish_less(library: Path, index: Path) -> None:
    write_page(library, "été.md", "title: Accents")
    result = handlist("build", library, "--index", index, LC_ALL="C", PYTHONUTF8="0", PYTHONCOERCECLOCALE="0")
    assert result.returncode == 2
    assert "PYTHONUTF8=1" in result.stderr
    assert handlist("build", library, "--index", index, LC_ALL="C", PYTHONUTF8="1").returncode == 0
    assert titles(index, "accents") == ["Accents"]


def test_a_library_whose_path_is_no_text_is_wrong_use(library: Path, index: Path) -> None:
    odd = library.with_name(os.fsdecode(b"caf\xe9"))
    library.rename(odd)
    result = called("build", odd, "--index", index)
    assert result.exit_code == 2
    assert "not UTF-8" in result.stderr


# Interrupting a build


def answers(index: Path) -> list[tuple[int, list[str]]]:
    engine = open_index(index)
    try:
        found = [engine.search(SearchRequest(parse(typed), limit=100)) for typed in ("", "text", "page -7", "diagram")]
        return [(results.total, [hit.resource.id for hit in results.hits]) for results in found]
    finally:
        engine.close()


def children_of(process: subprocess.Popen[str]) -> list[int]:
    """Return handles of the processes that a build has started."""
    listed = Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text().split()
    return [os.pidfd_open(int(child)) for child in listed]


def have_ended(handles: list[int]) -> bool:
    """Wait until processes are gone, and close their handles."""
    ended = all(select.select([handle], [], [], 10)[0] for handle in handles)
    for handle in handles:
        os.close(handle)
    return ended


def reached(process: subprocess.Popen[str], line: str) -> None:
    """Wait until a build says that it begins a step."""
    assert process.stderr
    assert any(said.startswith(line) for said in process.stderr), "the build ended before it came that far"


def edit(library: Path) -> None:
    write_pdf(library / "files" / "guide.pdf", ["A diagram of another kind"])
    write_page(library, "page7.md", "title: Changed", "No more.")


@dataclass(frozen=True)
class Large:
    """A folder with a library of some size and its index, and what is answered before and after `edit`."""

    folder: Path
    before: list[tuple[int, list[str]]]
    after: list[tuple[int, list[str]]]


@pytest.fixture(scope="module")
def large(tmp_path_factory: pytest.TempPathFactory) -> Large:
    folder, edited = tmp_path_factory.mktemp("large"), tmp_path_factory.mktemp("edited")
    library = write_library(folder / "library")
    for number in range(50):
        write_page(library, f"page{number}.md", f"title: Page {number}", "Words of a text. " * 50)
    built(library, folder / "index")
    edit(shutil.copytree(library, edited / "library"))
    built(edited / "library", edited / "index")
    return Large(folder, answers(folder / "index"), answers(edited / "index"))


@pytest.mark.parametrize(
    ("sent", "at"),
    [
        (signal.SIGKILL, "Reading pages"),
        (signal.SIGKILL, "Indexing resources"),
        (signal.SIGTERM, "Indexing resources"),
        (signal.SIGINT, "Indexing resources"),
    ],
)
def test_a_build_that_is_ended_leaves_an_index_that_answers_and_can_be_built_on(
    large: Large, tmp_path: Path, sent: signal.Signals, at: str
) -> None:
    shutil.copytree(large.folder, tmp_path, symlinks=True, dirs_exist_ok=True)
    library, index = tmp_path / "library", tmp_path / "index"
    edit(library)
    command = [*HANDLIST, "build", str(library), "--index", str(index)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        reached(process, at)
        readers = children_of(process)
        process.send_signal(sent)
        _, errors = process.communicate(timeout=30)
    assert have_ended(readers)
    assert "Traceback" not in errors
    assert process.returncode in (0, 1, -signal.SIGKILL)
    if process.returncode == 1:
        assert "nothing was published by this build" in errors
        assert answers(index) == large.before
        assert len(list((index / "generations").iterdir())) == 1
    built(library, index)
    assert answers(index) == large.after
    published = current_generation(index)
    assert published
    assert max((index / "generations").iterdir()) == index / "generations" / published.name


ENDED_AROUND_THE_SWITCH = """
import atexit, os, signal
from indexer.index import directory

def end(at):
    if at == "{when}":
        os.kill(os.getpid(), signal.{sent})

def publish(index, generation, real=directory.publish):
    end("before")
    real(index, generation)
    end("after")

directory.publish = publish
atexit.register(end, "at exit")
from indexer.cli import main
main()
"""


@pytest.mark.parametrize(
    ("when", "sent"), [("before", "SIGTERM"), ("after", "SIGTERM"), ("after", "SIGINT"), ("at exit", "SIGTERM")]
)
def test_the_status_of_a_build_that_is_told_to_end_says_whether_it_published(
    library: Path, index: Path, when: str, sent: str
) -> None:
    (library / "fees.md").unlink()
    script = ENDED_AROUND_THE_SWITCH.format(sent=sent, when=when)
    command = [sys.executable, "-c", script, "build", str(library), "--index", str(index), "--json"]
    result = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    if when == "before":
        assert (result.returncode, result.stdout, current_generation(index)) == (1, "", None)
        assert result.stderr.endswith("Interrupted: nothing was published by this build.\n")
    else:
        assert (result.returncode, json.loads(result.stdout)["published"]) == (0, True)
        assert titles(index, "covid") == ["Recruitment in a pandemic"]


# Asking


@pytest.fixture(scope="module")
def built_once(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("built")
    built(write_library(folder / "library"), folder / "index")
    return folder / "index"


@pytest.fixture
def published(built_once: Path, index: Path) -> Path:
    """Give every test a published index of its own, to spoil."""
    shutil.copytree(built_once, index, symlinks=True)
    return index


def test_a_search_says_where_it_found_what(published: Path) -> None:
    result = handlist("search", "boundary", "diagram", "--index", published)
    assert result.returncode == 0
    assert "Recruitment fees" in result.stdout
    assert "/files/fees/guide.pdf#page=2" in result.stdout
    (hit,) = data(called("search", "boundary diagram", "--index", published, "--json"))["results"]
    assert hit["id"] == "fees"


def test_words_behind_two_hyphens_may_begin_with_a_minus(published: Path) -> None:
    assert titles(published, "recruitment") == ["Recruitment fees", "Recruitment in a pandemic"]
    assert titles(published, "--", "recruitment", "-covid") == ["Recruitment fees"]


def test_facets_narrow_and_values_of_one_facet_widen(published: Path) -> None:
    assert titles(published, "recruitment", "--facet", "type=Guidance") == ["Recruitment fees"]
    assert len(titles(published, "recruitment", "--facet", "type=Guidance", "--facet", "type=News")) == 2
    assert titles(published, "recruitment", "--facet", "type=Guidance", "--facet", "language=fr") == []


def test_a_language_is_asked_for_by_its_name_or_its_code(published: Path) -> None:
    for arguments in (["language:english"], ["language:en"], ["recruitment", "--facet", "language=English"]):
        assert titles(published, *arguments) == ["Recruitment fees", "Recruitment in a pandemic"]
    assert titles(published, "language:french") == []


def test_resources_like_one_are_named_for_people_and_programs(tmp_path: Path) -> None:
    write_page(tmp_path / "wells", "wells.md", "title: Village wells\ntags: [Water]", "Digging wells and pumps.")
    write_page(tmp_path / "wells", "pumps.md", "title: Pumps of village wells\ntags: [Water]", "Mending pumps.")
    write_page(tmp_path / "wells", "tax.md", "title: Income tax", "Rates.")
    built(tmp_path / "wells", tmp_path / "index")
    found = called("similar", "wells", "--index", tmp_path / "index")
    assert found.stdout.splitlines()[0] == "1. Pumps of village wells"
    assert found.stdout.splitlines()[1].startswith("   pumps · ")
    answer = json.loads(called("similar", "wells", "--limit", 1, "--json", "--index", tmp_path / "index").stdout)
    assert [(each["id"], 0 < each["score"] < 1) for each in answer["results"]] == [("pumps", True)]
    nothing = called("similar", "tax", "--index", tmp_path / "index")
    assert nothing.stdout == "There is no resource like this one.\n"
    unknown = called("similar", "none", "--index", tmp_path / "index")
    assert unknown.exit_code == 2
    assert 'There is no resource with the id "none".' in unknown.stderr
    assert called("similar", "\udcff", "--index", tmp_path / "index").exit_code == 2


def test_one_result_is_one_result(published: Path) -> None:
    assert called("search", "boundary", "--index", published).stdout.startswith("1-1 of 1 result in ")
    assert called("search", "recruitment", "--index", published).stdout.startswith("1-2 of 2 results in ")


def test_results_come_in_the_order_and_number_that_was_asked_for(published: Path) -> None:
    options = ("recruitment", "--index", published, "--json", "--sort", "title", "--limit", "1")
    pages = [data(called("search", *options, "--page", str(page)))["results"] for page in (1, 2, 3)]
    assert [[hit["title"] for hit in page] for page in pages] == [
        ["Recruitment fees"],
        ["Recruitment in a pandemic"],
        [],
    ]


def test_days_and_ranges_narrow_and_the_oldest_can_come_first(tmp_path: Path) -> None:
    for year in (2018, 2019, 2020, 2021):
        write_page(tmp_path / "library", f"{year}.md", f"title: Fees of {year}\ndate: {year}-05-03")
    built(tmp_path / "library", tmp_path / "index")

    def found(*arguments: object) -> list[str]:
        answer = data(called("search", "fees", "--index", tmp_path / "index", "--json", *arguments))
        return [hit["title"] for hit in answer["results"]]

    days = ("--since", "2019", "--until", "2020-05", "--sort", "oldest")
    assert found(*days) == ["Fees of 2019", "Fees of 2020"]
    assert found("--facet", "year=2019..2020", "--sort", "newest") == ["Fees of 2020", "Fees of 2019"]


@pytest.mark.parametrize(
    ("arguments", "reason"),
    [
        (["x", "--facet", "type"], "NAME=VALUE"),
        (["x", "--since", "yesterday"], "a day such as 2024-03-31"),
        (["x", "--facet", "color=red"], "no such argument"),
        (["x", "--page", "0"], "whole number from 1"),
        (["x", "--limit", "many"], "whole number from 1"),
        (["x", "--sort", "price"], "one of relevance, date, oldest, title, newest"),
        (["x" * 10_001], "please shorten it"),
        ([], "Missing argument"),
    ],
)
def test_a_question_that_makes_no_sense_is_wrong_use(published: Path, arguments: list[str], reason: str) -> None:
    result = called("search", *arguments, "--index", published)
    assert (result.exit_code, result.stdout) == (2, "")
    assert reason in result.stderr


def test_words_and_facets_that_are_no_text_find_nothing_and_break_nothing(published: Path) -> None:
    odd = os.fsdecode(b"caf\xe9")
    assert titles(published, odd) == []
    assert titles(published, "fees", "--facet", f"type={odd}") == []
    assert called("search", odd, "--facet", f"type={odd}", "--index", published).exit_code == 0
    for option in ("--facet", "--page", "--sort", "--limit"):
        for value in (odd, f"{odd}=x"):
            result = called("search", "fees", option, value, "--index", published)
            assert (result.exit_code, result.stdout) == (2, "")


def test_status_says_how_much_how_old_and_what_could_not_be_read(library: Path, index: Path) -> None:
    (library / "files" / "guide.pdf").write_bytes(b"%PDF-1.7 damaged")
    built(library, index)
    result = called("status", "--index", index)
    assert result.exit_code == 0
    assert "2 resources, 1 files" in result.stdout
    assert "0 min ago" in result.stdout
    assert "files/guide.pdf: damaged" in result.stdout
    found = data(called("status", "--index", index, "--json"))
    assert (found["resources"], found["files"][0]["status"]) == (2, "damaged")


def test_status_names_a_bad_file_of_synonyms_or_pins(library: Path, index: Path) -> None:
    built(library, index)
    assert data(called("status", "--index", index, "--json"))["problems"] == []
    (library / "pins.toml").write_text("\npins = 1", encoding="utf-8")
    expected = f"{library / 'pins.toml'}, line 2: “pins” means nothing here; did you mean “pin”?"
    assert data(called("status", "--index", index, "--json"))["problems"] == [expected]
    shown = called("status", "--index", index).stdout
    assert f"{expected} Until it is mended, the last good one is used." in shown


def test_check_lists_what_is_not_wholly_searched_with_its_reason_and_what_would_help(
    library: Path, index: Path
) -> None:
    write_page(library, "covid.md", "title: Covid\nattachments: [old.doc, lost.pdf]")
    (library / "old.doc").write_bytes(bytes.fromhex("d0cf11e0a1b11ae1") + bytes(1000))
    (library / "library.toml").write_text("[limits]\ncharacters = 4\n")
    built(library, index)
    lines = called("check", "--index", index).stdout.splitlines()
    assert "files/guide.pdf: cut" in lines
    assert any("Only its first 4 characters are searched" in line and "Named by fees." in line for line in lines)
    assert any(line.startswith("   1 page, 4 characters") and "not searched" in line for line in lines)
    assert "lost.pdf: missing" in lines
    assert any(line.startswith("3 files: ") for line in lines)


def test_check_answers_programs_and_spreadsheets_with_every_file(published: Path) -> None:
    (file,) = data(called("check", "--index", published, "--json"))
    assert (file["path"], file["status"], file["resources"]) == ("files/guide.pdf", "ok", ["fees"])
    table = called("check", "--index", published, "--csv").stdout.splitlines()
    assert table[0].startswith("path,status,format,pages,characters,characters_left_out,seconds,reason,lacks,")
    assert table[1].startswith("files/guide.pdf,ok,pdf,")
    assert called("check", "--index", published).stdout == "1 file: 1 ok.\n"
    assert called("check", "--index", published, "--csv", "--json").exit_code == 2


def test_a_clock_that_was_set_back_does_not_make_an_index_of_negative_age(published: Path) -> None:
    generation = current_generation(published)
    assert generation
    manifest = json.loads((generation / "manifest.json").read_text())
    manifest["built_at"] = (datetime.now(UTC) + timedelta(days=2)).isoformat()
    (generation / "manifest.json").write_text(json.dumps(manifest))
    assert "in the future" in called("status", "--index", published).stdout
    assert called("search", "fees", "--index", published).exit_code == 0


Spoil = Callable[[Path], None]


def spoil_link(index: Path) -> None:
    (index / "current").unlink()
    (index / "current").symlink_to("generations/00000099")


def spoil_schema(index: Path) -> None:
    manifest = index / "current" / "manifest.json"
    manifest.write_text(json.dumps(json.loads(manifest.read_text()) | {"schema_version": 0}))


def spoil_manifest(index: Path) -> None:
    (index / "current" / "manifest.json").write_text("[]")


def spoil_texts(index: Path) -> None:
    next((index / "current").glob("*.texts")).unlink()


@pytest.mark.parametrize(
    "command", [["status"], ["search", "fees"], ["similar", "fees"], ["serve", "--rebuild", "0 3 * * *"]]
)
@pytest.mark.parametrize("spoil", [spoil_link, spoil_schema, spoil_manifest, spoil_texts])
def test_an_index_that_cannot_be_used_is_said_with_a_way_out(published: Path, command: list[str], spoil: Spoil) -> None:
    spoil(published)
    result = called(*command, "--index", published)
    assert (result.exit_code, result.stdout) == (1, "")
    assert str(published) in result.stderr
    assert "uild" in result.stderr


def test_check_needs_the_list_of_files_and_nothing_else_of_an_index(published: Path) -> None:
    spoil_texts(published)
    assert called("check", "--index", published).stdout == "1 file: 1 ok.\n"
    (published / "current" / "ledger.sqlite").write_text("{")
    result = called("check", "--index", published)
    assert (result.exit_code, result.stdout) == (1, "")
    assert "Rebuild the index" in result.stderr


@pytest.mark.parametrize(
    "command", [["status"], ["check"], ["search", "fees"], ["similar", "fees"], ["serve", "--rebuild", "0 3 * * *"]]
)
def test_a_folder_without_an_index_is_said_with_the_command_that_builds_one(tmp_path: Path, command: list[str]) -> None:
    for folder in (tmp_path, tmp_path / "nowhere"):
        result = called(*command, "--index", folder)
        assert (result.exit_code, result.stdout) == (1, "")
        assert f"handlist build LIBRARY --index {folder}" in result.stderr


# Serving and the rest


@pytest.mark.parametrize("cron", ["every day", "0 3 * *", "61 * * * *", "* * 31 2 *x"])
def test_a_schedule_that_is_none_is_wrong_use(published: Path, cron: str) -> None:
    result = called("serve", "--index", published, "--rebuild", cron)
    assert result.exit_code == 2
    assert cron in result.stderr


@pytest.mark.parametrize("option", [["--port", "70000"], ["--workers", "0"], ["--threads", "0"], ["--nonsense"]])
def test_a_server_that_cannot_be_is_wrong_use(published: Path, option: list[str]) -> None:
    assert called("serve", "--index", published, *option).exit_code == 2


@pytest.mark.parametrize("command", list(main.commands.values()), ids=lambda command: str(command.name))
def test_every_command_and_every_option_says_what_it_is_for(command: click.Command) -> None:
    assert called(command.name, "-h").stdout.startswith(f"Usage: handlist {command.name}")
    assert command.help
    assert all(option.help for option in command.params if isinstance(option, click.Option))


def test_the_help_of_serve_names_every_setting_of_the_environment() -> None:
    shown = " ".join(called("serve", "--help").stdout.split())
    for name, default, text in described():
        assert f"{name} {text}" in shown
        assert not default or f"{text} [default: {default}]" in shown


def test_the_command_line_starts_without_the_web() -> None:
    code = "import sys, indexer.cli; sys.exit(any(name.split('.')[0] in ('webapp', 'flask') for name in sys.modules))"
    assert subprocess.run([sys.executable, "-c", code]).returncode == 0


def test_the_version_is_told() -> None:
    assert called("--version").stdout.startswith("handlist, version ")
