"""Text in pictures, recognised by Tesseract in a process that shares the limits of the one that reads."""

from __future__ import annotations

import os
import signal
import subprocess
from collections.abc import Iterator

from indexer.extract.items import Incomplete, Remark
from indexer.extract.source import Context
from indexer.extract.tools import CANNOT_RUN
from indexer.index.schema import Status

_LEAST_CONFIDENCE = 50.0
"""Percent; what Tesseract is less sure of is more often a smudge or part of a drawing than a word."""

_WORD_LEVEL = "5"
_LANGUAGES_AT_HOME = "TESSDATA_PREFIX"
_TOO_LARGE = (b"malloc fail", b"ut of memory", b"bad_alloc", b"too large", b"too big")
"""How Tesseract and the libraries that it reads pictures with complain about memory and dimensions."""

_NO_DATA = (b"Error opening data file", b"Failed loading language")
_FROM_OUTSIDE = frozenset({-signal.SIGKILL, -signal.SIGTERM, -signal.SIGINT, -signal.SIGHUP})


def recognise(image: bytes, context: Context, number: int = 0) -> str:
    """Return the text that Tesseract finds in a picture: PNG, JPEG, TIFF, GIF, BMP, WebP or PNM.

    `number` is the page of a TIFF of several, from 0. Words that it is not sure of are left out, so the text of a
    photograph is usually empty. Raises Incomplete if the picture is damaged or too large, or takes longer than a file
    may; `context` has to name Tesseract.
    """
    tools, limits = context.tools, context.limits
    command = [tools.tesseract, "stdin", "stdout", "-l", tools.ocr_languages, "-c", f"tessedit_page_number={number}"]
    try:
        # What this process passes on without closing is the lifeline alone: its child is to end with it.
        ended = subprocess.run(  # noqa: S603 - the program that was found on this machine
            [*command, "tsv"],
            input=image,
            capture_output=True,
            timeout=limits.seconds,
            env=_environment(),
            close_fds=False,
            check=False,
        )
    except subprocess.TimeoutExpired as error:
        slow = f"Recognising the text of a picture took longer than {limits.seconds:g} seconds."
        raise Incomplete(Status.TIMED_OUT, slow) from error
    except OSError as error:
        raise Incomplete(Status.UNREADABLE, f"Tesseract cannot be started ({error.strerror}).") from error
    if ended.returncode:
        raise _failure(ended, context)
    return _text(ended.stdout.decode("utf-8", "replace"))


def missing_languages(context: Context) -> Iterator[Remark]:
    """Yield a remark if the library is written in languages that Tesseract has no data for."""
    packages = context.tools.missing_languages
    if packages:
        named = f"package {packages[0]}" if len(packages) == 1 else f"packages {' and '.join(packages)}"
        gain = f"With the Debian {named} pictures would be recognised in more of the library's languages."
        yield Remark(gain, packages[0])


def _environment() -> dict[str, str]:
    """Return what Tesseract is told: where its data are if not where it was built to look, and to use one core."""
    inherited = {name: os.environ[name] for name in (_LANGUAGES_AT_HOME, "LD_LIBRARY_PATH") if name in os.environ}
    return inherited | {"OMP_THREAD_LIMIT": "1"}


def _failure(ended: subprocess.CompletedProcess[bytes], context: Context) -> Incomplete:
    memory = context.limits.memory_bytes >> 20
    if ended.returncode in _FROM_OUTSIDE:
        name = signal.strsignal(-ended.returncode)
        return Incomplete(Status.UNREADABLE, f"Tesseract was ended ({name}); the next build tries again.")
    if ended.returncode == -signal.SIGXCPU:
        return Incomplete(Status.TIMED_OUT, "Recognising the text of a picture took too much of the processor's time.")
    if any(complaint in ended.stderr for complaint in _TOO_LARGE):
        return Incomplete(Status.TOO_LARGE, f"Recognising so large a picture takes more than {memory:,} MiB of memory.")
    said = ended.stderr.decode("utf-8", "replace").strip().split("\n")[0]
    if ended.returncode in CANNOT_RUN or any(complaint in ended.stderr for complaint in _NO_DATA):
        return Incomplete(Status.UNREADABLE, f"Tesseract does not work ({said}); the next build tries again.")
    return Incomplete(Status.DAMAGED, f"Its picture cannot be recognised ({said or f'status {ended.returncode}'}).")


def _text(table: str) -> str:
    """Put the words of Tesseract's table together again: lines, and an empty line between paragraphs."""
    paragraphs: dict[tuple[str, ...], dict[str, list[str]]] = {}
    for row in table.split("\n")[1:]:
        columns = row.split("\t")
        if len(columns) != 12 or columns[0] != _WORD_LEVEL or float(columns[10]) < _LEAST_CONFIDENCE:
            continue
        block, paragraph, line = columns[2:5]
        paragraphs.setdefault((block, paragraph), {}).setdefault(line, []).append(columns[11].strip())
    texts = ("\n".join(_lines(lines)) for lines in paragraphs.values())
    return "\n\n".join(filter(None, texts))


def _lines(lines: dict[str, list[str]]) -> list[str]:
    """Join the words of each line; a line without a letter or digit is part of a drawing."""
    joined = (" ".join(filter(None, words)) for words in lines.values())
    return [line for line in joined if any(map(str.isalnum, line))]
