"""Which mails a person wrote. The headers are those of real servers and robots; every pitfall has its benign twin."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mailflow.core.model import BounceReport, OriginKind
from mailflow.mail.origin import origin
from mailflow.mail.parsed import Parsed, Part

OWN = frozenset({"help@desk.example", "assistance@desk.example"})
HUMAN, AUTO_REPLY, BOUNCE, LIST, CALENDAR, NOTIFICATION, SPAM = (
    OriginKind.HUMAN,
    OriginKind.AUTO_REPLY,
    OriginKind.BOUNCE,
    OriginKind.LIST,
    OriginKind.CALENDAR,
    OriginKind.NOTIFICATION,
    OriginKind.SPAM,
)


def a_mail(*headers, sender="ann@firm.example", **more):
    """A mail with these "Name: value" lines."""
    split = tuple((name.strip().lower(), value.strip()) for name, _, value in (line.partition(":") for line in headers))
    return Parsed(headers=(("from", sender), *split), sender=sender if "@" in sender else "", **more)


def kind(*headers, **more):
    return origin(a_mail(*headers, **more), OWN).kind


def test_a_mail_without_any_mark_is_a_persons():
    assert kind("Subject: question", "Auto-Submitted: no", "X-Spam-Flag: NO", "Precedence: first-class") is HUMAN
    assert kind(return_path="ann@firm.example") is HUMAN


# ---------------------------------------------------------------- bounces

BOUNCES = {
    "Postfix": a_mail(
        "Auto-Submitted: auto-replied",
        'Content-Type: multipart/report; report-type=delivery-status; boundary="b"',
        sender="MAILER-DAEMON@mail.firm.example",
        return_path="",
        report=BounceReport(("eve@firm.example",), "5.1.1", "failed"),
    ),
    "Exchange": a_mail(
        "Content-Type: multipart/report; boundary=b; report-type=delivery-status",
        "Auto-Submitted: auto-replied",
        "X-MS-Exchange-Message-Is-Ndr:",
        sender="MicrosoftExchange329e71ec88ae4615bbc36ab6ce41109e@firm.example",
        return_path="",
    ),
    "Exim": a_mail(
        "X-Failed-Recipients: eve@firm.example", "Auto-Submitted: auto-replied", sender="Mailer-Daemon@firm.example"
    ),
    "Gmail": a_mail(
        "X-Failed-Recipients: eve@firm.example",
        'Content-Type: multipart/report; boundary="b"; report-type="delivery-status"',
        "Auto-Submitted: auto-replied",
        sender="mailer-daemon@mail.example",
    ),
    "qmail": a_mail("Subject: failure notice", sender="MAILER-DAEMON@firm.example", return_path=""),
    "sendmail": a_mail(
        "Auto-Submitted: auto-generated (failure)",
        "Content-Type: multipart/report;\treport-type=delivery-status",
        sender="MAILER-DAEMON@firm.example",
        return_path="MAILER-DAEMON@firm.example",
    ),
    "a daemon without a domain": a_mail(sender="MAILER-DAEMON (Mail Delivery System)", return_path=""),
    "a report of RFC 6533": a_mail(
        "Content-Type: multipart/report; report-type=global-delivery-status; boundary=b",
        sender="MAILER-DAEMON@firm.example",
    ),
    "Courier, no name before the @": a_mail(
        "Content-Type: multipart/report; report-type=delivery-status; boundary=b", sender="", return_path=""
    ),
    "a postmaster with a report": a_mail(sender="postmaster@firm.example", report=BounceReport(status="5.7.1")),
    "a report from a null path": a_mail(sender="system@firm.example", return_path="", report=BounceReport()),
    "a delay warning": a_mail(
        "Auto-Submitted: auto-generated (warning-timeout)",
        "Content-Type: multipart/report; report-type=delivery-status",
        sender="MAILER-DAEMON@firm.example",
        return_path="",
        report=BounceReport(("eve@firm.example",), "4.4.1", "delayed"),
    ),
}


@pytest.mark.parametrize("server", BOUNCES)
def test_a_bounce_is_known_in_the_dialect_of_each_server(server):
    assert origin(BOUNCES[server], OWN).kind is BOUNCE


def test_a_bounce_that_somebody_forwards_with_a_question_is_a_persons():
    forwarded = a_mail(
        "Content-Type: multipart/mixed; boundary=b",
        "Subject: Fwd: Undelivered Mail Returned to Sender",
        return_path="ann@firm.example",
        content_types=(
            "multipart/mixed",
            "text/plain",
            "message/rfc822",
            "multipart/report",
            "message/delivery-status",
        ),
        report=BounceReport(("eve@firm.example",), "5.1.1", "failed"),
    )
    assert origin(forwarded, OWN).kind is HUMAN


def test_reports_of_other_kinds_are_a_machines():
    assert kind("Content-Type: multipart/report; report-type=disposition-notification") is NOTIFICATION
    assert kind("Content-Type: multipart/report; report-type=feedback-report") is NOTIFICATION


def test_a_read_receipt_is_no_answer_though_it_says_so():
    read = "Content-Type: multipart/report; report-type=disposition-notification"
    assert kind(read, "Auto-Submitted: auto-replied (zimbra; read-receipt)", return_path="") is NOTIFICATION


# ---------------------------------------------------------------- automatic replies

AUTOMATIC = [
    "Auto-Submitted: auto-replied",
    "Auto-Submitted: Auto-Replied (vacation)",
    "Auto-Submitted: auto-replied; owner-email=ann@firm.example",
    "X-Autoreply: yes",
    "X-Autorespond: Re: question",
    "X-AutoReply-From: ann@firm.example",
    "X-Mail-Autoreply: ann@firm.example",
    "X-Autoresponder: Will not send another autoreply for 86400 seconds",
    "Precedence: auto_reply",
    "X-Precedence: auto_reply",
    "X-Autogenerated: Reply",
    "X-FC-MachineGenerated: true",
    "X-Apple-Action: VACATION",
    "X-POST-MessageClass: 9; Autoresponder",
    "Delivered-To: Autoresponder",
    "Delivered-By-The-Graces-Of: The Vacation program",
    "X-Loop: ann@firm.example",
    "X-MS-Exchange-Inbox-Rules-Loop: ann@firm.example",
]


@pytest.mark.parametrize("line", AUTOMATIC)
def test_lesson_6_an_automatic_reply_is_known_by_each_of_its_headers(line):
    assert kind("Subject: Re: question", line) is AUTO_REPLY


def test_lesson_7_the_absence_notes_of_exchange_gmail_and_sieve_are_automatic_replies():
    exchange = ("Auto-Submitted: auto-generated", "X-Auto-Response-Suppress: All", "X-MS-Exchange-Parent-Message-Id: x")
    assert kind(*exchange, references=("<a@desk.example>",)) is AUTO_REPLY
    gmail = ("Auto-Submitted: auto-replied", "Precedence: bulk", "X-Autoreply: yes")
    assert kind(*gmail) is AUTO_REPLY
    assert kind("Precedence: bulk", "X-Autoreply: yes", return_path="") is AUTO_REPLY


@pytest.mark.parametrize(
    "line",
    ["X-Autoreply: no", "X-Autoresponder: 0", "X-Autogenerated: Redirect", "X-FC-MachineGenerated: false", "Delivered-To: help@desk.example",
     "X-MS-Exchange-Inbox-Rules-Loop: bob@firm.example", "X-Apple-Action: forward"],
)  # fmt: skip
def test_a_header_that_robots_use_says_nothing_with_another_value(line):
    assert kind(line) is HUMAN


def test_what_answers_us_in_bulk_is_an_automatic_reply_and_what_talks_to_itself_is_none():
    ours, theirs = ("<token.nonce@desk.example>",), ("<TRK.77@build.example>",)
    assert kind("Precedence: bulk", "RT-Ticket: it #5", references=ours) is AUTO_REPLY
    assert kind("Precedence: bulk", references=theirs) is NOTIFICATION
    assert kind("Auto-Submitted: auto-generated", references=ours) is AUTO_REPLY
    assert kind("Auto-Submitted: auto-generated", references=theirs) is NOTIFICATION
    assert kind(*LISTS["Mailman 2"], references=ours) is LIST


def test_the_vacation_program_says_that_it_is_one():
    signed = (("from", "root@firm.example (Ann Lee via the vacation program)"),)
    assert origin(Parsed(headers=signed, sender="root@firm.example"), OWN).kind is AUTO_REPLY


def test_a_null_return_path_alone_is_an_automatic_reply():
    assert kind(return_path="") is AUTO_REPLY
    assert kind(return_path=None) is HUMAN


def test_two_lines_of_one_name_are_as_automatic_as_one():
    assert kind("Auto-Submitted: no", "Auto-Submitted: auto-replied") is AUTO_REPLY


@pytest.mark.parametrize(
    "line", ["Auto-Submitted:   No  ", "Auto-Submitted: no (typed)", "Auto-Submitted:", "X-Loop: other@list.example"]
)
def test_a_header_that_says_no_or_nothing_does_not_make_a_machine(line):
    assert kind(line) is HUMAN


@pytest.mark.parametrize(
    "subject",
    [
        "Out of office: what does the convention say?", "Automatic reply: your question", "Réponse automatique : absence",
        "Respuesta automática: fuera de la oficina", "Resposta automática", "Automatische Antwort: Urlaub",
        "自動返信：不在のお知らせ", "自动回复：您好", "Trả lời tự động", "ตอบกลับอัตโนมัติ",
    ],
)  # fmt: skip
def test_lesson_7_the_words_of_a_subject_never_drop_a_mail(subject):
    told = origin(a_mail(subject=subject), OWN)
    assert told.kind is HUMAN
    assert "absence" in told.because


def test_suppressing_replies_is_no_proof_of_a_machine():
    told = origin(a_mail("X-Auto-Response-Suppress: DR, OOF, AutoReply"), OWN)
    assert told.kind is HUMAN
    assert "no automatic replies" in told.because


# ---------------------------------------------------------------- notifications


@pytest.mark.parametrize("word", ["auto-generated", "auto-notified", "auto-something-new"])
def test_whatever_is_submitted_by_a_machine_is_not_a_persons(word):
    assert kind(f"Auto-Submitted: {word}") is NOTIFICATION


@pytest.mark.parametrize(
    "local",
    ["no-reply", "noreply", "NoReply", "do-not-reply", "donotreply", "do_not_reply", "jira-noreply", "noreply+7f", "noreply2",
     "postmaster", "list-request", "owner-list", "list-bounces", "list-owner"],
)  # fmt: skip
def test_addresses_that_nobody_reads_are_no_persons(local):
    assert kind(sender=f"{local}@firm.example") is NOTIFICATION


@pytest.mark.parametrize(
    "local", ["connoreply", "reply", "norepl", "ann.requests", "requester", "homeowner", "bounce.lee"]
)
def test_names_that_only_resemble_such_addresses_are_persons(local):
    assert kind(sender=f"{local}@firm.example") is HUMAN


@pytest.mark.parametrize("sender", ["help@desk.example", "help+abcdefghij@desk.example"])
def test_our_own_address_as_sender_is_never_answered(sender):
    assert kind(sender=sender) is NOTIFICATION
    assert kind(sender="help@other.example") is HUMAN


def test_a_loop_is_known_by_our_own_mark():
    assert kind("X-Loop: assistance@desk.example") is NOTIFICATION


@pytest.mark.parametrize("word", ["bulk", "junk", "Bulk"])
def test_bulk_mail_is_no_persons(word):
    assert kind(f"Precedence: {word}") is NOTIFICATION


def test_newsletters_are_known_by_several_marks_and_not_by_one():
    leave = "List-Unsubscribe: <https://news.example/leave>"
    assert kind(leave, "Feedback-ID: 1:2:news", "List-ID: news <12.list.news.example>") is NOTIFICATION
    assert kind(leave, "List-Unsubscribe-Post: List-Unsubscribe=One-Click") is NOTIFICATION
    assert kind(leave) is HUMAN
    assert kind("Feedback-ID: 1.eu-west-1:AmazonSES") is HUMAN


# ---------------------------------------------------------------- mailing lists

LISTS = {
    "Mailman": ("Precedence: list", "List-Id: Labour <labour.lists.example>", "List-Post: <mailto:labour@lists.example>",
                "List-Unsubscribe: <https://lists.example/labour>", "Sender: labour-bounces@lists.example"),
    "Mailman 2": ("Precedence: bulk", "List-Id: <labour.lists.example>", "List-Post: <mailto:labour@lists.example>"),
    "Majordomo": ("Precedence: bulk", "X-Loop: lists.example", "Sender: owner-labour@lists.example"),
    "ezmlm": ("Precedence: bulk", "Mailing-List: contact labour-help@lists.example; run by ezmlm"),
    "Google Groups": ("Precedence: list", "List-ID: <labour.groups.example>", "List-Post: <https://groups.example/post>",
                      "List-Unsubscribe: <mailto:labour+unsubscribe@groups.example>", "Feedback-ID: groups"),
    "List-Id alone": ("List-Id: <labour.lists.example>",),
    "Precedence alone": ("Precedence: list",),
}  # fmt: skip


@pytest.mark.parametrize("software", LISTS)
def test_a_person_who_writes_through_a_mailing_list_is_heard_but_not_answered(software):
    told = origin(a_mail(*LISTS[software]), OWN)
    assert told.kind is LIST
    assert not told.automatic


def test_a_machine_that_writes_through_a_mailing_list_stays_a_machine():
    assert kind(*LISTS["Mailman"], "Auto-Submitted: auto-replied") is AUTO_REPLY
    assert kind(*LISTS["Mailman"], sender="labour-request@lists.example") is NOTIFICATION
    assert kind("List-Id: <news.example>", "List-Post: NO (announcements)", "Precedence: bulk") is NOTIFICATION


def test_a_group_address_that_is_the_desks_own_mailbox_is_no_list():
    group = ("Precedence: list", "List-Post: <mailto:help@desk.example>", "List-ID: <help.desk.example>", "Feedback-ID: g",
             "List-Unsubscribe: <mailto:help+leave@desk.example>")  # fmt: skip
    assert kind(*group) is HUMAN
    assert kind(*(line.replace("help", "otherhelp") for line in group)) is LIST


def test_a_list_that_writes_in_its_own_name_for_people_is_no_robot():
    sympa = ("Precedence: list", "X-Loop: fish@lists.example", "List-Id: <fish.lists.example>",
             "List-Post: <mailto:fish@lists.example>")  # fmt: skip
    assert kind(*sympa, sender="fish@lists.example") is LIST
    assert kind(*sympa, "X-Loop: ann@firm.example") is AUTO_REPLY


# ---------------------------------------------------------------- calendar, spam


def invitation(name, content=b"BEGIN:VCALENDAR\r\nVERSION:2.0\r\nMETHOD:REQUEST\r\nEND:VCALENDAR"):
    return Part(name, "text/calendar", len(content), "", inline=False, content=content)


def test_invitations_and_answers_to_them_are_calendar_mail():
    assert kind('Content-Type: text/calendar; method=REPLY; charset="utf-8"') is CALENDAR
    assert kind("Content-Type: text/calendar; charset=utf-8; METHOD=REQUEST") is CALENDAR
    assert kind("Content-Class: urn:content-classes:calendarmessage", "Content-Type: multipart/alternative") is CALENDAR
    assert kind("Content-Type: multipart/alternative; boundary=b", attachments=(invitation("invite.ics"),)) is CALENDAR
    assert kind("Content-Type: multipart/mixed; boundary=b", attachments=(invitation(""),)) is CALENDAR


def test_a_question_with_a_calendar_file_attached_is_a_persons():
    assert kind("Content-Type: multipart/mixed; boundary=b", attachments=(invitation("meeting.ics"),)) is HUMAN
    mere_dates = invitation("", b"BEGIN:VCALENDAR\r\nMETHOD:PUBLISH\r\nEND:VCALENDAR")
    assert kind("Content-Type: multipart/mixed; boundary=b", attachments=(mere_dates,)) is HUMAN


@pytest.mark.parametrize(
    "line",
    [
        "X-Spam-Flag: YES",
        "X-Spam-Status: Yes, score=12.3 required=4.5",
        "X-Spam: Yes",
        "X-Barracuda-Spam-Flag: YES",
        "X-SES-Spam-Verdict: FAIL",
    ],
)
def test_what_our_server_marks_as_spam_is_spam(line):
    assert kind(line) is SPAM
    assert kind(line, *LISTS["Mailman"]) is SPAM


# ---------------------------------------------------------------- all of them

_LINES = st.sampled_from(
    [line for lines in LISTS.values() for line in lines] + AUTOMATIC + [
        "X-Spam-Flag: YES", "Content-Type: multipart/report; report-type=delivery-status", "Content-Type: text/calendar; method=REPLY",
        "List-Unsubscribe: <x>", "From:", "Sender: <", "List-Id: " + "<" * 50, "X-Auto-Response-Suppress: All",
    ]
)  # fmt: skip


@settings(max_examples=200, deadline=None)
@given(st.lists(_LINES), st.sampled_from(AUTOMATIC))
def test_no_other_header_hides_that_a_reply_is_automatic(lines, mark):
    assert origin(a_mail(*lines, mark), OWN).automatic


@settings(max_examples=200, deadline=None)
@given(
    st.lists(
        st.tuples(st.sampled_from(["from", "sender", "list-id", "x-loop", "precedence", "auto-submitted"]), st.text())
    )
)
def test_no_header_however_broken_raises(headers):
    assert origin(Parsed(headers=tuple(headers)), OWN).because


def test_the_evidence_never_repeats_a_word_of_the_mail():
    lines = (
        "Auto-Submitted: zebra",
        "X-Loop: zebra@firm.example",
        "Precedence: zebra",
        "List-Id: zebra",
        "X-Spam-Flag: zebra",
    )
    for line in lines:
        assert (
            "zebra" not in origin(a_mail(line, sender="zebra@firm.example", subject="out of office zebra"), OWN).because
        )
