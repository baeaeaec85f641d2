"""The set of automatic mails is sound, and what the code makes of it doesn't fall below what was reached."""

import datetime as dt
import json
import re
from collections import Counter
from email import message_from_bytes

import pytest

from bench.quality import automatic
from bench.quality.automatic import MAILS, REAL, class_of, labels, measure
from mailflow.core.model import BounceReport, OriginKind
from mailflow.mail.origin import HINTS, origin
from mailflow.mail.parse import parse

LANGUAGES = {"en", "fr", "es", "pt", "de", "ja", "my", "th", "vi", "ur", "ne", "zh", "zh-Hant"}
LEAST = 130
LEAST_ABSENCES = 4  # in each language, with a telling header or without one
CLASSES = {"permanent", "temporary", "delay", "delivered"}
NEEDED = {"part", "about", "kind"}
OPTIONAL = {"language": str, "recipients": list, "class": str, "cites": str, "hint": bool, "until": dt.date}
LABELS = labels()

# Where mail or a reader could go: behind an @, in a link, and names that end as the hosts of the world do.
HOST = re.compile(
    r"(?:@|://)([\w-][\w.-]{0,255})|(?<![\w.@-])((?:[\w-]{1,63}\.){1,8}"
    r"(?:com|org|net|edu|gov|int|info|biz|eu|uk|us|ca|au|de|fr|es|pt|br|mx|ar|jp|mm|th|vn|pk|np|cn|tw|hk|ru|lan|local))(?![\w-])",
    re.ASCII | re.IGNORECASE,
)
OURS = re.compile(r"(?:^|\.)(?:example|example\.org)$", re.IGNORECASE)


def wrong(holds):
    return [name for name, label in LABELS.items() if not holds(label)]


def raw(name):
    return (MAILS / f"{name}.eml").read_bytes()


def text_of(name):
    """All of a mail that somebody might read: as it stands, and decoded."""
    mail = parse(raw(name))
    inside = "\n".join(part.content.decode("latin-1") for part in mail.attachments)
    joined = raw(name).decode("latin-1").replace("=\n", "")
    return f"{joined}\n{mail.subject}\n{mail.body}\n{inside}"


def foreign_hosts(text):
    hosts = {"".join(found).rstrip(".-") for found in HOST.findall(text)}
    return sorted(host for host in hosts if "." in host and not OURS.search(host))


# ---------------------------------------------------------------- the set


def test_every_mail_has_a_label_and_every_label_a_mail():
    assert {file.stem for file in MAILS.glob("*.eml")} == LABELS.keys()
    assert len(LABELS) >= LEAST


def test_a_label_has_all_it_needs_and_nothing_unknown():
    assert wrong(lambda label: label.keys() >= NEEDED and label.keys() - NEEDED <= OPTIONAL.keys()) == []
    assert wrong(lambda label: all(type(label[key]) is kind for key, kind in OPTIONAL.items() if key in label)) == []
    assert wrong(lambda label: label["kind"] in {kind.value for kind in OriginKind} and label["about"].strip()) == []
    assert wrong(lambda label: label.get("language", "en") in LANGUAGES) == []


def test_a_bounce_is_labelled_with_whom_it_speaks_of_and_what_became_of_the_mail():
    bounces = {name: label for name, label in LABELS.items() if label["kind"] == "bounce"}
    assert [
        name for name, label in bounces.items() if not label.get("recipients") or label.get("class") not in CLASSES
    ] == []
    assert {label["class"] for label in bounces.values()} == CLASSES
    assert wrong(lambda label: label["kind"] == "bounce" or not {"recipients", "class", "cites"} & label.keys()) == []


def test_what_only_words_tell_of_is_a_persons_mail():
    assert wrong(lambda label: "hint" not in label or (label["hint"] and label["kind"] == "human")) == []


@pytest.mark.parametrize("kind", list(OriginKind))
def test_about_half_of_each_kind_is_held_back(kind):
    parts = Counter(label["part"] for label in LABELS.values() if label["kind"] == kind)
    assert set(parts) == {"tune", "held"}
    assert 0.3 <= parts["held"] / parts.total() <= 0.7


def test_there_are_absences_in_every_language_and_a_third_of_them_in_words_only():
    told = [label for label in LABELS.values() if "hint" in label or label["kind"] == "auto_reply"]
    assert {
        language for language, times in Counter(x.get("language") for x in told).items() if times >= LEAST_ABSENCES
    } >= LANGUAGES
    assert sum("hint" in label for label in told) / len(told) >= 1 / 3


def test_no_two_mails_are_the_same_and_lines_end_as_in_any_file():
    assert [name for name in LABELS if b"\r" in raw(name)] == []
    assert len({parse(raw(name)).body for name in LABELS}) > len(LABELS) * 0.95


def test_every_mail_has_its_headers_and_is_well_formed():
    mails = {name: message_from_bytes(raw(name)) for name in LABELS}
    assert [name for name, mail in mails.items() if not mail["From"] or not mail["Subject"] or mail.defects] == []


def test_charsets_of_real_senders_occur():
    found = {charset for name in LABELS for charset in re.findall(rb"charset=\"?([\w-]+)", raw(name).lower())}
    assert {b"utf-8", b"iso-2022-jp", b"gb2312", b"gbk", b"gb18030", b"big5", b"windows-874", b"iso-8859-1"} <= found


@pytest.mark.parametrize("name", LABELS)
def test_nobody_real_can_be_reached(name):
    assert foreign_hosts(text_of(name)) == []


@pytest.mark.parametrize(
    "text", ["write to ana@mail.com", "by mx1.company.co.uk with", "<a@firma.de>:", "https://company.org/x"]
)
def test_a_real_host_would_be_noticed(text):
    assert foreign_hosts(text)


# ---------------------------------------------------------------- what the code makes of it


@pytest.fixture(scope="module")
def section():
    return measure()


def test_the_aims_are_reached(section):
    made_up = [figure for figure in section.figures if not figure.what.startswith("discourse")]
    assert [f"{figure.what}: {figure.reached}" for figure in made_up if not figure.met] == []
    assert len(made_up) == 17


def test_a_failure_is_named_by_its_file():
    verdict = automatic.Verdict(
        "some-mail",
        {"part": "held", "kind": "human", "hint": True},
        automatic.judged("spam-flagged").origin,
        BounceReport(),
    )
    assert automatic.failures_of([verdict]) == ["some-mail.eml (held): spam instead of human; not noticed"]


@pytest.mark.parametrize(
    ("report", "told"),
    [
        (BounceReport(), "permanent"),
        (BounceReport(status="4.4.7", action="failed"), "temporary"),
        (BounceReport(status="4.4.1", action="delayed"), "delay"),
        (BounceReport(status="2.0.0", action="relayed"), "delivered"),
    ],
)
def test_a_report_is_of_one_class(report, told):
    assert class_of(report) == told


# ---------------------------------------------------------------- real mail


def real_labels():
    file = automatic.CORPUS / "labels" / "discourse.jsonl"
    read = [json.loads(line) for line in file.read_text("utf-8").splitlines()] if file.exists() else []
    return [pytest.param(label, id=label["id"]) for label in read if label["kind"] in REAL]


@pytest.mark.skipif(not automatic.CORPUS.exists(), reason="the corpus of real mail is absent (MAILFLOW_CORPUS)")
@pytest.mark.parametrize("label", real_labels())
def test_real_mail_is_told_apart_as_people_labelled_it(label):
    told = origin(parse((automatic.CORPUS / label["path"]).read_bytes()), automatic.OWN)
    assert told.kind in REAL[label["kind"]]
    assert told.because not in HINTS
