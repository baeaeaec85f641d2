"""Tables of an analytics service to figures: only what may be added up is added up."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from pathlib import Path
from unicodedata import combining, normalize

from mailflow.report.web import pages, sources
from mailflow.report.web.columns import Column, folded
from mailflow.report.web.export import Table, read_export
from mailflow.report.web.figures import TEN, UNKNOWN, Month, WebFigures
from mailflow.report.web.places import REGION_OF
from mailflow.report.web.ranking import grouped, ranked
from mailflow.report.web.reading import Asked
from mailflow.report.web.trouble import WebTrouble

# How services name what brought a visit; GA4's channels, Matomo's types in three languages.
_CHANNELS = {
    "search": "organic search|paid search|search engines|organic shopping|moteurs de recherche|motores de búsqueda|buscadores",
    "social": "organic social|paid social|social|social networks|organic video|paid video|réseaux sociaux|redes sociales",
    "site": "referral|websites|sites internet|sites web|sitios web|sitios",
    "direct": "direct|(direct)|(none)|direct entry|(direct) / (none)|entrée directe|entrées directes|accès direct|"
    "entrada directa|directo",
}
_CHANNEL_OF = {name: source for source, names in _CHANNELS.items() for name in names.split("|")}
_JOINT = re.compile(r"\b(?:and|et|y|the)\b|[&.'()-]")
# Names of countries that differ from those of the Unicode consortium.
_OTHER_NAMES = {
    "ivory coast": "CI", "côte d'ivoire": "CI", "turkey": "TR", "turquie": "TR", "turquía": "TR", "czech republic": "CZ",
    "république tchèque": "CZ", "república checa": "CZ", "russian federation": "RU", "viet nam": "VN", "hong kong": "HK",
    "macao": "MO", "macau": "MO", "swaziland": "SZ", "cape verde": "CV", "macedonia": "MK", "burma": "MM", "myanmar": "MM",
    "congo (drc)": "CD", "democratic republic of the congo": "CD", "congo (kinshasa)": "CD", "congo (brazzaville)": "CG",
    "korea, republic of": "KR", "palestine": "PS", "united states of america": "US", "great britain": "GB",
}  # fmt: skip
_NOBODY_KNOWS = frozenset(("", "(not set)", "unknown", "inconnu", "desconocido", "(other)", "xx"))


# Which count is kept by each dimension, and whose total is taken where several tables have one.
_KEPT: dict[Column, Column] = {"country": "users", "source": "visits", "page": "views"}
_BEST: tuple[Column, ...] = ("country", "month", "source", "page")


@dataclass(slots=True)
class _Sums:
    by: dict[Column, Counter[str]] = field(default_factory=dict)  # the counts by page, country, source
    months: dict[str, Counter[str]] = field(default_factory=dict)
    totals: dict[Column, dict[tuple[Column, ...], int]] = field(
        default_factory=dict
    )  # of a count, in each kind of table
    strange: set[str] = field(default_factory=set)  # names of countries that aren't known


def from_exports(paths: Sequence[Path], asked: Asked) -> WebFigures:
    """The figures of one service's exports together, one by page, say, and another by country. Raises WebTrouble."""
    exports = [read_export(path) for path in paths]
    begins = asked.begins or next((each.begins for each in exports if each.begins), None)
    ends = asked.ends or next((each.ends for each in exports if each.ends), None)
    if not begins or not ends or ends < begins:
        raise WebTrouble(f"{paths[0]}: it doesn't say which days it is of: name them with --from and --to")
    tables = [
        _labelled(path, table) for path, each in zip(paths, exports, strict=True) for table in each.tables if table.rows
    ]
    sums = _Sums()
    for table in sorted(tables, key=lambda table: len(table.dimensions)):
        _add(sums, table)
    return _figures(asked, (begins, ends), sums, tables)


def _labelled(path: Path, table: Table) -> Table:
    """Matomo heads every first column alike: what it holds, its values say."""
    if "label" not in table.heads:
        return table
    if table.dimensions == {"label"}:
        values = [row["label"] for row in table.rows]
        _rename(table, _meaning(path, values))
    else:
        del table.heads["label"]  # a country's code stands beside it, or a page's address
    return table


def _meaning(path: Path, values: list[str]) -> Column:
    tests: dict[Column, Callable[[str], object]] = {
        "page": lambda value: value.startswith(("/", "http")),
        "source": lambda value: folded(value) in _CHANNEL_OF,
        "country": lambda value: _country(value) != UNKNOWN,
    }
    for dimension, test in tests.items():
        if 2 * sum(map(bool, map(test, values))) > len(values):
            return dimension
    raise WebTrouble(f"{path}: its labels are no pages, countries or kinds of sources: export one of these reports")


def _rename(table: Table, dimension: Column) -> None:
    table.heads[dimension] = table.heads.pop("label")
    for row in table.rows:
        row[dimension] = row.pop("label")


def _add(sums: _Sums, table: Table) -> None:
    kept = {dimension: _KEPT[dimension] for dimension in table.dimensions & _KEPT.keys() - sums.by.keys()}
    for dimension, counted in kept.items():
        if counted in table.heads and _adds_up(counted, table.dimensions):
            sums.by[dimension] = _counted(sums, table, dimension, counted)
    if table.dimensions == {"month"}:
        _add_months(sums, table)
    for counted in table.heads.keys() - table.dimensions:
        if _adds_up(counted, table.dimensions):
            _total(sums, table, counted)


def _adds_up(counted: Column, dimensions: frozenset[Column]) -> bool:
    """A visit sees several pages, and a user comes in several months and ways: those sums would count them again."""
    if counted == "views":
        return True
    return "page" not in dimensions and (counted != "users" or dimensions <= {"country"})


def _counted(sums: _Sums, table: Table, dimension: Column, counted: Column) -> Counter[str]:
    found = Counter[str]()
    for row, counts in zip(table.rows, table.counts, strict=True):
        value = row[dimension]
        key = _page(value) if dimension == "page" else _source(value) if dimension == "source" else _country(value)
        if key == UNKNOWN and dimension == "country" and folded(value) not in _NOBODY_KNOWS:
            sums.strange.add(pages.discreet(value))
        found[key] += counts[counted]
    return found


def _add_months(sums: _Sums, table: Table) -> None:
    for row, counts in zip(table.rows, table.counts, strict=True):
        found = re.match(r"(\d{4})-?(\d{2})", row["month"])
        if found:
            month = sums.months.setdefault(f"{found[1]}-{found[2]}", Counter())
            by_day = len(re.sub(r"\D", "", row["month"])) > len("202603")
            month.update({counted: number for counted, number in counts.items() if counted != "users" or not by_day})


def _total(sums: _Sums, table: Table, counted: Column) -> None:
    of = tuple(sorted(table.dimensions))
    totals = sums.totals.setdefault(counted, {})
    if of in totals:
        raise WebTrouble(
            f'two tables give "{table.heads[counted]}" by {" and ".join(of)}: name one export for the whole period, '
            "or the sums would count it twice"
        )
    totals[of] = sum(counts[counted] for counts in table.counts)


def _best(totals: dict[tuple[Column, ...], int]) -> int | None:
    return next((totals[(of,)] for of in _BEST if (of,) in totals), next(iter(totals.values()), None))


def _figures(asked: Asked, days: tuple[date, date], sums: _Sums, tables: list[Table]) -> WebFigures:
    total: dict[Column, int | None] = {
        counted: _best(sums.totals.get(counted, {})) for counted in ("visits", "users", "new_users", "views")
    }
    views = sums.by.get("page", Counter())
    return WebFigures(
        origin="export",
        begins=days[0],
        ends=days[1],
        visits=total["visits"],
        users=total["users"],
        new_users=total["new_users"],
        looks_back=True,
        pages=total["views"],
        by_country=ranked(sums.by.get("country", {})),
        by_source=ranked(sums.by.get("source", {})),
        by_page=tuple(ranked(views).items())[:TEN],
        by_topic=grouped(views, lambda name: asked.place(name)[1]),
        by_language=grouped(views, lambda name: asked.place(name)[0]),
        by_month={
            name: Month(each.get("visits"), each.get("users"), each.get("views"))
            for name, each in sorted(sums.months.items())
        },
        understood=tuple(dict.fromkeys(f"{head} ({known})" for table in tables for known, head in table.heads.items())),
        strange=tuple(sorted(sums.strange)),
        unequal=tuple(_unequal(sums)),
    )


def _unequal(sums: _Sums) -> Iterator[tuple[str, str, int]]:
    """Every total of a count whose tables disagree: the count, its table, the sum."""
    for counted, totals in sorted(sums.totals.items()):
        if len(set(totals.values())) > 1:
            yield from ((counted, "+".join(of), number) for of, number in sorted(totals.items()))


def _page(value: str) -> str:
    octets = value.encode()
    return (
        pages.named(octets if octets.startswith((b"/", b"http")) else b"/" + octets)
        or pages.discreet(value)[: pages.LONGEST]
    )


def _source(value: str) -> str:
    """A channel of the service, or a source with its medium (google / organic), or a host."""
    name, _, medium = folded(value).partition(" / ")
    if known := _CHANNEL_OF.get(folded(value)) or _CHANNEL_OF.get(name):
        return known
    if medium in {"organic", "cpc"}:
        return "search"
    host = sources.bare(name if "." in name else f"{name}.com")
    known = sources.source_of(host)
    return known if known != "site" or "." in name else "other"


def _country(value: str) -> str:
    code = value.strip().upper()
    return code if code in REGION_OF else _country_names().get(_spelled(value), UNKNOWN)


@cache
def _country_names() -> dict[str, str]:
    from babel import Locale

    names = {
        _spelled(name): code
        for language in ("en", "fr", "es")
        for code, name in Locale(language).territories.items()
        if code in REGION_OF
    }
    return names | {_spelled(name): code for name, code in _OTHER_NAMES.items()}


def _spelled(name: str) -> str:
    """Without accents and the like: Saint Lucia, St. Lucia; Trinidad & Tobago, Trinidad and Tobago."""
    plain = "".join(letter for letter in normalize("NFKD", folded(name)) if not combining(letter))
    return " ".join(_JOINT.sub(" ", plain).replace("saint ", "st ").split())
