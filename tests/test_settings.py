"""What `library.toml` may say, and what is answered to what it may not."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from indexer.index.manifest import FacetKind, ValueOrder
from indexer.library.facet_settings import _RESERVED
from indexer.library.settings import FacetRule, LibrarySettings, RankingRules, SettingsError, load_settings
from indexer.limits import Limits
from webapp.arguments import SEARCH_ARGUMENTS, VALUES_ARGUMENTS


def _load(library: Path, text: str) -> LibrarySettings:
    (library / "library.toml").write_text(text, encoding="utf-8")
    return load_settings(library)


def test_a_folder_without_a_file_has_settings_that_read_titles_and_tags(tmp_path: Path) -> None:
    settings = load_settings(tmp_path)
    assert settings.title == tmp_path.name
    assert settings.languages == ("en",)
    assert "**/*.md" in settings.pages.include
    assert [facet.name for facet in settings.facets] == ["type", "tag", "publisher", "year", "language", "format"]
    assert settings.fields.title[0] == "title"


def test_every_setting_can_be_written(tmp_path: Path) -> None:
    settings = _load(
        tmp_path,
        r"""
        title = "Ours"
        description = "All of it"
        languages = ["fr", "en"]
        max_loss = 0.1
        [pages]
        include = ["pages/*.md"]
        ignore = ["pages/README.md"]
        strip = ['\{\{.*?\}\}']
        max_bytes = 1000
        [fields]
        title = "Heading"
        summary = ["intro"]
        [[facets]]
        name = "partner_group"
        keys = ["Partner"]
        separator = ";"
        hierarchy = " > "
        order = "name"
        [[facets]]
        name = "pages_long"
        kind = "numbers"
        [attachments]
        keys = ["filename"]
        folders = ["assets/resources/"]
        body_links = false
        [published]
        draft = ["hidden"]
        [ranking]
        recency = 0.5
        half_life = 2
        """,
    )
    assert (settings.title, settings.description, settings.languages) == ("Ours", "All of it", ("fr", "en"))
    assert settings.max_loss == 0.1
    assert settings.pages.include == ("pages/*.md",)
    assert settings.pages.ignore == ("pages/README.md",)
    assert settings.pages.strip[0].sub("", "a{{ b }}c") == "ac"
    assert settings.pages.max_bytes == 1000
    assert settings.fields.title == ("heading",)
    assert settings.fields.date == ("date", "published", "year")
    assert settings.facets == (
        FacetRule("partner_group", "Partner group", ("partner",), ";", hierarchy=">", order=ValueOrder.NAME),
        FacetRule("pages_long", "Pages long", ("pages_long", "pages_longs"), kind=FacetKind.NUMBERS),
    )
    assert settings.attachments.folders == ("assets/resources",)
    assert not settings.attachments.body_links
    assert settings.publication.draft == ("hidden",)
    assert settings.ranking == RankingRules(0.5, 2.0)


def test_a_facet_named_like_a_default_one_needs_nothing_but_its_name(tmp_path: Path) -> None:
    (facet,) = _load(tmp_path, '[[facets]]\nname = "publisher"').facets
    assert (facet.label, facet.keys, facet.separator) == ("Publisher", ("publisher", "publishers"), "")


def test_another_file_can_be_named_and_then_counts_instead_of_the_library_s_own(tmp_path: Path) -> None:
    library = tmp_path / "library"
    library.mkdir()
    (library / "library.toml").write_text('title = "own"')
    other = tmp_path / "other.toml"
    other.write_text('title = "other"')
    assert load_settings(library).title == "own"
    assert load_settings(library, other).title == "other"


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ('title = "x"\nlanguages = =', ["not valid TOML", "line 2"]),
        ('titel = "x"', ["“titel”", "did you mean “title”"]),
        ('[pages]\nincldue = ["*.md"]', ["“pages.incldue”", "did you mean “include”"]),
        ('zzzzzz = "x"', ["“zzzzzz”", "known here: "]),
        ("title = 3", ["“title”", "text in quotes"]),
        ("pages = 3", ["“pages”", "[pages]"]),
        ("[pages]\ninclude = [1]", ["“pages.include”", "list of texts"]),
        ("[pages]\nmax_bytes = 0", ["“pages.max_bytes”", "a number from 1"]),
        ("max_loss = 2", ["“max_loss”", "from 0 to 1"]),
        ("max_loss = true", ["“max_loss”"]),
        ("max_loss = nan", ["“max_loss”"]),
        ("[limits]\nmemory_bytes = 1000", ["“limits.memory_bytes”", "from 268435456"]),
        ("[ranking]\nrecency = 1.5", ["“ranking.recency”", "from 0 to 1"]),
        ("[ranking]\nhalf_life = 0", ["“ranking.half_life”"]),
        ("[limits]\nseconds = 0", ["“limits.seconds”"]),
        ("[limits]\nmegabytes = 3", ["“limits.megabytes” is not a setting"]),
        ('[attachments]\nbody_links = "no"', ["“attachments.body_links”", "true or false"]),
        ('[attachments]\nfolders = ["../else"]', ["“../else”", "outside"]),
        ('[attachments]\nfolders = ["/etc"]', ["“/etc”", "outside"]),
        ("[pages]\nstrip = ['(']", ["“pages.strip”", "“(”", "regular expression"]),
        ("languages = []", ["“languages”", '["en", "fr"]']),
        ('languages = ["English"]', ["“languages”", "English"]),
        ('facets = "tag"', ["“facets”", "[[facets]]"]),
        ('[[facets]]\nname = "Tag"', ["“facets[1].name”", "small letters"]),
        ('[[facets]]\nlabel = "Tag"', ["“facets[1].name”"]),
        ('[[facets]]\nname = "sort"', ["“sort”", "choose another"]),
        ('[[facets]]\nname = "title"', ["“title”", "choose another"]),
        ('[[facets]]\nname = "tag"\n[[facets]]\nname = "tag"', ["“tag” twice"]),
        ('[[facets]]\nname = "since"', ["“since”", "choose another"]),
        ('[[facets]]\nname = "a"\nkind = "range"', ["“facets[1].kind”", '"names" or "numbers"']),
        ('[[facets]]\nname = "a"\norder = ["name"]', ["“facets[1].order”", '"count" or "name"']),
        ('[[facets]]\nname = "year"\nhierarchy = "/"', ["“facets[1].hierarchy”", "no numbers"]),
        ('[[facets]]\nname = "tag"\nhierarchy = ","', ["“facets[1].hierarchy”", "“separator”"]),
        ('[[facets]]\nname = "tag"\nkey = "tags"', ["“facets[1].key”", "did you mean “keys”"]),
    ],
)
def test_a_wrong_setting_is_refused_with_file_key_reason_and_way_out(
    tmp_path: Path, text: str, parts: list[str]
) -> None:
    with pytest.raises(SettingsError) as error:
        _load(tmp_path, text)
    for part in [str(tmp_path / "library.toml"), *parts]:
        assert part in str(error.value)


def test_a_file_that_is_no_text_or_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match=r"gone\.toml cannot be read"):
        load_settings(tmp_path, tmp_path / "gone.toml")
    (tmp_path / "library.toml").write_bytes(b"title = '\xff'")
    with pytest.raises(SettingsError, match="not UTF-8"):
        load_settings(tmp_path)


def test_a_missing_library_folder_is_named(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match=str(tmp_path / "gone")):
        load_settings(tmp_path / "gone")


def test_the_digest_changes_with_what_pages_become_and_not_with_what_the_library_is_called(tmp_path: Path) -> None:
    settings = load_settings(tmp_path)
    renamed = replace(settings, title="Other", description="x", max_loss=0.9, library=tmp_path / "moved")
    relabelled = replace(
        settings, facets=tuple(replace(facet, label="Other", order=ValueOrder.NAME) for facet in settings.facets)
    )
    assert settings.digest == load_settings(tmp_path).digest == renamed.digest == relabelled.digest
    parted = replace(settings, facets=tuple(replace(facet, hierarchy="/") for facet in settings.facets))
    assert settings.digest != parted.digest
    assert settings.digest != replace(settings, languages=("fr",)).digest
    assert settings.digest != replace(settings, facets=settings.facets[:2]).digest
    stripping = _load(tmp_path, "[pages]\nstrip = ['a']")
    assert settings.digest != stripping.digest != _load(tmp_path, "[pages]\nstrip = ['b']").digest


@pytest.mark.parametrize(
    ("include", "folder"),
    [
        ('["resources/**/*.md", "resources/**/*.html"]', "resources/"),
        ('["_policy/*.md", "_posts/*.md"]', ""),
        ('["a/b/*.md", "a/bc/*.md"]', "a/"),
        ('["/pages/one.md"]', "pages/"),
        ('["**/*.md"]', ""),
    ],
)
def test_the_folder_that_all_pages_share_is_read_off_the_patterns(tmp_path: Path, include: str, folder: str) -> None:
    assert _load(tmp_path, f"[pages]\ninclude = {include}").pages.folder == folder


def test_settings_kept_apart_from_the_library_are_remembered(tmp_path: Path) -> None:
    config = tmp_path / "ours.toml"
    config.write_text('title = "Ours"')
    (tmp_path / "library").mkdir()
    assert load_settings(tmp_path / "library", config).config == config
    assert load_settings(tmp_path / "library").config is None


def test_limits_on_files_are_read_and_change_what_a_page_becomes(tmp_path: Path) -> None:
    (tmp_path / "library.toml").write_text("[limits]\nseconds = 2.5\npages = 3\nocr_pages = 0\n")
    settings = load_settings(tmp_path)
    assert settings.limits == Limits(seconds=2.5, pages=3, ocr_pages=0)
    assert isinstance(settings.limits.pages, int)
    assert settings.digest != LibrarySettings(tmp_path, "x").digest


def test_no_facet_has_the_name_of_an_argument_of_a_search() -> None:
    assert {argument.name for argument in (*SEARCH_ARGUMENTS, *VALUES_ARGUMENTS)} <= _RESERVED
