"""The looks that a library sets: what it may set, what becomes of it, and that it can be read whatever it is."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from bs4 import BeautifulSoup
from hypothesis import given
from hypothesis import strategies as st

from indexer.index import open_index
from indexer.index.colours import LEAST_CONTRAST, WHITE, contrast, mixed, read_colour, written
from indexer.library.settings import Appearance, SettingsError, load_settings
from tests.library_folder import built, write_page
from tests.memory_engine import MemoryEngine
from tests.test_web_style import colours
from tests.web_sample import client_of
from webapp.media import media_type
from webapp.theme import theme_css

PICTURE = b"<svg xmlns='http://www.w3.org/2000/svg'/>"


def library_with(tmp_path: Path, settings: str) -> Path:
    """Return a library with a page, a logo and these settings."""
    library = tmp_path / "library"
    write_page(library, "page.md", "title: A page")
    (library / "logo.svg").write_bytes(PICTURE)
    (library / "library.toml").write_text(f"[appearance]\n{settings}", encoding="utf-8")
    return library


def test_a_library_has_no_logo_and_no_colour_of_its_own_unless_it_says_so(tmp_path: Path) -> None:
    assert load_settings(tmp_path).appearance == Appearance("", "")


@pytest.mark.parametrize(
    ("settings", "told"),
    [
        ('logo = "/etc/passwd.png"', "leads outside"),
        ('logo = "../logo.svg"', "leads outside"),
        ('logo = "page.md"', ".svg, .png"),
        ('logo = "none.png"', "no such file"),
        ("logo = 3", "text in quotes"),
        ('style = "logo.svg"', ".css"),
        ('style = "../own.css"', "leads outside"),
        ('style = "none.css"', "no such file"),
        ('accent = "green"', "six digits"),
        ('accent = "#12345"', "six digits"),
        ('accent = "#ffd25e"', "by 1.4 and has to by 4.5"),
        ('colour = "#000000"', "is not a setting"),
    ],
)
def test_what_cannot_be_shown_or_read_stops_the_build_with_the_reason(tmp_path: Path, settings: str, told: str) -> None:
    with pytest.raises(SettingsError, match=re.escape(told)):
        load_settings(library_with(tmp_path, settings))


def test_logo_and_accent_are_on_every_page_after_the_build(tmp_path: Path) -> None:
    library = library_with(tmp_path, 'logo = "logo.svg"\naccent = "#7A1F5C"')
    built(library, tmp_path / "index")
    client = client_of(open_index(tmp_path / "index"))
    assert '<link rel="stylesheet" href="/theme.css">' in client.get("/embed").text
    for address in ("/", "/search", "/nowhere"):
        text = client.get(address).text
        assert '<img class="logo" src="/logo" alt="">' in text
        assert '<link rel="stylesheet" href="/theme.css">' in text
    logo = client.get("/logo", buffered=True)
    assert (logo.data, logo.mimetype) == (PICTURE, "image/svg+xml")
    assert logo.headers["Content-Security-Policy"].startswith("sandbox")
    assert "--accent: #7a1f5c;" in client.get("/theme.css").text


@pytest.mark.parametrize(("name", "shared"), [("logo.png", ["http://localhost/logo", "image/png"]), ("logo.svg", [])])
def test_previews_show_a_logo_that_is_no_drawing_and_browsers_any(tmp_path: Path, name: str, shared: list[str]) -> None:
    library = library_with(tmp_path, f'logo = "{name}"')
    (library / name).write_bytes(PICTURE)
    built(library, tmp_path / "index")
    client = client_of(open_index(tmp_path / "index"))
    page = BeautifulSoup(client.get("/").text, "lxml")
    assert [tag["content"] for tag in page.select("meta[property^='og:image']")] == shared
    described = client.get("/opensearch.xml").text
    assert f'<Image type="{media_type(name)}">http://localhost/logo</Image>' in described


def test_a_stylesheet_of_the_library_follows_ours_on_every_page(tmp_path: Path) -> None:
    library = library_with(tmp_path, 'style = "own.css"')
    assert client_of(MemoryEngine([])).get("/style.css").status_code == 404
    (library / "own.css").write_text(":root { --radius: 0; }")
    built(library, tmp_path / "index")
    client = client_of(open_index(tmp_path / "index"))
    sheets = [str(each["href"]) for each in BeautifulSoup(client.get("/").text, "lxml").select("link[rel=stylesheet]")]
    assert sheets == ["/static/style.css", "/style.css"]
    style = client.get("/style.css", buffered=True)
    assert (style.text, style.mimetype) == (":root { --radius: 0; }", "text/css")


def test_another_accent_is_published_without_reading_anything_again(tmp_path: Path) -> None:
    library = library_with(tmp_path, 'accent = "#7a1f5c"')
    built(library, tmp_path / "index")
    (library / "library.toml").write_text('[appearance]\naccent = "#123456"')
    assert built(library, tmp_path / "index").unchanged == 1
    assert open_index(tmp_path / "index").manifest.library.accent == "#123456"


def test_without_a_logo_there_is_none_and_one_that_left_the_library_is_not_found(tmp_path: Path) -> None:
    library = library_with(tmp_path, 'logo = "logo.svg"')
    built(library, tmp_path / "index")
    client = client_of(open_index(tmp_path / "index"))
    (library / "logo.svg").unlink()
    assert client.get("/logo").status_code == 404
    (library / "logo.svg").symlink_to("/etc/hostname")
    assert client.get("/logo").status_code == 404


@given(st.tuples(*[st.integers(0, 255)] * 3))
def test_whatever_the_accent_is_all_that_is_written_in_it_or_on_it_can_be_read(accent: tuple[int, int, int]) -> None:
    light, dark = theme_css(written(accent)).split("@media")
    for scheme, css in (("light", light), ("dark", dark)):
        found = colours(scheme) | dict(re.findall(r"--([a-z-]+): #([0-9a-f]{6});", css))
        pairs = [("accent", "paper"), ("accent", "card"), ("accent", "soft"), ("accent-ink", "accent")]
        for text, ground in [*pairs, ("band-ink", "band"), ("ink", "soft")]:
            one, other = read_colour(f"#{found[text]}"), read_colour(f"#{found[ground]}")
            assert one is not None
            assert other is not None
            assert contrast(one, other) >= LEAST_CONTRAST, (scheme, text, ground)


def test_colours_are_read_written_and_mixed() -> None:
    assert read_colour("#0B5a55") == (11, 90, 85)
    assert read_colour("0b5a55") is read_colour("#0b5a5") is read_colour("#0b5a5g") is None
    assert written(mixed((0, 0, 0), WHITE, 0.5)) == "#808080"
    assert contrast((0, 0, 0), WHITE) == contrast(WHITE, (0, 0, 0)) == 21
    assert theme_css("") == theme_css("red; } body { display: none") == ""
