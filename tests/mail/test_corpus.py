"""Real mail from other systems' test suites (MAILFLOW_CORPUS): all of it is read, most of it as they read it.

The floors stand a little below what is reached; what is left are mostly texts that those systems garble themselves,
or cut at greetings, which we keep.
"""

import re
from collections import Counter

import pytest

from bench.quality import corpus
from bench.quality.corpus import storable, strings
from bench.quality.realmail import A_REPLY, CORPUS, bytes_of, expected, mails, squeezed
from bench.quality.section import share as percent
from mailflow.core.settings import Limits
from mailflow.mail.html import Page
from mailflow.mail.parse import parse, prescan
from mailflow.mail.quotes import cut
from mailflow.mail.worker import ParserProcess

pytestmark = pytest.mark.skipif(not CORPUS.is_dir(), reason="the corpus of real mail is absent (MAILFLOW_CORPUS)")


def lines_of(entry):
    return bytes_of(entry).decode("utf-8", "replace").replace("\r\n", "\n").split("\n")


def share(verdicts):
    verdicts = list(verdicts)
    return percent(sum(verdicts), len(verdicts))


def test_every_mail_is_read_and_every_string_is_valid():
    for path in mails():
        assert all(map(storable, strings(parse(path.read_bytes())))), path


def test_what_any_mail_says_can_be_sent_on_in_a_mail_made_anew():
    assert [path.name for path in mails() if not corpus.sent_on(parse(path.read_bytes()))] == []


def test_a_letter_that_nobody_could_read_is_left_in_one_mail_alone():
    lost = [path.name for path in mails() if any("\ufffd" in text for text in strings(parse(path.read_bytes())))]
    assert lost == ["must_supply_encoding.eml"]  # whose sender wrote it so


def test_no_real_mail_is_beyond_the_limits():
    beyond = [path.name for path in mails() if prescan(path.read_bytes(), Limits())]
    assert beyond == ["stack-overflow.txt"]  # made for it


def test_no_mail_loses_a_word_between_its_own_words_and_its_quotations():
    for path in mails():
        found = parse(path.read_bytes())
        if found.rich or "<" in found.body:
            continue  # the cut may follow the HTML form there
        assert Counter(squeezed(found.body)) == Counter(squeezed(found.text + found.quoted)), path


def test_the_process_reads_real_mail_as_the_parser_does():
    with ParserProcess(Limits()) as process:
        for path in mails()[::10]:
            assert process.read(path.read_bytes()) == parse(path.read_bytes()), path


FLOORS = {
    "from": 97, "subject": 97, "n_attachments": 97, "to": 97, "message_id": 97, "date": 97, "first_text_body": 92,
}  # fmt: skip


@pytest.mark.parametrize("field", corpus.FIELDS)
def test_fields_are_read_as_stalwart_reads_them(field):
    wrong, asked = corpus.missed(field)
    assert percent(asked - len(wrong), asked) >= FLOORS[field], wrong


def test_winmail_dat_of_other_projects_is_unpacked():
    found = {path.name: parse(path.read_bytes()) for path in mails() if path.parent.name == "tnef"}
    assert len(found) == 2
    assert not any(part.type == "application/ms-tnef" for mail in found.values() for part in mail.attachments)


# ---------------------------------------------------------------- talon, mail-parser-reply, discourse: own words


def test_replies_of_mail_clients_are_cut_as_talon_cuts_them():
    entries = [entry for entry in expected("talon") if "reply" in entry["expect"]]
    unsigned = re.compile(r"\n(?:Sent from|-- ).*", re.DOTALL)
    read = ((parse(A_REPLY + bytes_of(e)).text, unsigned.sub("", e["expect"]["reply"])) for e in entries)
    assert all(squeezed(text) == squeezed(want) for text, want in read)


def test_html_replies_of_mail_clients_are_cut_as_talon_cuts_them():
    key = "reply_html_as_text_ignoring_whitespace"
    entries = [entry for entry in expected("talon") if key in entry["expect"]]
    pages = [(Page(bytes_of(entry).decode("utf-8", "replace")), entry["expect"][key]) for entry in entries]
    assert all(squeezed(cut(page.lines).text) == squeezed(want) for page, want in pages)


def checks():
    """(found, operation, target, value) of mail-parser-reply's own assertions about the newest reply."""
    for entry in expected("mail-parser-reply"):
        found = cut(lines_of(entry))
        for check in entry["expect"]["checks"]:
            yield found, check["op"], check["target"], squeezed(str(check["value"]))


def test_own_words_that_mail_parser_reply_finds_are_kept():
    assert share(v in squeezed(f.text) for f, op, t, v in checks() if (op, t) == ("in", "mail.replies[0].body")) == 100


def test_earlier_replies_that_mail_parser_reply_finds_are_cut():
    later = ("mail.replies[1].", "mail.replies[2].")
    assert share(v in squeezed(f.quoted) for f, op, t, v in checks() if op == "in" and t.startswith(later)) >= 86


def test_threads_that_mail_parser_reply_divides_are_divided():
    several = (
        bool(found.quoted)
        for found, op, target, value in checks()
        if (op, target) == ("eq", "len(mail.replies)") and value != "1"
    )
    assert share(several) >= 75


def test_words_that_discourse_keeps_are_kept():
    entries = [entry for entry in expected("discourse") if isinstance(entry["expect"].get("raw"), str)]
    plain = [entry for entry in entries if not re.search(r"[\[<*]", entry["expect"]["raw"])]
    assert share(squeezed(entry["expect"]["raw"]) in squeezed(parse(bytes_of(entry)).body) for entry in plain) >= 95
