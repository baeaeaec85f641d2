"""The report written down: HTML, PDF, Word, CSV and JSON, all of the one `Report` value."""

from __future__ import annotations

from mailflow.report.yearly.formats.figures import as_json, figures
from mailflow.report.yearly.formats.page import page
from mailflow.report.yearly.formats.pdf import Pdf, pdf
from mailflow.report.yearly.formats.saving import FORMATS, Saved, save
from mailflow.report.yearly.formats.sheets import csv_files, csv_zip
from mailflow.report.yearly.formats.worddoc import docx

__all__ = [
    "FORMATS", "Pdf", "Saved", "as_json", "csv_files", "csv_zip", "docx", "figures", "page", "pdf", "save",
]  # fmt: skip
