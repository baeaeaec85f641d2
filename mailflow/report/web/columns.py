"""How analytics services head the columns of their exports, in English, French and Spanish."""

from __future__ import annotations

import re
from typing import Literal

Column = Literal["page", "country", "source", "month", "label", "views", "users", "new_users", "visits"]
DIMENSIONS: frozenset[Column] = frozenset(("page", "country", "source", "month", "label"))

_HEADS: dict[Column, str] = {
    "page": "page path and screen class|page path|page path and query string|page path + query string|page location|page|"
    "page url|pagepath|page_path|full page url|"
    "chemin de la page et classe de l'écran|chemin de la page|chemin de la page et chaîne de requête|url de la page|"
    "adresse de la page|emplacement de la page|"
    "ruta de página y clase de pantalla|ruta de la página y clase de pantalla|ruta de página|ruta de la página|"
    "ruta de la página y cadena de consulta|url de la página|ubicación de la página|página",
    "country": "country|country id|countrycode|country_code|metadata: code|metadata_code|pays|code pays|país|código de país",
    "source": "session default channel group|session primary channel group|default channel group|channel|channel type|"
    "session default channel grouping|default channel grouping|first user default channel group|"
    "first user primary channel group|session source|session source / medium|source|source / medium|referrer type|"
    "groupe de canaux par défaut de la session|groupe de canaux principal de la session|groupe de canaux par défaut|"
    "source de la session|source de la session / support|source / support|type de référent|provenance|"
    "grupo de canales predeterminado de la sesión|grupo de canales principal de la sesión|"
    "grupo de canales predeterminado|grupo de canales por defecto|fuente de la sesión|fuente|fuente / medio|"
    "fuente/medio de la sesión|tipo de referencia|procedencia",
    "month": "month|year month|yearmonth|month of year|date|nth month|mois|mois de l'année|mois et année|mes|año y mes|"
    "mes del año|fecha",
    "label": "label|libellé|etiqueta",
    "views": "views|pageviews|page views|screenpageviews|nb_hits|vues|pages vues|nombre de vues|vues de page|vistas|"
    "visualizaciones|páginas vistas|vistas de página|número de vistas|número de visitas a páginas",
    "users": "total users|totalusers|active users|activeusers|users|unique visitors|nb_uniq_visitors|"
    "nombre total d'utilisateurs|total des utilisateurs|utilisateurs actifs|utilisateurs|visiteurs uniques|"
    "usuarios totales|total de usuarios|usuarios activos|usuarios|visitantes únicos",
    "new_users": "new users|newusers|nouveaux utilisateurs|nuevos usuarios|usuarios nuevos",
    "visits": "sessions|visits|nb_visits|visites|sesiones|visitas",
}
_KIND = {head: kind for kind, heads in _HEADS.items() for head in heads.split("|")}
_ASIDE = re.compile(r" \([^()]*\)$")  # Session primary channel group (Default channel group)


def folded(text: str) -> str:
    """A head or a name as it is compared."""
    return " ".join(text.casefold().replace("\N{RIGHT SINGLE QUOTATION MARK}", "'").split())


def kind(head: str) -> Column | None:
    """What a column holds; None when that isn't known, or of no use here."""
    plain = folded(head)
    return _KIND.get(plain) or _KIND.get(_ASIDE.sub("", plain))


def recognised(heads: list[str]) -> dict[int, Column]:
    """The columns that are understood, by place; of two of a kind the first."""
    found = dict[int, Column]()
    for place, head in enumerate(heads):
        known = kind(head)
        if known and known not in found.values():
            found[place] = known
    return found
