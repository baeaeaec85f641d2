"""Public holidays, resolved to dates: core knows no country."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Annotated

from pydantic import AfterValidator

from mailflow.config.problems import suggestion
from mailflow.config.values import Hint, Kind

# The first years are those of the oldest mail an archive may hold; the last outlive every deadline that may be set.
YEARS = range(2000, 2100)


def public_holidays(countries: Iterable[str]) -> frozenset[date]:
    """All public holidays of these countries ("CH") or parts of one ("CH-GE") in YEARS, as far as they are known."""
    return frozenset(day for country in countries for day in _days(country))


def _days(code: str) -> Iterable[date]:
    import holidays  # here, because it costs 300 ms and an installation may do without

    country, _, part = code.partition("-")
    known = holidays.country_holidays(country)
    years = range(max(YEARS.start, known.start_year), min(YEARS.stop, known.end_year + 1))
    return list(holidays.country_holidays(country, subdiv=part or None, years=years))


def _country(code: str) -> str:
    import holidays

    parts = holidays.list_supported_countries(include_aliases=False)
    country, dash, part = code.partition("-")
    if country not in parts:
        raise Hint(suggestion(country, parts))
    if dash and part not in parts[country]:
        full = [f"{country}-{name}" for name in parts[country]]
        raise Hint(suggestion(code, full) or f" ({country} has {'no parts' if not full else ', '.join(full)})")
    return code


Country = Annotated[
    str, AfterValidator(_country), Kind('a country (ISO 3166-1), or a part of one, such as "CH" or "CH-GE"')
]
