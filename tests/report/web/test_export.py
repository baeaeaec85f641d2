"""Exports of analytics services to figures."""

from datetime import date

import pytest

from mailflow.report.web.columns import kind
from mailflow.report.web.exported import from_exports
from mailflow.report.web.figures import Month
from mailflow.report.web.reading import Asked
from mailflow.report.web.trouble import WebTrouble

YEAR = Asked(date(2026, 3, 1), date(2027, 2, 28))
HEAD = "# ----------------\n# Free form 1\n# Account: Desk\n# Start date: 20260301\n# End date: 20270228\n# ----------------\n\n"
GOOGLE = (
    HEAD
    + """Page path and screen class,Views,Active users,Views per active user
,1500,900,1.67,Grand total
/en/wages/,"1,000",800,1.25
/es/salarios/index.html,300,200,1.5
/en/,200,150,1.33
# ----------------
# Countries
# ----------------

Country,Active users,New users,Sessions
Netherlands,500,400,700
Côte d’Ivoire,300,300,310
(not set),100,90,110

Session primary channel group (Default channel group),Sessions
Organic Search,700
Direct,200
Referral,120
Organic Social,80
Email,20
"""
)


@pytest.fixture
def figures(tmp_path):
    def read(*texts, asked=YEAR, coding="utf-8"):
        paths = [tmp_path / f"{number}.csv" for number in range(len(texts))]
        for path, text in zip(paths, texts, strict=True):
            path.write_bytes(text.encode(coding))
        return from_exports(paths, asked)

    return read


def test_a_snapshot_with_several_tables(figures):
    found = figures(GOOGLE, asked=Asked())
    assert (found.begins, found.ends) == (date(2026, 3, 1), date(2027, 2, 28))
    assert (found.visits, found.users, found.new_users, found.pages) == (1120, 900, 790, 1500)
    assert found.by_country == {"NL": 500, "CI": 300, "ZZ": 100}
    assert found.countries == 2
    assert found.by_page == (("/en/wages/", 1000), ("/es/salarios/", 300), ("/en/", 200))
    assert found.by_language == {"en": 1200, "es": 300}
    assert found.by_topic == {"wages": 1000, "salarios": 300, "": 200}
    assert found.by_source == {"search": 700, "direct": 200, "site": 120, "social": 80, "other": 20}


def test_it_tells_which_columns_it_understood(figures):
    assert figures(GOOGLE).understood[:4] == (
        "Page path and screen class (page)", "Views (views)", "Active users (users)", "Country (country)",
    )  # fmt: skip


@pytest.mark.parametrize(("pages", "countries"), [
    (
        "Chemin de la page et classe de l’écran;Vues;Utilisateurs actifs\n/fr/salaires/;1\u202f200;900\n",
        "Pays;Utilisateurs actifs;Nouveaux utilisateurs;Sessions\nPays-Bas;500;400;700\nAfrique du Sud;3;2;4\n",
    ),
    (
        "Ruta de página y clase de pantalla\tVistas\tUsuarios activos\n/fr/salaires/\t1.200\t900\n",
        "País\tUsuarios activos\tUsuarios nuevos\tSesiones\nPaíses Bajos\t500\t400\t700\nSudáfrica\t3\t2\t4\n",
    ),
])  # fmt: skip
def test_in_french_and_spanish(figures, pages, countries):
    found = figures(pages, countries)
    assert (found.pages, found.visits, found.users, found.new_users) == (1200, 704, 503, 402)
    assert found.by_country == {"NL": 500, "ZA": 3}


def test_matomos_labels_are_told_by_what_they_are(figures):
    pages = 'Label,Unique Pageviews,Pageviews,Metadata: url\n"/en/wages/",5,12,https://www.desk.example/en/wages/\n'
    places = "Label,Unique visitors,Visits,Metadata: code\nPays-Bas,4,6,nl\nInconnu,1,1,xx\n"
    kinds = "Label;Visits\nSearch Engines;5\nDirect Entry;2\n"
    found = figures(pages, places, kinds, coding="utf-16")
    assert found.by_page == (("/en/wages/", 12),)
    assert found.by_country == {"NL": 4, "ZZ": 1}
    assert found.by_source == {"search": 5, "direct": 2}
    assert found.visits == 7


def test_by_month_and_by_day(figures):
    assert figures("Month,Sessions,Users,Views\n202603,5,4,9\n202604,6,5,7\n").by_month == {
        "2026-03": Month(5, 4, 9), "2026-04": Month(6, 5, 7),
    }  # fmt: skip
    assert figures("Date,Sessions,Users\n20260301,5,4\n20260302,6,5\n").by_month == {"2026-03": Month(11, None, None)}


def test_what_doesnt_add_up_is_not_added_up(figures):
    """Users of several pages, months or ways would count several times."""
    found = figures("Page path,Views,Users,Sessions\n/en/a,5,4,4\n/en/b,3,3,3\n")
    assert (found.pages, found.users, found.visits) == (8, None, None)
    assert (
        figures("Session source / medium,Users,Sessions\ngoogle / organic,5,6\n(direct) / (none),2,2\n").users is None
    )


def test_pages_by_country_are_both(figures):
    found = figures("Page path,Country,Views\n/en/a,France,5\n/en/b,France,3\n/en/a,Chile,2\n")
    assert (found.by_page, found.pages, found.by_country) == ((("/en/a", 7), ("/en/b", 3)), 10, {})


def test_sources_with_their_medium_and_hosts(figures):
    found = figures(
        "Session source / medium,Sessions\ngoogle / organic,5\n(direct) / (none),4\nfacebook.com / referral,3\n"
        "unions.example / referral,2\nnewsletter / email,1\n"
    )
    assert found.by_source == {"search": 5, "direct": 4, "social": 3, "site": 2, "other": 1}


def test_tables_that_disagree_are_named(figures):
    assert figures(GOOGLE).unequal == ()
    found = figures("Country,Sessions\nFrance,100\n", "Month,Sessions\n202603,98\n")
    assert found.unequal == (("visits", "country", 100), ("visits", "month", 98))
    assert found.visits == 100


def test_countries_that_arent_known_are_named(figures):
    found = figures("Country,Users\nFrance,3\nAtlantis,2\nUnknown,1\n")
    assert (found.by_country, found.strange) == ({"FR": 3, "ZZ": 3}, ("Atlantis",))


@pytest.mark.parametrize(("text", "why"), [
    ("Fruit,Price\napple,3\n", 'its columns: "Fruit", "Price"'),
    ("Page path,Bounce rate\n/en/,3\n", "no table of it is understood"),
    ("# only comments\n", "there is no table in it"),
    ("", "there is no table in it"),
    ("Page path,Views\n/en/,many\n", 'line 2: there is no whole number under "Views"'),
    ("Page path,Views\n/en/,1.5\n", "line 2: there is no whole number"),
    ("Label,Visits\nred,3\nblue,4\n", "its labels are no pages"),
    ("Country,Users\nFrance,3\n\nCountry,Users\nFrance,3\n", 'two tables give "Users" by country'),
])  # fmt: skip
def test_what_isnt_understood_is_refused(figures, text, why):
    with pytest.raises(WebTrouble, match=why):
        figures(text)


def test_without_days_it_asks_for_them(figures):
    with pytest.raises(WebTrouble, match="name them with --from and --to"):
        figures("Country,Users\nFrance,3\n", asked=Asked())


@pytest.mark.parametrize(("head", "column"), [
    ("VIEWS", "views"), ("  Active   users ", "users"), ("Bounce rate", None), ("", None), ("Landing page", None),
    ("Groupe de canaux principal de la session (groupe de canaux par défaut)", "source"), ("Fuente/medio de la sesión", "source"),
])  # fmt: skip
def test_heads(head, column):
    assert kind(head) == column


def test_no_page_of_an_export_tells_whose_it_is(figures):
    text = "Page,Views\n/unsubscribe/ann@firm.example/,5\n/leaflet.pdf?mail=ann@firm.example,4\n/call/+41 22 799 61 11/,3\n"
    found = figures(text)
    assert found.by_page == (("/unsubscribe/…/", 5), ("/…", 4), ("/call/…/", 3))
