"""What was added to the pages of a PDF: notes on them, and what was filled into their forms."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pypdfium2
from pypdfium2 import raw

from indexer.extract.pdf_metadata import text_of

_NO_NOTES = frozenset((raw.FPDF_ANNOT_LINK, raw.FPDF_ANNOT_POPUP, raw.FPDF_ANNOT_WIDGET))
"""Annotations whose words, if they have any, stand somewhere else as well."""
_TYPED = frozenset((raw.FPDF_FORMFIELD_TEXTFIELD, raw.FPDF_FORMFIELD_COMBOBOX, raw.FPDF_FORMFIELD_LISTBOX))
_TICKED = frozenset((raw.FPDF_FORMFIELD_CHECKBOX, raw.FPDF_FORMFIELD_RADIOBUTTON))
_NO_ANSWERS = frozenset(("", "on", "off", "yes", "true", "1"))
"""What boxes are worth that say no more than that they are ticked."""


def notes_on(document: pypdfium2.PdfDocument, page: pypdfium2.PdfPage) -> list[str]:
    """Return what was written onto a page: comments, free text, notes on marked text, and the filled fields of forms.

    A field reads "label: value", a ticked box is its label. The fields of a document are read if `init_forms` was
    called before the page was loaded.
    """
    notes: dict[str, None] = {}
    for annotation, kind in annotations_on(page):
        is_field = kind == raw.FPDF_ANNOT_WIDGET and document.formenv
        note = _field(document.formenv, annotation) if is_field else _contents(annotation, kind)
        if note:
            notes[note] = None
    return list(notes)


def annotations_on(page: pypdfium2.PdfPage) -> Iterator[tuple[Any, int]]:
    """Yield each annotation of a page, open until the next one is asked for, with its kind."""
    for index in range(raw.FPDFPage_GetAnnotCount(page)):
        annotation = raw.FPDFPage_GetAnnot(page, index)
        if annotation:
            try:
                yield annotation, raw.FPDFAnnot_GetSubtype(annotation)
            finally:
                raw.FPDFPage_CloseAnnot(annotation)


def _contents(annotation: Any, kind: int) -> str:  # noqa: ANN401 - a handle of PDFium, which has no type
    if kind in _NO_NOTES:
        return ""
    return text_of(lambda buffer, size: raw.FPDFAnnot_GetStringValue(annotation, b"Contents", buffer, size)).strip()


def _field(forms: Any, annotation: Any) -> str:  # noqa: ANN401 - handles of PDFium, which have no type
    def ask(function: Callable[..., int]) -> str:
        return text_of(lambda buffer, size: function(forms, annotation, buffer, size)).strip()

    kind = raw.FPDFAnnot_GetFormFieldType(forms, annotation)
    label = ask(raw.FPDFAnnot_GetFormFieldAlternateName) or ask(raw.FPDFAnnot_GetFormFieldName)
    if kind in _TICKED and raw.FPDFAnnot_IsChecked(forms, annotation):
        answer = ask(raw.FPDFAnnot_GetFormFieldExportValue)
        return label if answer.casefold() in _NO_ANSWERS else f"{label}: {answer}"
    is_secret = raw.FPDFAnnot_GetFormFieldFlags(forms, annotation) & raw.FPDF_FORMFLAG_TEXT_PASSWORD
    if kind not in _TYPED or (kind == raw.FPDF_FORMFIELD_TEXTFIELD and is_secret):
        return ""
    answer = _chosen(forms, annotation) or ask(raw.FPDFAnnot_GetFormFieldValue)
    return f"{label}: {answer}" if answer else ""


def _chosen(forms: Any, annotation: Any) -> str:  # noqa: ANN401 - handles of PDFium, which have no type
    """Return the labels of the chosen options, empty for a field that offers none."""

    def label(index: int) -> str:
        return text_of(lambda buffer, size: raw.FPDFAnnot_GetOptionLabel(forms, annotation, index, buffer, size))

    options = range(raw.FPDFAnnot_GetOptionCount(forms, annotation))
    return ", ".join(label(index) for index in options if raw.FPDFAnnot_IsOptionSelected(forms, annotation, index))
