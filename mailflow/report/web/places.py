"""Which country an address belongs to, and which region of the world a country.

The countries come from the five registries of addresses, as the package `iptocc` carries them: no file to fetch, no
licence that asks for deletion, renewed with every release. It is the country to which an address was given, which is
not always where it is used.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from ipaddress import ip_address

from mailflow.report.web.figures import UNKNOWN
from mailflow.report.web.trouble import WebTrouble

# As the United Nations' statisticians group them (M49); Taiwan and Kosovo, which they leave out, by where they lie.
_REGIONS = {
    "africa": "AO BF BI BJ BW CD CF CG CI CM CV DJ DZ EG EH ER ET GA GH GM GN GQ GW IO KE KM LR LS LY MA MG ML MR MU MW "
    "MZ NA NE NG RE RW SC SD SH SL SN SO SS ST SZ TD TF TG TN TZ UG YT ZA ZM ZW",
    "americas": "AG AI AR AW BB BL BM BO BQ BR BS BV BZ CA CL CO CR CU CW DM DO EC FK GD GF GL GP GS GT GY HN HT JM KN "
    "KY LC MF MQ MS MX NI PA PE PM PR PY SR SV SX TC TT US UY VC VE VG VI",
    "asia": "AE AF AM AZ BD BH BN BT CN CY GE HK ID IL IN IQ IR JO JP KG KH KP KR KW KZ LA LB LK MM MN MO MV MY NP OM "
    "PH PK PS QA SA SG SY TH TJ TL TM TR TW UZ VN YE",
    "europe": "AD AL AT AX BA BE BG BY CH CZ DE DK EE ES FI FO FR GB GG GI GR HR HU IE IM IS IT JE LI LT LU LV MC MD ME "
    "MK MT NL NO PL PT RO RS RU SE SI SJ SK SM UA VA XK",
    "oceania": "AS AU CC CK CX FJ FM GU HM KI MH MP NC NF NR NU NZ PF PG PN PW SB TK TO TV UM VU WF WS",
}
REGION_OF = {code: region for region, codes in _REGIONS.items() for code in codes.split()}


def region(country: str) -> str:
    """One of REGIONS."""
    return REGION_OF.get(country, "unknown")


def country(address: bytes) -> bytes:
    """Its two letters, or UNKNOWN: of private addresses, names of hosts, and what the registries call "EU"."""
    code = _look_up()(address.decode("ascii", "replace")) or UNKNOWN
    return (code if code in REGION_OF else UNKNOWN).encode()


def is_address(text: bytes) -> bool:
    try:
        ip_address(text.decode("ascii", "replace"))
    except ValueError:
        return False
    return True


@cache
def _look_up() -> Callable[[str], str | None]:
    try:
        from iptocc import country_code
    except ModuleNotFoundError:
        raise WebTrouble('countries need a package that is missing: pip install "mailflow[web]"') from None
    return country_code
