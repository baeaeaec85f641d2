"""Apply: the only place where effects become rows. Everything here happens inside the caller's transaction."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import TYPE_CHECKING, assert_never

from sqlalchemy import Connection, bindparam, insert, select, update

from mailflow.core import tokens
from mailflow.core.effects import (
    AddMessage,
    Assign,
    Change,
    Conclude,
    DropMail,
    EditCandidate,
    Effect,
    EndTask,
    Gather,
    Gathered,
    GiveTask,
    HoldUntil,
    KeepCandidate,
    Leave,
    Link,
    MoveTask,
    Mute,
    Note,
    OpenTicket,
    PublishItem,
    RefusePublication,
    ReleaseDraft,
    ReleaseMail,
    Remember,
    Send,
    SetDue,
    SetState,
    StopDraft,
    WithdrawItem,
)
from mailflow.core.model import Grant, Mail, Notice, Party, PartyKind, State, Ticket
from mailflow.core.policy import Policy
from mailflow.core.publication import Candidate
from mailflow.core.publishing import edited
from mailflow.store import inbox, messages, outbox, people, publications, tickets, working
from mailflow.store.eventlog import Entry
from mailflow.store.store import Store
from mailflow.store.tables import CounterRow, KeyOwnerRow, RequesterRow, TicketRow, TokenRow

if TYPE_CHECKING:
    from mailflow.store.vault import DataKey

_ticket, _requester, _counter = TicketRow.__table__, RequesterRow.__table__, CounterRow.__table__
_owner, _token = KeyOwnerRow.__table__, TokenRow.__table__
_INSERT_TICKET, _INSERT_TOKEN = insert(_ticket), insert(_token)
_ADOPT = update(_owner).where(_owner.c.key == bindparam("the_key")).values(owner=bindparam("new_owner"))
_COUNT = update(_counter).where(_counter.c.year == bindparam("the_year")).values(last=bindparam("number"))
_TOKEN_OF = select(_token.c.nonce).where(
    _token.c.kind == bindparam("kind"),
    _token.c.subject == bindparam("subject"),
    _token.c.party == bindparam("party"),
    ~_token.c.revoked,
)


@dataclass(frozen=True, slots=True)
class Addressed:
    """What the store knows of a mail about to be made, and decide must not: addresses and tokens."""

    recipient: str
    token: str  # "" when no reply is looked for
    in_reply_to: str = ""
    references: tuple[str, ...] = ()


Compose = Callable[[Send, Addressed], outbox.Final]


@dataclass(slots=True)
class Applying:
    """One event's effects on their way into the database."""

    connection: Connection
    store: Store
    policy: Policy
    now: datetime
    log: list[Entry]  # of the transaction, appended to the event log at its end
    compose: Compose
    mail: Mail | None = None
    inbox: str = ""
    key: DataKey | None = None  # of the mail being handled; else a fresh one when something must be sealed
    sender: Party | None = None  # whose address `mail.sender` is, so that it need not be looked up
    sameness: str = ""
    mails: list[outbox.NewMail] = field(default_factory=list)
    tokens: list[dict[str, object]] = field(default_factory=list)  # rows of new tokens
    made: dict[Grant, bytes] = field(default_factory=dict)  # nonces of this event's own tokens
    opened: str = ""  # the ticket that this event opened: nothing about it stands in the database yet

    def apply(self, effects: Iterable[Effect]) -> None:
        for effect in effects:
            self._one(effect)
        if self.mails:
            outbox.add(self.connection, self.store, self._key(self.mails[0].send.ref), self.mails, self.now)
        if self.tokens:
            self.connection.execute(_INSERT_TOKEN, self.tokens)

    def _one(self, effect: Effect) -> None:  # noqa: C901, PLR0912, PLR0915  one line an effect
        match effect:
            case OpenTicket(ticket, because, address):
                self._open_ticket(ticket, because, address)
            case AddMessage():
                self._add_message(effect)
            case SetState(ref, state):
                self._set_state(ref, state)
            case SetDue(ref, due, clock):
                self._ticket(ref, due=due, clock=clock)
                self._log("due", ref, due=due.isoformat() if due else None, clock=clock)
            case Assign(ref, assignee, queue, because):
                self._ticket(ref, assignee=assignee, queue=queue)
                self._log("assigned", ref, assignee=assignee, queue=queue, because=because)
            case Change(ref, values):
                self._change(ref, values)
            case GiveTask(task):
                working.give(self.connection, task, self.now)
                self._log("task", task.ref, kind=task.kind.value, to=task.slug, due=task.due.isoformat())
            case MoveTask(row, due):
                working.move(self.connection, row, due)
                self._log("task_moved", row.partition(":")[0], task=row, due=due.isoformat())
            case EndTask(row, outcome):
                working.end(self.connection, row, outcome, self.now)
                self._log("task_ended", row.partition(":")[0], task=row, outcome=outcome)
            case Link(ref, other, kind):
                working.link(self.connection, ref, other, kind, self.now)
                self._log("linked", ref, other=other, kind=kind)
            case Leave(absence):
                working.leave(self.connection, absence, self.now)
                self._log(
                    "away", "", person=absence.slug, first=absence.first.isoformat(), last=absence.last.isoformat()
                )
            case Remember(keys):
                working.remember(self.connection, keys, self.now)
            case Gather(notice):
                self._gather(notice)
            case Gathered(slug):
                working.gathered(self.connection, slug)
            case RefusePublication(ref):
                self._ticket(ref, publication="never")
                publications.end_all(self.connection, ref, self.now)
                self._log("publication_refused", ref)
            case KeepCandidate(candidate):
                self._keep_candidate(candidate)
            case EditCandidate(candidate_id, edits, by):
                found = publications.by_id(self.connection, self.store, candidate_id)
                self._keep_candidate(edited(found, edits, by))
            case PublishItem(item):
                publications.publish(self.connection, item, self.now)
                self._log("item_published", "", item=item.id, version=item.version)
            case WithdrawItem(item_id, month):
                publications.withdraw(self.connection, item_id, month, self.now)
                self._log("item_withdrawn", "", item=item_id)
            case Send():
                self._send(effect)
            case ReleaseDraft(key):
                outbox.release(self.connection, key, self.now)
                self._log("draft_released", "", draft=key)
            case StopDraft(key):
                outbox.cancel(self.connection, key)
                self._log("draft_stopped", "", draft=key)
            case ReleaseMail(row, by):
                inbox.release(self.connection, row, by)
                self._log("mail_released", "", inbox=row, by=by)
            case DropMail(row, by):
                inbox.drop(self.connection, row)
                self._log("mail_dropped", "", inbox=row, by=by)
            case HoldUntil(row, until):
                inbox.hold_until(self.connection, row, until)
            case Mute(party, until):
                people.mute(self.connection, party, until)
                self._log("muted", "", party=str(party), until=until.isoformat())
            case Note(ref, text):
                self._log("note", ref, text=text)
            case Conclude():
                self._conclude(effect)
            case _:
                assert_never(effect)

    def _keep_candidate(self, candidate: Candidate) -> None:
        publications.keep(self.connection, self.store, self._key(candidate.ref), candidate, self.now)
        facts = {"stage": candidate.stage.value, "author": candidate.author, "version": candidate.version}
        self.log.append(Entry("publication", candidate.ref, {**facts, "hash": candidate.text.hash}))

    def _gather(self, notice: Notice) -> None:
        if outbox.exists(self.connection, notice.key) or working.was_told(self.connection, notice.key):
            return  # once is enough
        working.gather(self.connection, notice, self.now)
        self._log("notice_put_by", "", to=notice.slug, template=notice.template)

    def _log(self, what: str, ref: str, **facts: str | float | bool | None) -> None:
        self.log.append(Entry(what, ref, facts))

    def _fresh(self, ref: str) -> bool:
        """Whether there can be nothing about this ticket yet, because this event opened it."""
        return bool(ref) and ref == self.opened

    def _key(self, ref: str) -> DataKey:
        """What is written for this event is sealed with one key, which the ticket owns."""
        if self.key is None:
            self.key = self.store.vault.fresh()
            owner = f"ticket:{ref}" if ref else "desk"
            self.connection.execute(insert(_owner), {"key": self.key.id, "owner": owner})
        return self.key

    def _ticket(self, ref: str, **values: object) -> None:
        self.connection.execute(update(_ticket).where(_ticket.c.ref == ref).values(**values))

    def _open_ticket(self, ticket: Ticket, because: str, address: str) -> None:
        year, _, number = ticket.ref.removeprefix(self.policy.prefix).partition("-")
        if number == "0001":
            self.connection.execute(insert(_counter), {"year": int(year), "last": 1})
        else:
            self.connection.execute(_COUNT, {"the_year": int(year), "number": int(number)})
        mail = (
            self.mail if ticket.requester.reachable else None
        )  # asked by telephone: whoever entered it isn't the asker
        mail = replace(mail, sender=address, name="") if mail and address else mail
        people.know(self.connection, self.store, ticket, mail, self.now)
        self.connection.execute(_INSERT_TICKET, tickets.columns_of(ticket))
        self.opened = ticket.ref
        self._log(
            "opened",
            ticket.ref,
            queue=ticket.queue,
            assignee=ticket.assignee,
            language=ticket.language,
            because=because,
        )

    def _add_message(self, effect: AddMessage) -> None:
        if self.mail and effect.below:
            mail, inbox_id = replace(self.mail, text=effect.text, quoted=""), self.inbox
        elif self.mail is None or effect.text:
            mail = Mail("", "", subject=effect.subject, text=effect.text)
            inbox_id = ""
        else:
            mail, inbox_id = self.mail, self.inbox
        messages.add(
            self.connection,
            self.store,
            self._key(effect.ref),
            ref=effect.ref,
            kind=effect.kind,
            from_role=effect.from_role,
            mail=mail,
            inbox=inbox_id,
            now=self.now,
        )
        if self.inbox:
            self.connection.execute(_ADOPT, {"the_key": self._key("").id, "new_owner": f"ticket:{effect.ref}"})
        self._log("message", effect.ref, kind=effect.kind, from_role=effect.from_role, inbox=inbox_id)

    def _change(self, ref: str, values: Mapping[str, str | bool | int | date | datetime | None]) -> None:
        """The log says what changed; a title stays out of it, in case it isn't as neutral as it should be."""
        self._ticket(ref, **values)
        facts = {name: _plain(value) for name, value in values.items()}
        self.log.append(Entry("changed", ref, {**facts, **({"title": None} if "title" in facts else {})}))

    def _set_state(self, ref: str, state: State) -> None:
        closed = self.now if state is State.CLOSED else None
        settled = self.now if state in (State.CLOSED, State.ANSWERED) else None
        self._ticket(ref, state=state.value, closed=closed, settled_at=settled)
        self._log("state", ref, state=state.value)

    def _send(self, send: Send) -> None:
        if not self._fresh(send.ref) and outbox.exists(self.connection, send.key):
            return  # it was made before: once is enough
        final = self.compose(send, self._addressed(send))
        self.mails.append(outbox.NewMail(send, final))
        self._log("mail", send.ref, template=send.template, to=str(send.to), language=send.language, held=send.held)

    def _addressed(self, send: Send) -> Addressed:
        recipient = self._address(send.to)
        token = self._token(send.grant) if send.grant else ""
        if not send.thread:
            return Addressed(recipient, token)
        last, references = self._thread(send)
        return Addressed(recipient, token, last, references)

    def _address(self, party: Party) -> str:
        if party.kind is PartyKind.PERSON:
            return self.policy.people[party.id].addresses[0]
        if self.sender == party and self.mail:
            return self.mail.sender
        return people.address(self.connection, self.store, party.id)

    def _thread(self, send: Send) -> tuple[str, tuple[str, ...]]:
        """The requester's own last mail, so that their client shows ours below it. Staff threads hang on our own ids."""
        if send.to.kind is PartyKind.PERSON:
            return "", ()
        if self.sender == send.to and self.mail:
            return self.mail.message_id, self.mail.references
        theirs = [
            m for m in messages.of_ticket(self.connection, self.store, send.ref) if m.part.from_role == "requester"
        ]
        return (theirs[-1].message_id, theirs[-1].references) if theirs else ("", ())

    def _token(self, grant: Grant) -> str:
        """The one token of this grant, made when it is first needed."""
        named = {"kind": grant.kind.value, "subject": grant.subject, "party": str(grant.party)}
        nonce = self.made.get(grant)
        if nonce is None and not self._fresh(grant.ref):
            nonce = self.connection.execute(_TOKEN_OF, named).scalar_one_or_none()
        if nonce is None:
            nonce = self.made[grant] = secrets.token_bytes(tokens.NONCE_OCTETS)
            row = {**named, "nonce": nonce, "ticket": grant.ref, "made_at": self.now, "revoked": False}
            self.tokens.append(row)
        return tokens.mint(self.store.secrets.tokens, nonce, grant)

    def _conclude(self, effect: Conclude) -> None:
        if not self.inbox:
            return
        inbox.conclude(self.connection, self.inbox, effect.outcome, effect.because, effect.ref, self.sameness, self.now)
        self._log("handled", effect.ref, inbox=self.inbox, outcome=effect.outcome.value, because=effect.because)


def _plain(value: str | bool | int | date | datetime | None) -> str | bool | int | None:  # noqa: FBT001  any value
    """As the event log keeps it."""
    return value.isoformat() if isinstance(value, date) else value
