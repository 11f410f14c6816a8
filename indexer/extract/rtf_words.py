"""What the control words of RTF mean to somebody who wants its text (RTF Specification 1.9.1)."""

from __future__ import annotations

ASIDE = frozenset({"footnote", "annotation", "shptxt", "dptxbxtext"}) | {
    place + pages for place in ("header", "footer") for pages in ("", "l", "r", "f")
}
"""Groups with a text of their own."""

INFORMATION = frozenset({"title", "author"})
"""Groups that say of the file what we want to know."""

SKIPPED = (
    frozenset({"pict", "nonshppict", "objdata", "fontemb", "fontfile", "themedata", "shprslt", "sn", "sv", "upr"})
    | {"fldinst", "xe", "bxe", "rxe", "tc", "txe"}
    | {"colortbl", "filetbl", "listtable", "revtbl", "generator", "keycode", "nextfile", "private1"}
)
"""Groups whose text is not what a reader sees, or is there a second time."""

READ_ALTHOUGH_STARRED = ASIDE | {"do", "moMath", "moMathPara", "shpinst", "ud"}
"""Groups that old programs should pass over, and we should not."""

TABLES = frozenset({"fonttbl", "stylesheet", "info", "creatim"})
"""Groups that are no text but say something of it."""

LETTERS = {
    **{"tab": "\t", "cell": "\t", "nestcell": "\t", "line": "\n", "lbr": "\n", "~": " ", "_": "-"},
    **{"emdash": "—", "endash": "–", "lquote": "‘", "rquote": "’", "ldblquote": "“", "rdblquote": "”", "bullet": "•"},
    **dict.fromkeys(("emspace", "enspace", "qmspace"), " "),
    **{letter: letter for letter in "{}\\"},
}
"""Words and symbols that stand for characters."""

PARAGRAPHS = frozenset({"par", "sect", "page", "column", "\n", "\r"})
"""What ends a paragraph; a line end behind a backslash does."""

ROWS = frozenset({"row", "nestrow"})
"""What ends the row of a table."""

CODE_PAGES = {"ansi": "cp1252", "mac": "mac-roman", "pc": "cp437", "pca": "cp850"}
"""The code pages that a file may name in a word."""
