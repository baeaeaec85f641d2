"""A small desk as values, and strategies for whatever may come to it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from hypothesis import strategies as st

from mailflow.core.deadlines import Calendar
from mailflow.core.model import (
    Attachment,
    Authentication,
    BounceReport,
    Draft,
    Grant,
    Known,
    Language,
    Mail,
    Origin,
    OriginKind,
    Requester,
    Role,
    SentMail,
    ShelfItem,
    Situation,
    State,
    Ticket,
    TokenKind,
    TopicScore,
    Verdict,
    person,
    requester,
)
from mailflow.core.policy import Assignment, Person, Policy, Queue

NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)
DESK = "helpdesk@example.org"


def member(slug: str, *roles: Role) -> Person:
    return Person(slug, f"{slug.title()} Example", frozenset(roles), (f"{slug}@example.org", f"{slug}@example.net"))


PEOPLE = {
    p.slug: p
    for p in (
        member("coord", Role.COORDINATOR),
        member("deputy", Role.COORDINATOR, Role.EXPERT),
        member("chief", Role.SUPERVISOR),
        member("lucia", Role.EXPERT),
        member("kofi", Role.EXPERT),
        member("mai", Role.TRANSLATOR),
    )
}
POLICY = Policy(
    desk="Helpdesk",
    address=DESK,
    own_addresses=frozenset({DESK}),
    calendar=Calendar(UTC),
    languages=("en", "fr", "ja"),
    bilingual=("en", "fr"),
    people=PEOPLE,
    queues={
        "wages": Queue("wages", ("lucia", "kofi"), ("wages",)),
        "osh": Queue("osh", ("kofi",), ("osh",), assignment=Assignment.ROUND_ROBIN),
        "all": Queue("all", ("lucia", "kofi", "deputy"), ("child_labour",), assignment=Assignment.EVERYONE),
        "french": Queue("french", ("deputy",), ("privacy",), languages=("fr",)),
    },
    undo=timedelta(minutes=10),
    refusals=frozenset({"no", "non"}),
)
QUESTION = Mail("<1@firm.example>", "ann@firm.example", "Ann Lee", "Wages", text="What is a fair wage in this case?")
TICKET = Ticket(
    "2026-0001", Requester("r1"), State.ASSIGNED, "wages", "en", NOW, "lucia", due=NOW + timedelta(days=14), clock=1
)

addresses = st.sampled_from(
    (
        "",
        "ann@firm.example",
        "bob@other.example",
        DESK,
        "mailer-daemon@mx.example",
        *(a for p in PEOPLE.values() for a in p.addresses),
    )
)
parties = st.one_of(st.sampled_from([*PEOPLE, "gone"]).map(person), st.sampled_from(("r1", "r2")).map(requester))
texts = st.one_of(
    st.sampled_from(
        (
            "",
            "no",
            "Thank you, that helps. May they keep the passports?",
            "#help",
            "#assign kofi\nPlease look at the second part.",
            "#queue osh",
            "#close",
            "#stop",
            "#send",
            "#release",
            "#drop",
            "#note For the file.",
            "#close\n#assign lucia",
            "#nonsense",
            "Hi Kofi,\nwhat do you make of this?",
        )
    ),
    st.text(max_size=80),
)
origins = st.builds(Origin, st.sampled_from(OriginKind), st.just("evidence"))
mails = st.builds(
    Mail,
    message_id=st.just("<m@firm.example>"),
    sender=addresses,
    name=st.sampled_from(("", "Ann Lee")),
    subject=st.sampled_from(("", "Wages")),
    text=texts,
    quoted=st.sampled_from(("", "> earlier")),
    cut_sure=st.booleans(),
    rich=st.sampled_from(("", "<p>answer</p>")),
    to=st.just((DESK,)),
    cc=st.sampled_from(((), ("carl@firm.example",))),
    return_path=st.one_of(st.none(), addresses),
    attachments=st.sampled_from(((), (Attachment("a.pdf", "application/pdf", 3, "00"),))),
    origin=origins,
    authentication=st.builds(Authentication, st.sampled_from(Verdict), st.just("evidence")),
    language=st.builds(
        Language,
        st.sampled_from(("en", "fr", "ja", "it", "und")),
        st.just(0.9),
        st.just("script"),
        st.sampled_from(("", "ja")),
    ),
    topics=st.lists(
        st.builds(TopicScore, st.sampled_from(("wages", "osh", "child_labour", "privacy", "none")), st.floats(0, 9)),
        max_size=3,
        unique_by=lambda topic: topic.id,
    ).map(lambda found: tuple(sorted(found, key=lambda topic: -topic.score))),
    bounce=st.one_of(
        st.none(),
        st.builds(
            BounceReport,
            status=st.sampled_from(("", "5.1.1", "4.4.1")),
            action=st.sampled_from(("failed", "delayed", "")),
        ),
    ),
)
tickets = st.builds(
    Ticket,
    ref=st.just("2026-0001"),
    requester=st.builds(Requester, st.just("r1"), st.sampled_from(("en", "und")), st.booleans()),
    state=st.sampled_from(State),
    queue=st.sampled_from(("", *POLICY.queues)),
    language=st.sampled_from(("en", "ja", "und")),
    opened=st.just(NOW),
    assignee=st.sampled_from(("", "lucia", "kofi", "gone")),
    due=st.one_of(st.none(), st.just(NOW + timedelta(days=3))),
    clock=st.integers(0, 3),
)


@st.composite
def situations(draw: st.DrawFn) -> Situation:
    """Whatever the store may know; what it never would know together stays apart."""
    ticket = draw(st.one_of(st.none(), tickets))
    ref = ticket.ref if ticket else ""
    about = draw(st.sampled_from(TokenKind)) if ticket else TokenKind.SHELF
    grants = tuple(
        Grant(about, "d1" if about is TokenKind.DRAFT else ref or "i9", party, ref)
        for party in draw(st.lists(parties, max_size=2, unique=True))
    )
    sent = st.builds(
        SentMail,
        st.just("s1"),
        st.just(ref),
        parties,
        st.sampled_from(("acknowledgement", "answer", "question", "shelf")),
    )
    return Situation(
        now=NOW,
        next_ref="2026-0002",
        inbox="i1",
        size=1234,
        duplicate_of=draw(st.sampled_from(("", "", "", "i0"))),
        archive=draw(st.booleans()),
        released_by=draw(st.sampled_from(("", "", "coord", "operator"))),
        grants=grants,
        ticket=ticket,
        requester=draw(st.sampled_from((Requester("r1"), Requester("r2"), Requester("r3", reachable=False, new=True)))),
        drafts=draw(st.sampled_from(((), (Draft("d1", ref, "lucia", NOW),), (Draft("d2", ref, "kofi", None),)))),
        shelf=draw(
            st.one_of(
                st.none(), st.builds(ShelfItem, st.just("i9"), st.just("failed"), st.just(NOW), waiting=st.booleans())
            )
        ),
        sent=draw(st.one_of(st.none(), sent)),
        known=draw(st.builds(Known, st.integers(0, 5), st.integers(0, 30), st.integers(0, 600))),
        load=draw(st.sampled_from(({}, {"lucia": 3}, {"kofi": 1, "lucia": 0}))),
        last_assigned=draw(st.sampled_from(({}, {"osh": "kofi"}))),
    )
