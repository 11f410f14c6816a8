"""Markdown and HTML become the text that people see, in paragraphs."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.encoding import clean
from indexer.extract import markdown
from indexer.extract.source import Context, Source
from indexer.html import parse, text_of
from indexer.index.schema import Page
from indexer.library.frontmatter import split_page
from indexer.library.markup import read_html, read_markdown
from tests.extraction import items

_MARKUP = (
    *(
        "<p>",
        "</p>",
        "<div>",
        "</div>",
        "<h1>",
        "</h1>",
        "<pre>\n",
        "</pre>",
        "<td>",
        "<table>",
        "<tr>",
        "<li>",
        "<ul>",
    ),
    *("<svg>", "</svg>", "<svg/>", "<nav>", "</nav>", "<script>x<y</script>", "<noscript>", "</noscript>", "<object>"),
    *("<textarea> q\n", "</textarea>", "<b>", "</b>", "<br/>", "<img>", "<!-- c -->", "<![CDATA[x]]>"),
    *("a ", "b", "\n", "\r\n", "é😀", "&amp;", "&nbsp;", "&foo", "<", "</"),
)


def test_paragraphs_headings_lists_and_tables_keep_their_lines() -> None:
    source = (
        "# One\n\nTwo *three*\nfour.\n\n- five\n- six\n\n| a | b |\n|---|---|\n| c | d |\n\n> seven\n\n"
        "    code 1\n    code 2"
    )
    expected = "One\n\nTwo three four.\n\nfive\nsix\n\na\tb\nc\td\n\nseven\n\ncode 1\ncode 2"
    assert read_markdown(source).text == expected


def test_inline_tags_do_not_part_words_but_breaks_and_cells_do() -> None:
    assert read_html("<p>hu<b>man</b> rights<br>next</p><table><tr><td>a<td>b</table>").text == (
        "human rights\nnext\n\na\tb"
    )


def test_the_number_of_a_note_is_parted_from_its_word_and_other_raised_letters_are_not() -> None:
    source = "<p>fees<sup>12</sup> and rights<sup><a href='#n'>3</a></sup>, the 1<sup>st</sup> of CO<sub>2</sub></p>"
    assert read_html(source).text == "fees 12 and rights 3, the 1st of CO2"


def test_scripts_styles_navigation_and_comments_are_no_text() -> None:
    page = "<nav>Menu</nav><script>x()</script><style>p{}</style><!-- hush --><template>t</template><p>Text</p>"
    page += "<noscript>Switch it on</noscript><svg><title>Icon</title></svg>"
    assert (read_html(page).text, read_html(page).title) == ("Text", "")


def test_preformatted_text_keeps_its_lines_and_their_breaks() -> None:
    assert read_html("<pre>one\n  <b>two</b> three<br>four</pre>five\nsix").text == "one\ntwo three\nfour\n\nfive six"


@pytest.mark.parametrize(
    "source",
    [
        "<ul><li>one<li>two</ul><dl><dt>a<dd>b</dl>",
        "<table><caption>c</caption><tr><th>a<th><p>b</p><tr><td><td>d</table>after",
        "<pre>x\ny</pre><noscript>n</noscript><svg><text>s</text></svg><fieldset><legend>l</legend>f</fieldset>",
        "<details><summary>s</summary>t</details>hu<b>man</b><img>rights<!-- hush --><select><option>o</select>",
    ],
)
def test_a_page_and_an_attached_file_read_alike(tmp_path: Path, source: str) -> None:
    (tmp_path / "a.html").write_text(source)
    (attached,) = (item for item in items(tmp_path / "a.html") if isinstance(item, Page))
    assert attached.text.strip() == read_html(source).text != ""


@given(st.lists(st.sampled_from(_MARKUP), max_size=20).map("".join))
def test_whatever_the_markup_a_page_and_an_attached_file_read_alike(source: str) -> None:
    assert text_of(parse(["<body>", source])) == read_html(f"<body>{source}").text


@given(st.text(alphabet="ab \n*_`#>-[]()!<&;|~\\/='\"0.dipv", max_size=80))
def test_markdown_reads_alike_on_a_page_and_in_an_attached_file(source: str) -> None:
    found = markdown.read(Source.inside("a.md", source.encode()), Context())
    (attached,) = (item for item in found if isinstance(item, Page))
    page = read_markdown(split_page(clean(source)).body)
    assert attached.text == page.text or page.flattened


def test_the_main_part_of_a_page_is_preferred_to_what_surrounds_it() -> None:
    assert read_html("<header>Site</header><main><h2>A</h2><p>B</p></main><footer>C</footer>").text == "A\n\nB"
    assert read_html("<div>Site</div><article>B</article>").text == "B"


def test_the_head_of_a_page_gives_title_summary_keywords_and_language() -> None:
    page = read_html(
        '<html lang="fr-CA"><head><title> The\n title </title><META NAME="Description" content="A &amp; B">'
        '<meta name="keywords" content="one, two,"></head><body><h1>Heading</h1></body></html>'
    )
    assert (page.title, page.summary, page.keywords, page.language) == ("The title", "A & B", ("one", "two"), "fr-CA")
    assert (page.heading, page.text) == ("Heading", "Heading")


def test_links_are_told_in_their_order_whatever_carries_them() -> None:
    page = read_markdown('[a](one.pdf) <a href="two.docx">b</a> <embed src="three.pdf">\n\n[c][r]\n\n[r]: four.pdf')
    assert page.links == ("one.pdf", "two.docx", "three.pdf", "four.pdf")


def test_markdown_nested_too_deeply_for_its_parser_is_kept_as_written() -> None:
    page = read_markdown("> " * 500 + "deep\n\nafter")
    assert page.flattened
    assert page.text.endswith("deep\n\nafter")


def test_html_may_be_nested_to_any_depth() -> None:
    assert read_html("<div>" * 5000 + "deep" + "</div>" * 5000 + "<p>after").text == "deep\n\nafter"


def test_what_resembles_a_file_or_xml_raises_no_warning() -> None:
    assert read_html("report.html").text == "report.html"
    assert read_html('<?xml version="1.0"?><doc>text</doc>').text == "text"


@given(st.text(alphabet="ab \n*_`#>-[]()!<&;|~\\/='\"0.dipv", max_size=80))
def test_no_markdown_is_an_error_and_none_of_its_text_has_stray_white_space(source: str) -> None:
    text = read_markdown(source).text
    assert text == text.strip()
    assert "\n\n\n" not in text or read_markdown(source).flattened
