"""HTML files: the text that a browser would show."""

from __future__ import annotations

from pathlib import Path

from indexer.index.schema import Extraction, Locator, Page, Status
from tests.extraction import Read


def test_html_is_read_as_a_browser_shows_it(tmp_path: Path, read: Read) -> None:
    (tmp_path / "a.html").write_text(
        "<!DOCTYPE html><title>Title</title><style>p{}</style><nav>menu</nav><script>code()</script>"
        "<h1>Head\n ing</h1><p>forced <b>lab</b>our</p><ul><li>one<li>two</ul>line<br>break"
        "<table><tr><td>a<td>b<tr><td>c<td>d</table><!-- unseen -->"
    )
    assert read(tmp_path / "a.html") == Extraction(
        Status.OK,
        "html",
        (Page(Locator(), "Title\n\nHead ing\n\nforced labour\n\none\ntwo\n\nline\nbreak\n\na\tb\nc\td"),),
    )
