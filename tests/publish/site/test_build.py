"""What stands where: topics, languages, versions, audiences, withdrawn items."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from mailflow.core.publication import Audience, Item
from mailflow.publish.site import Site, SiteError, Topic, build
from tests.publish.site.conftest import TODAY, Look
from tests.publish.site.made import item

Make = Callable[..., Look]


def test_an_item_stands_on_each_of_its_topic_pages_and_has_one_address(make: Make) -> None:
    look = make([item(topics=("wages", "hours"))])
    for topic in ("wages", "hours"):
        assert 'href="../../../en/q/first/"' in look.page(f"en/topics/{topic}")
    assert [path for path in look.built.written if path.endswith("first/index.html")] == ["en/q/first/index.html"]


def test_a_topic_without_a_question_has_no_page(make: Make) -> None:
    look = make([item()])
    assert not (look.folder / "en/topics/hours").exists()
    assert "topics/hours" not in look.page("en")


def test_many_questions_are_grouped_by_the_other_topic(make: Make) -> None:
    look = make([item(f"i{n}", topics=("wages", "hours") if n % 2 else ("wages",)) for n in range(8)])
    page = look.page("en/topics/wages")
    assert page.index("Title of i0") < page.index("Also on:") < page.index("Title of i1")


def test_the_same_item_in_other_languages_is_linked_both_ways(make: Make) -> None:
    look = make([item(), item(language="fr", title="Titre"), item("alone", language="fr")])
    english, french = look.page("en/q/first"), look.page("fr/q/first")
    for page in (english, french):
        assert '<link rel="alternate" hreflang="en" href="https://desk.example.org/answers/en/q/first/">' in page
        assert '<link rel="alternate" hreflang="fr" href="https://desk.example.org/answers/fr/q/first/">' in page
    assert 'href="../../../fr/q/first/" lang="fr"' in english
    assert "alternate" not in look.page("fr/q/alone").replace("application/atom+xml", "").replace(
        'rel="alternate" type', ""
    )


def test_an_earlier_version_has_a_page_of_its_own_that_nothing_lists(make: Make) -> None:
    look = make([item(answer="Old words."), item(version=2, changed=date(2026, 9, 1), answer="New words.")])
    now, before = look.page("en/q/first"), look.page("en/q/first/v1")
    assert "New words." in now
    assert "Version 2, changed in September 2026" in now
    assert 'href="../../../en/q/first/v1/"' in now
    assert "Old words." in before
    assert "This is an earlier version" in before
    assert 'content="noindex"' in before
    assert "v1" not in (look.folder / "sitemap.xml").read_text()
    assert look.built.items == look.built.searchable == 1


def test_a_withdrawn_item_leaves_a_page_without_a_word_of_it(make: Make) -> None:
    words = {"title": "Heron", "question": "Heron?", "answer": "Heron."}
    make([item(**words), item("second"), item(**words, version=2)])
    look = make([item(**words), item("second"), item(**words, version=2, withdrawn=date(2026, 8, 1))])
    assert "It was withdrawn in August 2026" in look.page("en/q/first")
    assert 'content="noindex"' in look.page("en/q/first")
    assert not (look.folder / "en/q/first/v1").exists()
    everything = b"".join(path.read_bytes() for path in look.folder.rglob("*") if path.is_file())
    assert b"eron" not in everything
    assert b"q/first" not in b"".join((look.folder / name).read_bytes() for name in ("sitemap.xml", "en/feed.xml"))
    assert look.built.tombstones == 1


def test_what_is_for_training_is_not_in_the_public_site(make: Make) -> None:
    some = [item(), item("inside", audience=Audience.TRAINING)]
    assert not (make(some).folder / "en/q/inside").exists()
    look = make(some, audience=Audience.TRAINING)
    assert "For training only" in look.page("en/q/inside")
    assert 'content="noindex"' in look.page("en")
    assert "Disallow: /" in (look.folder / "robots.txt").read_text()


def test_an_item_whose_review_is_due_says_so_and_is_listed(make: Make) -> None:
    some = [item(review_by=date(2026, 11, 1)), item("later", review_by=date(2027, 1, 1))]
    look = make(some)
    assert look.built.overdue == ("en/first",)
    assert "is being reviewed" in look.page("en/q/first")
    assert "is being reviewed" not in look.page("en/q/later")
    assert "To be reviewed by January 2027" in look.page("en/q/later")


def test_a_language_that_nobody_prepared_still_works(make: Make) -> None:
    look = make([item(language="sw", title="Mshahara", topics=("wages",))])
    page = look.page("sw/q/first")
    assert '<html lang="sw" dir="ltr">' in page
    assert '<body lang="en" dir="ltr">' in page
    assert '<article lang="sw" dir="ltr">' in page
    assert '<span lang="en" dir="ltr">Wages</span>' in page
    assert "Kiswahili" in look.page("en")


def test_urdu_reads_from_right_to_left(make: Make) -> None:
    assert '<html lang="ur" dir="rtl">' in make([item(language="ur")]).page("ur/q/first")


def test_a_country_has_a_page_and_a_name(make: Make) -> None:
    look = make([item(countries=("VN",)), item(language="fr", countries=("VN",))])
    assert "<h1>Vietnam</h1>" in look.page("en/countries/vn")
    assert "<h1>Viêt Nam</h1>" in look.page("fr/countries/vn")
    assert 'href="../../../fr/countries/vn/"' in look.page("en/countries/vn")


def test_a_site_without_a_question_says_so(make: Make) -> None:
    look = make([])
    assert "No answer has been published in this language yet." in look.page("en")
    assert look.built.searchable == 0


def test_markup_in_an_item_is_shown_and_not_obeyed(make: Make) -> None:
    look = make([item(title="<b>a</b>", question="</script><script>x", answer="<img src=x>")])
    page = look.page("en/q/first")
    assert "<b>" not in page
    assert "<img src=x>" not in page
    assert page.count("</script>") == 1


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        (item("Über"), "en/Über: it is left out: an id holds a-z, 0-9"),
        (item("../out"), "en/../out: it is left out: an id holds a-z, 0-9"),
        (item("bad", language="../x"), "../x/bad: it is left out: '../x' is no language tag"),
        (item("bad", answer=" "), "en/bad: it is left out: its title, question or answer is empty"),
    ],
)
def test_an_item_that_cannot_stand_anywhere_is_left_out_and_named(make: Make, wrong: Item, told: str) -> None:
    look = make([item("good"), replace(wrong, version=2), replace(wrong, answer="An old one.")])
    assert look.built.odd[0].startswith(told)
    assert (look.built.items, len(look.built.odd)) == (1, 1)
    assert "An old one." not in "".join(path.read_text() for path in look.folder.rglob("*.html"))


def test_an_item_whose_topic_or_country_is_gone_stands_without_it_and_is_named(make: Make) -> None:
    some = [item(topics=("nowhere", "wages"), countries=("XX1", "CH")), item("alone", topics=("nowhere",))]
    newer = [item(f"newer{n}", month=date(2026, 5, 1)) for n in range(8)]
    withdrawn = item("away", topics=("nowhere",), withdrawn=date(2026, 8, 1))
    look = make([*some, *newer, withdrawn])
    assert look.built.odd == (
        "en/alone: topic 'nowhere' is not among the site's topics",
        "en/first: 'XX1' is no country",
        "en/first: topic 'nowhere' is not among the site's topics",
    )
    assert "en/q/first/" in look.page("en/topics/wages")
    assert "Title of alone" in look.page("en/q/alone")
    assert "en/q/alone/" in look.page("en")  # no topic's page leads there
    assert "It was withdrawn" in look.page("en/q/away")


def test_the_same_version_twice_is_refused(make: Make) -> None:
    with pytest.raises(SiteError, match="twice in the same version"):
        make([item(), item(title="Another")])


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"base_url": "desk.example.org"}, "no address of a site"),
        ({"languages": ()}, "no language"),
        ({"address": "nobody"}, "no mail address"),
        ({"name": {}}, "no name"),
        ({"topics": (Topic("wages", "", {}),)}, "without words in any language"),
        ({"pages": Path("nowhere")}, "no folder"),
    ],
)
def test_a_site_that_is_told_wrong_is_refused(make: Make, change: dict[str, object], told: str) -> None:
    with pytest.raises(SiteError, match=told):
        make([item()], **change)


def test_missing_templates_are_named(site: Site, tmp_path: Path) -> None:
    with pytest.raises(SiteError, match="fresh installation"):
        build(site, [item()], tmp_path / "out", today=TODAY, templates=tmp_path)
