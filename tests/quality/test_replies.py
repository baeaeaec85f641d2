"""The set of replies is sound, and what the code cuts out of it doesn't fall below what was reached."""

import re
from collections import Counter
from email import message_from_bytes

import pytest

from bench.quality.replies import (
    CORPUS,
    REPLIES,
    Verdict,
    judged,
    labels,
    lines_lost,
    measure,
    of_mail_parser_reply,
    of_talon,
    verdicts_of,
)
from bench.quality.section import share
from mailflow.mail.parse import parse

LANGUAGES = {"en", "fr", "es", "pt", "de", "ja", "my", "th", "vi", "ur", "ne", "zh", "zh-Hant"}
LEAST, LEAST_IN_LANGUAGE, LEAST_BETWEEN = 160, 9, 20
FIELDS = {"client": str, "language": str, "part": str, "about": str, "sure": bool, "own": str}
CLIENTS = (  # noqa: SIM905  a table of names reads best as running text
    "Outlook 2010|Outlook 2016|Outlook 365|Outlook for Mac|new Outlook|Outlook on the web|Outlook for iOS|"
    "Outlook for Android|Gmail web|Gmail Android|Gmail iOS|Apple Mail|iOS Mail|Samsung|Thunderbird|Yahoo web|Yahoo app|"
    "Proton|Tuta|Lotus Notes|iNotes|QQ|163|Foxmail|Zimbra|Roundcube|Horde|mutt|Gnus|K-9|FairEmail|carrier|list|plain"
).split("|")
LABELS = labels()

HOST = re.compile(
    r"(?:@|://)([\w-][\w.-]{0,255})|(?<![\w.@-])((?:[\w-]{1,63}\.){1,8}"
    r"(?:com|org|net|edu|gov|int|info|biz|eu|uk|us|ca|au|de|fr|es|pt|br|mx|jp|mm|th|vn|pk|np|cn|tw|hk|ru|ms|me))(?![\w-])",
    re.ASCII | re.IGNORECASE,
)
OURS = re.compile(r"(?:^|\.)(?:example|example\.org)$", re.IGNORECASE)


def wrong(holds):
    return [name for name, label in LABELS.items() if not holds(label)]


def raw(name):
    return (REPLIES / name).read_bytes()


def all_text(name):
    """The headers of a mail, and every text in it, decoded."""
    mail = message_from_bytes(raw(name))
    texts = [
        part.get_payload(decode=True).decode(part.get_content_charset() or "ascii", "replace")
        for part in mail.walk()
        if part.get_content_maintype() == "text"
    ]
    return "\n".join([*map(str, mail.values()), parse(raw(name)).subject, *texts])


def foreign_hosts(text):
    hosts = {"".join(found).rstrip(".-") for found in HOST.findall(text)}
    return sorted(host for host in hosts if "." in host and not OURS.search(host))


# ---------------------------------------------------------------- the set


def test_every_reply_has_a_label_and_every_label_a_reply():
    assert {file.name for file in REPLIES.glob("*.eml")} == LABELS.keys()
    assert len(LABELS) >= LEAST


def test_a_label_has_all_it_needs_and_nothing_unknown():
    assert wrong(lambda label: {key: type(value) for key, value in label.items()} == FIELDS) == []


def test_about_half_of_the_replies_are_held_back():
    parts = Counter(label["part"] for label in LABELS.values())
    assert set(parts) == {"tune", "held"}
    assert 0.45 <= parts["held"] / parts.total() <= 0.55


def test_every_language_has_its_replies():
    languages = Counter(label["language"] for label in LABELS.values())
    assert set(languages) == LANGUAGES
    assert min(languages.values()) >= LEAST_IN_LANGUAGE


@pytest.mark.parametrize("client", CLIENTS)
def test_every_client_writes_a_reply(client):
    assert any(client in label["client"] for label in LABELS.values())


@pytest.mark.parametrize("part", ["tune", "held"])
def test_answers_stand_between_the_lines_in_either_part(part):
    between = [label for label in LABELS.values() if not label["sure"] and label["part"] == part]
    assert len(between) >= LEAST_BETWEEN / 2


def test_no_two_authors_wrote_the_same():
    texts = Counter(label["own"] for label in LABELS.values() if label["own"])
    assert [text for text, times in texts.items() if times > 1] == []


def test_the_authors_words_stand_in_the_mail():
    assert [name for name, label in LABELS.items() if lines_lost(label["own"], parse(raw(name)).body)] == []


def test_every_mail_is_read_without_a_repair():
    assert [name for name in LABELS if parse(raw(name)).defects] == []


def test_nobody_real_can_be_reached():
    assert {name: foreign_hosts(all_text(name)) for name in LABELS if foreign_hosts(all_text(name))} == {}


@pytest.mark.parametrize("text", ["write to ann@mail.com", "www.company.co.uk", "https://company.org/x", "Firma.DE"])
def test_a_real_host_would_be_noticed(text):
    assert foreign_hosts(text)


# ---------------------------------------------------------------- what is reached


@pytest.mark.parametrize("part", ["tune", "held"])
def test_own_words_are_cut_out_of_replies(part):
    verdicts = verdicts_of(part)
    assert share(sum(verdict.exact for verdict in verdicts), len(verdicts)) >= 96
    assert share(sum(verdict.lost for verdict in verdicts), len(verdicts)) <= 1
    assert [verdict.name for verdict in verdicts if verdict.risked] == []


@pytest.mark.skipif(not CORPUS.is_dir(), reason="the corpus of real mail is absent (MAILFLOW_CORPUS)")
@pytest.mark.parametrize(("judged_by", "exact"), [(of_talon, 100), (of_mail_parser_reply, 85)])
def test_replies_that_nobody_here_wrote_are_cut_as_others_cut_them(judged_by, exact):
    verdicts = judged_by()
    assert len(verdicts) >= 20
    assert share(sum(verdict.exact for verdict in verdicts), len(verdicts)) >= exact
    assert [verdict.name for verdict in verdicts if verdict.lost] == []


def test_all_aims_are_met_and_every_failure_is_named():
    section = measure()
    assert [figure for figure in section.figures if not figure.met] == []
    assert all(re.match(r"\S+", failure) for failure in section.failures)


# ---------------------------------------------------------------- the measure


def test_a_missing_line_counts_as_lost_and_a_wrapped_one_does_not():
    assert lines_lost("One two\nthree", "One\ntwo") == ["three"]
    assert lines_lost("One two\nthree", "One\ntwo three and more") == []


def test_a_reply_of_which_a_word_is_missing_is_judged_so():
    name, label = next((n, one) for n, one in LABELS.items() if one["sure"] and one["own"])
    verdict = judged(name, {**label, "own": label["own"] + "\nand one line that isn't there"})
    assert (verdict.lost, verdict.exact) == (True, False)


def test_a_cut_between_the_lines_is_judged_as_a_risk():
    name, label = next((n, one) for n, one in LABELS.items() if one["sure"] and one["own"])
    assert judged(name, {**label, "sure": False}).risked
    assert Verdict("x", lost=False, exact=False, risked=True).told.startswith("cut although")
