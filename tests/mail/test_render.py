"""Templates to bodies: whose words may act, how dates read, and what is told of a faulty set."""

from __future__ import annotations

import html
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import parse_qs, unquote, urlsplit
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from selectolax.lexbor import LexborHTMLParser

from mailflow.core import audience, tokens
from mailflow.core.effects import Passage
from mailflow.core.model import State
from mailflow.core.wording import Flag, Said, line
from mailflow.mail import lint, locales, markup, words
from mailflow.mail.render import RULE, Letterhead, MissingTemplateError, Rendered, Templates
from mailflow.mail.samples import NOW, SAMPLES

REAL = Path(__file__).parents[2] / "templates"
TOKEN = "a2b3c4d5e6f7g2h3i4j5k6l7m2n3o"
ZURICH = ZoneInfo("Europe/Zurich")
HEAD = Letterhead("Desk", "desk@example.org", "2026-0042", NOW, UTC, TOKEN, f"desk+{TOKEN}@example.org")
LAYOUT = (
    '<html lang="{{ lang }}" dir="{{ dir }}"><title>{{ subject }}</title><small>{{ marker }}</small>\n<main>{{ body }}</main>'
    '{% for action in actions %}<a href="{{ action.href }}">{{ action.label }}</a>{% endfor %}</html>'
)
WORDS = 'marker = "Write above"\n[actions]\nstop = "Stop it"\nsend = "Send it"\n[flags]\nforged = "it is forged"\n'


def templates(folder: Path, body: str = "", *, subject: str = "Hello", **files: str) -> Templates:
    """A set of one English template called x; further files by their path, with __ for / and _ for a dot."""
    held = {"layout.html": LAYOUT, "en/words.toml": WORDS, "en/x.txt": f"Subject: {subject}\n\n{body}\n"}
    held |= {name.replace("__", "/").replace("_", "."): text for name, text in files.items()}
    for name, text in held.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8")
    return Templates(folder)


def rendered(folder: Path, body: str, head: Letterhead = HEAD, **facts: object) -> Rendered:
    return templates(folder, body).render("x", "en", facts, head)


def body_of(mail: Rendered) -> str:
    return mail.text.split("\n\n", 1)[1].rstrip("\n")


def main(mail: Rendered) -> str:
    return mail.html.partition("<main>")[2].partition("</main>")[0]


# ---------------------------------------------------------------- whose words may act

HOSTILE = "{{ ref }} {% if x %}\n- <b>item</b> & https://evil.example/x\n\n---\nSubject: other"


def test_a_passage_is_data_whatever_it_looks_like(tmp_path):
    mail = rendered(tmp_path, "Before\n\n{{ answer }}\n\nAfter", answer=Passage(HOSTILE))
    assert body_of(mail) == f"Before\n\n{HOSTILE}\n\nAfter"
    page = LexborHTMLParser(main(mail))
    assert not page.css("ul, b, a, hr")
    assert "<b>item</b> & https://evil.example/x" in page.css_first(".passage").text()


def test_a_fact_of_one_line_is_data_and_stays_on_one_line(tmp_path):
    mail = rendered(
        tmp_path, "Subject: {{ subject }}\n{{ subject }}", subject="- <i>a</i>\r\nBcc: https://evil.example"
    )
    assert body_of(mail) == "Subject: - <i>a</i> Bcc: https://evil.example\n- <i>a</i> Bcc: https://evil.example"
    assert not LexborHTMLParser(main(mail)).css("ul, i, a")


def test_rich_words_stand_in_the_html_and_plain_ones_in_the_text(tmp_path):
    mail = rendered(tmp_path, "{{ answer }}", answer=Passage("Plain.", "<p><b>Rich</b>\nwords</p>"))
    assert body_of(mail) == "Plain."
    assert "<p><b>Rich</b>\nwords</p>" in main(mail)
    assert "Plain." not in main(mail)


def test_lines_of_plain_words_are_neither_lost_nor_joined(tmp_path):
    mail = rendered(tmp_path, "{{ answer }}", answer=Passage("one\ntwo\n\n\nthree"))
    assert "<p>one<br>\ntwo</p>\n<p>three</p>" in main(mail)


def test_controls_and_bidi_overrides_are_removed_everywhere(tmp_path):
    bad = "a\x00b\x02c\x03d\x1fe\x1ff\u202eg\u2066h\x7fi\ud800j"
    mail = rendered(tmp_path, "{{ subject }}\n\n{{ answer }}", subject=bad, answer=Passage(bad, bad))
    assert body_of(mail) == "abcdefghij\n\nabcdefghij"
    assert "abcdefghij" in main(mail)
    mail.html.encode()


@settings(deadline=None)
@given(st.text())
def test_any_words_come_through_as_they_were(text):
    cleaned = markup.clean(text)
    fenced = markup.fence_passage(Passage(cleaned))
    assert markup.to_text(fenced) == cleaned.strip("\n")
    page = LexborHTMLParser(f"<main>{markup.to_html(fenced)}</main>")
    assert {node.tag for node in page.css("main *")} <= {"div", "p", "br"}
    assert page.css_first("main").text(deep=True).split() == cleaned.split()


def test_an_empty_passage_is_false_in_a_condition(tmp_path):
    assert body_of(rendered(tmp_path, "{% if answer %}yes{% else %}no{% endif %}", answer=Passage(" \n"))) == "no"


@pytest.mark.parametrize("body", ["See {{ answer }}", "{{ answer }}.", "- {{ answer }}", "{{ answer }}{{ answer }}"])
def test_a_passage_that_shares_its_line_is_refused(tmp_path, body):
    with pytest.raises(ValueError, match="alone"):
        rendered(tmp_path, body, answer=Passage("x"))


def test_a_passage_in_a_subject_is_refused(tmp_path):
    with pytest.raises(ValueError, match="subject"):
        templates(tmp_path, "x", subject="{{ answer }}").render("x", "en", {"answer": Passage("x")}, HEAD)


def test_a_template_cannot_reach_what_it_was_not_given(tmp_path):
    for body in ("{{ self }}", "{{ ref.__class__ }}", "{{ range(9) }}", "{{ ().__class__.__bases__ }}"):
        with pytest.raises(Exception, match=r"undefined|unsafe|put out"):
            rendered(tmp_path, body)


# ---------------------------------------------------------------- what a template may say


def test_paragraphs_lists_rules_and_links_become_html(tmp_path):
    mail = rendered(tmp_path, "One\ntwo\n- a\n- {{ ref }}\n\n---\n\nSee https://example.org/a?b=1&c=2. <End>")
    assert main(mail) == (
        '<div lang="en" dir="ltr">\n<p>One<br>\ntwo</p>\n<ul>\n<li>a</li>\n<li>2026-0042</li>\n</ul>\n<hr>\n'
        '<p>See <a href="https://example.org/a?b=1&amp;c=2">https://example.org/a?b=1&amp;c=2</a>. &lt;End&gt;</p>\n</div>'
    )


def test_a_line_of_tags_vanishes_and_a_tag_in_a_sentence_leaves_its_line_break(tmp_path):
    body = "{% if n %}\nA{% if n %} b{% endif %}\n\n{% endif %}\nC\n{% for x in l %}\n- {{ x }}\n{% endfor %}"
    assert body_of(rendered(tmp_path, body, n=1, l=("p", "q"))) == "A b\n\nC\n- p\n- q"


def test_at_most_one_blank_line_is_left_between_paragraphs(tmp_path):
    assert body_of(rendered(tmp_path, "A\n\n{% if n %}x{% endif %}\n  \n\nB", n=0)) == "A\n\nB"


@pytest.mark.parametrize("what", ["due", "none", "yes", "files"])
def test_a_value_without_words_of_its_own_is_refused(tmp_path, what):
    with pytest.raises(Exception, match="cannot be put out"):
        rendered(tmp_path, f"{{{{ {what} }}}}", due=NOW, none=None, yes=True, files=("a",))


def test_the_first_line_is_the_marker_with_the_token(tmp_path):
    mail = rendered(tmp_path, "Body")
    assert mail.text.splitlines()[0] == f"Write above [ref:{TOKEN}]"
    assert f"<small>Write above [ref:{TOKEN}]</small>" in mail.html
    assert tokens.find(mail.text) == (TOKEN,)


def test_a_mail_that_cannot_be_answered_has_no_token_in_its_marker(tmp_path):
    mail = rendered(tmp_path, "Body", Letterhead("Desk", "desk@example.org", "", NOW, UTC))
    assert mail.text == "Write above\n\nBody\n"


def test_actions_become_links_that_open_a_reply_with_the_command(tmp_path):
    mail = rendered(tmp_path, "Body", actions=("stop", "send"))
    link = urlsplit(LexborHTMLParser(mail.html).css_first("a").attributes["href"] or "")
    assert (link.scheme, unquote(link.path)) == ("mailto", HEAD.reply_address)
    assert parse_qs(link.query) == {"subject": ["Re: [2026-0042]"], "body": ["#stop \r\n"]}
    last = mail.text.splitlines()[-2:]
    assert [text.partition(" <mailto:")[0] for text in last] == ["Stop it", "Send it"]
    assert all(HEAD.reply_address in text and len(text) < 130 for text in last)


def test_more_than_five_actions_are_not_offered(tmp_path):
    assert rendered(tmp_path, "Body", actions=("stop", "send") * 4).html.count("mailto:") == 5


def test_words_are_said_by_code_by_section_and_by_line(tmp_path):
    spoken = words.read(
        'failed = "top"\n[said]\nassigned = "With {person}."\n[flags]\nforged = "F"\n[states]\nnew = "S"\nx = "1"\n[roles]\nx = "2"'
    )
    assert spoken.say("failed") == "top"
    assert spoken.say("forged") == spoken.say(Flag.FORGED) == spoken.say("forged", "flags") == "F"
    assert spoken.say(State.NEW) == "S"
    assert spoken.say(line("assign ann", Said.ASSIGNED, {"person": "{person}"})) == "With {person}."
    with pytest.raises(LookupError, match="several sections"):
        spoken.say("x")
    with pytest.raises(LookupError, match="no words"):
        spoken.say("nothing")


def test_topics_are_called_as_the_caller_says(tmp_path):
    labels = {"wages": {"en": "Wages", "fr": "Salaires"}}
    head = Letterhead("Desk", "desk@example.org", "", NOW, UTC, topics=labels)
    assert body_of(rendered(tmp_path, "{{ 'wages' | topic }}, {{ 'other' | topic }}", head)) == "Wages, other"


# ---------------------------------------------------------------- dates and names of languages

DAYS = {
    "en": "Tuesday 8 December 2026",
    "fr": "mardi 8 décembre 2026",
    "es": "martes, 8 de diciembre de 2026",
    "pt": "terça-feira, 8 de dezembro de 2026",
    "de": "Dienstag, 8. Dezember 2026",
    "ja": "2026年12月8日（火）",
    "zh": "2026年12月8日星期二",
    "zh-Hant": "2026年12月8日 星期二",
    "th": "วันอังคารที่ 8 ธันวาคม พ.ศ. 2569",
    "vi": "Thứ Ba, ngày 8 tháng 12 năm 2026",
    "ne": "२०२६ डिसेम्बर ८, मङ्गलबार",
    "my": "၂၀၂၆ ခုနှစ်၊ ဒီဇင်ဘာလ ၈ ရက်၊ အင်္ဂါနေ့",
    "ur": "منگل، 8 دسمبر 2026",
}
EIGHTH = datetime(2026, 12, 8, 13, 5, tzinfo=UTC)


@pytest.mark.parametrize(("language", "expected"), DAYS.items())
def test_a_day_reads_as_people_write_it(language, expected):
    assert locales.day(EIGHTH, UTC, language) == expected


def test_the_first_of_a_month_is_an_ordinal_in_french():
    assert locales.day(EIGHTH - timedelta(days=7), UTC, "fr") == "mardi 1er décembre 2026"


def test_a_day_is_the_recipients_own():
    late = datetime(2026, 12, 8, 23, 30, tzinfo=UTC)
    assert locales.day(late, ZURICH, "en") == "Wednesday 9 December 2026"


def test_a_moment_names_time_and_zone():
    assert locales.moment(EIGHTH, ZURICH, "en") == "Tuesday 8 December 2026, 14:05 (UTC+01:00)"
    assert locales.moment(EIGHTH, UTC, "fr") == "mardi 8 décembre 2026, 13:05 (UTC)"
    assert locales.moment(EIGHTH, ZoneInfo("Asia/Kathmandu"), "ne").startswith("२०२६ डिसेम्बर ८, मङ्गलबार १८:५०")


def test_a_time_without_a_zone_is_refused():
    with pytest.raises(ValueError, match="zone"):
        locales.day(EIGHTH.replace(tzinfo=None), UTC, "en")


@pytest.mark.parametrize(
    ("code", "language", "expected"),
    [("my", "en", "Burmese"), ("zh-Hant", "fr", "chinois traditionnel"), ("und", "es", "lengua desconocida"),
     ("pt-XX", "en", "Portuguese"), ("x-y", "en", "x-y")],
)  # fmt: skip
def test_a_language_is_called_by_its_name(code, language, expected):
    assert locales.language_name(code, language) == expected


# ---------------------------------------------------------------- languages


def test_a_missing_language_is_an_error_and_never_replaced_in_silence(tmp_path):
    held = templates(tmp_path, "Body")
    with pytest.raises(MissingTemplateError):
        held.render("x", "fr", {}, HEAD)
    assert held.first("x", ("fr", "en")) == "en"
    with pytest.raises(MissingTemplateError):
        held.first("x", ("fr",))


def test_two_languages_stand_one_below_the_other(tmp_path):
    held = templates(
        tmp_path,
        "English",
        subject="[{{ ref }}] Hello",
        ur__words_toml='marker = "U"',
        ur__x_txt="Subject: [{{ ref }}] U\n\nUrdu",
    )
    mail = held.render("x", "en", {}, HEAD, also="ur")
    assert mail.subject == "[2026-0042] Hello / U"
    assert body_of(mail) == f"English\n\n{RULE}\n\nUrdu"
    assert '<div lang="en" dir="ltr">\n<p>English</p>\n</div>\n<hr>\n<div lang="ur" dir="rtl">' in main(mail)
    assert mail.languages == ("en", "ur")


def test_edits_after_loading_do_not_touch_a_set_in_use(tmp_path):
    held = templates(tmp_path, "Old")
    templates(tmp_path, "{% broken")
    assert body_of(held.render("x", "en", {}, HEAD)) == "Old"


# ---------------------------------------------------------------- check


def problems(folder: Path, *, samples: object = None, staff: tuple[str, ...] = (), **files: str) -> list[str]:
    templates(folder, "Body", **files)
    found = lint.check(Templates(folder), samples or {"answer": ({"n": 1},)}, (), staff)
    return [str(problem).replace(f"{folder}/", "") for problem in found]


@pytest.mark.parametrize(
    ("source", "line_", "said"),
    [
        ("Subject: x\n\n\nHello {{ nobody }}", 4, "“nobody” is unknown"),
        ("Subject: x\n\n{{ n }} {{ n | shout }}", 3, "no filter “shout”"),
        ("Subject: x\n\n{% if n is shouted %}a{% endif %}", 3, "no test “shouted”"),
        ("Subject: x\n\n{% if n %}\na", 4, "Unexpected end of template"),
        ("Subject: x\n\n{{ n", 3, "unexpected end"),
        ("Hello\n\n{{ n }}", 1, "first line must be"),
        ("Subject: x\nHello", 2, "blank line"),
        ("Subject: x\n\n\n{{ n.words }}", 4, "has no attribute 'words'"),
        ("Subject: x\n\n\n\n{{ 'nothing' | say }}", 5, "no words for nothing"),
        ("Subject: x\n\n{{ n | day }}", 3, "is no time"),
        ("Subject: x\n\n\n{% set y %}{{ n }}{% endset %}{{ y }}", 4, "set block"),
    ],
)
def test_each_fault_of_a_template_is_told_with_its_line(tmp_path, source, line_, said):
    found = [text for text in problems(tmp_path, en__answer_txt=source) if "answer.txt" in text]
    assert len(found) == 1
    assert found[0].startswith(f"en/answer.txt:{line_}: ")
    assert said in found[0]


def test_all_faults_are_told_at_once(tmp_path):
    found = problems(
        tmp_path,
        en__answer_txt="Subject: {{ a }}\n\n{{ b }}",
        de__words_toml="extra = 'x'\n",
        xx__words_toml='marker = "m"',
    )
    for said in ("1: “a”", "3: “b”", "de/answer.txt: this template is missing", "marker is missing at the top",
                 "de/words.toml:1: extra", "xx: xx is not a language", "x.txt: no mail has this name"):  # fmt: skip
        assert any(said in text for text in found), said


def test_what_is_missing_as_a_whole_is_told(tmp_path):
    (tmp_path / "en").mkdir()
    (tmp_path / "en" / "answer.txt").write_text("Subject: x\n\ny")
    found = [problem.text for problem in lint.check(Templates(tmp_path), {"answer": ({},)}, ("vi",), ())]
    assert sorted(found) == sorted([
        "the layout of all HTML bodies is missing", "the words of this language are missing",
        "no en/words.toml", "the words of this language are missing", "this template is missing",
    ])  # fmt: skip


def test_words_of_staff_languages_have_exactly_the_codes_of_the_desk(tmp_path):
    source = (REAL / "en" / "words.toml").read_text(encoding="utf-8")
    source = (
        source.replace("forged = ", "forgd = ")
        .replace("{suggestion}", "{sugestion}")
        .replace('"the mail looks like spam"', '""')
    )
    found = problems(tmp_path, staff=("en",), en__words_toml=source, en__answer_txt="Subject: x\n\ny")
    number = [text.startswith("forgd") for text in source.splitlines()].index(True) + 1
    assert f"en/words.toml:{number}: forgd in [flags] is nothing that the desk says" in found
    assert any("forged is missing in [flags]" in text for text in found)
    assert any("suspected_spam in [reasons] is empty" in text for text in found)
    assert any("unknown_command must name {suggestion}, {word}" in text for text in found)


def test_a_broken_words_file_is_told_with_its_line(tmp_path):
    found = problems(tmp_path, en__answer_txt="Subject: x\n\ny", en__words_toml='marker = "m"\nbroken')
    assert any(text.startswith("en/words.toml:2: ") for text in found)


def test_a_file_in_another_charset_is_told_with_its_line(tmp_path):
    templates(tmp_path)
    (tmp_path / "en" / "answer.txt").write_bytes("Subject: x\n\ncafé".encode("latin-1"))
    assert f"{tmp_path}/en/answer.txt:3: this is not UTF-8" in [
        str(problem) for problem in lint.check(Templates(tmp_path))
    ]


# ---------------------------------------------------------------- the templates that we ship


@pytest.fixture(scope="module")
def shipped() -> Templates:
    return Templates(REAL)


def test_the_shipped_templates_have_no_fault(shipped):
    assert [str(problem) for problem in lint.check(shipped)] == []


def test_there_are_samples_for_every_template_that_the_desk_sends():
    assert SAMPLES.keys() == audience.TEMPLATES


@pytest.mark.parametrize("name", sorted(SAMPLES))
def test_every_shipped_template_carries_its_facts_in_every_language(shipped, name):
    for language in (each for each in shipped.languages if shipped.has(name, each)):
        mail = shipped.render(name, language, SAMPLES[name][0], HEAD)
        assert TOKEN in mail.text.splitlines()[0]
        assert TOKEN in mail.html
        assert "\x02" not in mail.subject + mail.text + mail.html
        for fact in SAMPLES[name][0].values():
            if isinstance(fact, Passage):
                assert fact.text in mail.text
                assert fact.rich in mail.html
        if "due" in SAMPLES[name][0]:
            due = SAMPLES[name][0]["due"]
            assert isinstance(due, datetime)
            assert html.escape(locales.day(due, UTC, language)) in mail.html


def test_acknowledgements_repeat_no_word_of_the_sender(shipped):
    """Lesson 21: an acknowledgement is no cannon for somebody else's text."""
    assert all(not isinstance(fact, (str, Passage)) for facts in SAMPLES["acknowledgement"] for fact in facts.values())
