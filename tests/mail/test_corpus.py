"""Real mail from other systems' test suites (MAILFLOW_CORPUS): all of it is read, most of it as they read it.

The floors stand a little below what is reached; what is left are mostly texts that those systems garble themselves,
or cut at greetings, which we keep.
"""

import json
import os
import re
from collections import Counter
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from mailflow.core.settings import Limits
from mailflow.mail.html import Page, to_text
from mailflow.mail.parse import parse, prescan
from mailflow.mail.quotes import cut
from mailflow.mail.worker import ParserProcess

CORPUS = Path(os.environ.get("MAILFLOW_CORPUS") or Path(__file__).parents[3] / "shared" / "mail")
pytestmark = pytest.mark.skipif(not CORPUS.is_dir(), reason="the corpus of real mail is absent (MAILFLOW_CORPUS)")


def mails():
    for path in sorted(CORPUS.rglob("*")):
        if path.is_file() and path.relative_to(CORPUS).parts[0] not in ("expect", "labels") and path.name != "LICENSE":
            yield path


def expected(name):
    with (CORPUS / "expect" / f"{name}.jsonl").open(encoding="utf-8") as lines:
        return [json.loads(line) for line in lines]


def bytes_of(entry):
    return (CORPUS / entry["path"]).read_bytes()


def lines_of(entry):
    return bytes_of(entry).decode("utf-8", "replace").replace("\r\n", "\n").split("\n")


def squeezed(text):
    return "".join(text.split())


def share(verdicts):
    verdicts = list(verdicts)
    return 100 * sum(verdicts) / len(verdicts)


def test_every_mail_is_read_and_every_string_is_valid():
    for path in mails():
        found = parse(path.read_bytes())
        for text in (found.subject, found.body, found.text, found.quoted, found.rich, found.name):
            assert text.encode().decode() == text, path
            assert "\x00" not in text, path
        assert json.dumps(found.headers, ensure_ascii=False).encode(), path
        assert all((part.name.encode() and part.sha256) or not part.name for part in found.attachments), path


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
        for path in [*mails()][::10]:
            assert process.read(path.read_bytes()) == parse(path.read_bytes()), path


# ---------------------------------------------------------------- stalwart: fields of a mail


def addresses(value):
    for people in value.values():
        for person in people:
            yield from (one["address"] for one in person.get("addresses", [person]) if one.get("address"))


def moment(said):
    if said == "Empty":
        return None
    sign = -1 if said["tz_before_gmt"] else 1
    zone = sign * timedelta(hours=said["tz_hour"], minutes=said["tz_minute"])
    local = datetime(*(said[key] for key in ("year", "month", "day", "hour", "minute", "second")), tzinfo=UTC)
    return local - zone


def readable(text):
    return squeezed(to_text(text) if re.search(r"<(html|body|p|div|b|br)\b", text, re.IGNORECASE) else text)


def sender_matches(found, want):
    named = [*addresses(want)]
    return found.sender.lower() == (named[0].lower() if len(named) == 1 else "")


FIELDS = {
    "subject": (90, lambda found, want: squeezed(found.subject) == squeezed(want or "")),
    "from": (97, sender_matches),
    "to": (
        97,
        lambda found, want: [a.lower() for a in found.to] == [*dict.fromkeys(a.lower() for a in addresses(want))],
    ),
    "message_id": (97, lambda found, want: found.message_id == f"<{want}>"),
    "date": (97, lambda found, want: found.date == moment(want)),
    "n_attachments": (84, lambda found, want: len(found.attachments) == want),
    "first_text_body": (90, lambda found, want: squeezed(found.body).startswith(readable(want or ""))),
}


@pytest.mark.parametrize("field", FIELDS)
def test_fields_are_read_as_stalwart_reads_them(field):
    floor, matches = FIELDS[field]
    entries = [entry for entry in expected("stalwart") if field in entry["expect"]]
    assert share(matches(parse(bytes_of(entry)), entry["expect"][field]) for entry in entries) >= floor


# ---------------------------------------------------------------- talon, mail-parser-reply, discourse: own words


def test_replies_of_mail_clients_are_cut_as_talon_cuts_them():
    entries = [entry for entry in expected("talon") if "reply" in entry["expect"]]
    unsigned = re.compile(r"\n(?:Sent from|-- ).*", re.DOTALL)
    assert all(squeezed(parse(bytes_of(e)).text) == squeezed(unsigned.sub("", e["expect"]["reply"])) for e in entries)


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
