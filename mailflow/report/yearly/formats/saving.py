"""The report's files, each whole or not at all."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from tempfile import NamedTemporaryFile

from mailflow.report.yearly.formats.figures import as_json
from mailflow.report.yearly.formats.page import page
from mailflow.report.yearly.formats.pdf import pdf
from mailflow.report.yearly.formats.sheets import csv_zip
from mailflow.report.yearly.formats.worddoc import docx
from mailflow.report.yearly.values import Report

FORMATS = ("html", "pdf", "docx", "csv", "json")
_ENDINGS = {"csv": "csv.zip"}


@dataclass(frozen=True, slots=True)
class Saved:
    paths: tuple[Path, ...]
    lacking: str = ""  # letters of the PDF that no installed font has


def save(report: Report, formats: Iterable[str], folder: Path, templates: Path, name: str = "") -> Saved:
    """Write report-<until>.<language>.<format> into `folder`, which is made where it is missing.

    `templates`: the folder templates/report. All formats are made before the first is written. ValueError for an
    unknown format, or a template that can't be read; ModuleNotFoundError when the extra lacks.
    """
    wanted = tuple(dict.fromkeys(formats))
    strange = [one for one in wanted if one not in FORMATS]
    if strange:
        raise ValueError(f'"{strange[0]}" is no format of the report: choose among {", ".join(FORMATS)}')
    made, lacking = _made(report, wanted, templates)
    stem = name or f"report-{report.until:%Y}.{report.language}"
    folder.mkdir(parents=True, exist_ok=True)
    paths = tuple(put(folder / f"{stem}.{_ENDINGS.get(kind, kind)}", octets) for kind, octets in made.items())
    return Saved(paths, lacking)


def _made(report: Report, wanted: tuple[str, ...], templates: Path) -> tuple[dict[str, bytes], str]:
    lacking, html = "", ""
    if {"html", "pdf"} & {*wanted}:
        html = page(report, *(_read(templates / name) for name in ("report.html", "report.css")))
    makers: dict[str, Callable[[Report], bytes]] = {"docx": docx, "csv": csv_zip, "json": as_json}
    made: dict[str, bytes] = {}
    for kind in wanted:
        if kind == "html":
            made[kind] = html.encode("utf-8")
        elif kind == "pdf":
            printed = pdf(html)
            made[kind], lacking = printed.octets, printed.lacking
        else:
            made[kind] = makers[kind](report)
    return made, lacking


def _read(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else "not UTF-8"
        raise ValueError(f"templates/report/{path.name} cannot be read ({reason})") from error


def put(path: Path, octets: bytes) -> Path:
    """The file in its place, whole or not at all."""
    with NamedTemporaryFile(dir=path.parent, prefix=f".{path.name}.", delete=False) as file:
        temporary = Path(file.name)
        try:
            file.write(octets)
            file.flush()
            os.fsync(file.fileno())
        except BaseException:
            temporary.unlink()
            raise
    temporary.chmod(0o640)
    return temporary.replace(path)
