"""The site of an installation: what it is made of, and the last check of what was built."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Collection
from contextlib import suppress
from dataclasses import replace
from datetime import datetime
from pathlib import Path

from mailflow.config.problems import listing, suggestion
from mailflow.core.publication import Item
from mailflow.core.publishing import topics_named
from mailflow.daemon.installation import Installation
from mailflow.publish.anonymise import file_leaks
from mailflow.publish.site import Built, Domain, Site, SiteError, Topic, build, readable, writing
from mailflow.store import eventlog, publications
from mailflow.store.errors import Unreadable

PAGES = "site"  # the folder of an installation in which people write pages of their own
SHORTEST = 4  # letters of a word that is looked for everywhere


def site_of(installation: Installation) -> Site:
    """As config.toml and rules/ describe it. SiteError while nobody said where it stands."""
    policy, desk = installation.desk.policy, installation.desk
    if not policy.publication.site:
        raise SiteError(
            'rules/publication.toml: site: say where the site stands, such as "https://helpdesk.example.org"'
        )
    labels = policy.labels
    pages = installation.home / PAGES
    return Site(
        name=dict.fromkeys(policy.staff_languages, policy.desk),
        base_url=policy.publication.site,
        address=policy.address,
        languages=policy.staff_languages,
        topics=tuple(Topic(topic, desk.domains.get(topic, ""), names) for topic, names in labels["topic"].items()),
        domains=tuple(Domain(domain, names) for domain, names in labels["domain"].items()),
        about=policy.publication.about,
        privacy=policy.publication.privacy,
        pages=pages if pages.is_dir() else None,
    )


def built(installation: Installation, site: Site, folder: Path, now: datetime) -> Built:
    """Build into a copy elsewhere, look through every file of it, and only then bring the folder to it, file by file.

    The folder itself stays: it may be a mount point, a web server's root, or where somebody stands.
    SiteError names the file in which a word stands that a ticket knows, and nothing is changed.
    """
    there = folder.resolve()  # behind a link, what it leads to is the site
    writing.manifest(there)
    store, policy = installation.store, installation.desk.policy
    with store.database.read() as connection:
        items = publications.items(connection)
        known = _words(installation, items)
    with tempfile.TemporaryDirectory(prefix="mailflow-site-") as scratch:
        copy = Path(scratch) / "site"
        if there.is_dir():
            shutil.copytree(there, copy, symlinks=True, ignore=shutil.ignore_patterns(writing.MOUNTED))
        today = policy.calendar.day_of(now)
        done = build(site, items, copy, today=today, templates=installation.home / "templates" / "site")
        found = file_leaks({path: text.encode() for path, text in readable(copy)}, known)
        if found:
            raise SiteError(
                f"{found[0].where} holds something that a ticket knows ({found[0].kind}): nothing was changed"
            )
        writing.carry(copy, there)
    return done


def refiled(installation: Installation, page: str, words: Collection[str], now: datetime) -> tuple[str, ...]:
    """Give a published page other topics, for its next version, too. LookupError for a page or topic that isn't."""
    store, policy = installation.store, installation.desk.policy
    topics = topics_named(" ".join(words), policy)
    if isinstance(topics, str):
        known = policy.labels["topic"]
        near = suggestion(topics, known) or f"; there are {listing(known)}"
        raise LookupError(f'there is no topic "{topics}"{near}')  # noqa: TRY004  a word that names no topic
    with store.database.write() as connection:
        item = publications.item(connection, page)
        if item is None or item.withdrawn:
            raise LookupError(f"there is no page {page}: `mailflow publication list` shows all")
        publications.publish(connection, replace(item, topics=topics), now)
        facts = {"item": page, "topics": " ".join(topics)}
        eventlog.append(connection, [eventlog.Entry("item_refiled", "", facts)], now, "operator")
        came_from = [each.id for each in publications.standing(connection) if each.item == page]
    for name in came_from:
        with suppress(Unreadable), store.database.read() as connection:  # erased: there will be no next version
            found = publications.by_id(connection, store, name)
            installation.engine.propose(replace(found, topics=topics), now)
    return topics


def _words(installation: Installation, items: list[Item]) -> tuple[str, ...]:
    """Whole names, addresses, domains and references of those whose answers stand on the site."""
    found: dict[str, None] = {}
    store, policy = installation.store, installation.desk.policy
    with store.database.read() as connection:
        for ref in dict.fromkeys(publications.ref_of(connection, item.id) for item in items):
            try:
                known = publications.identities(connection, store, ref, policy)
            except Unreadable:  # erased: it knows nobody any more
                continue
            names = (name for name in known.names if " " in name.strip() or not name.isascii())
            found |= dict.fromkeys((*names, *known.addresses, *known.domains, *known.tokens))
    ours = {*policy.own_addresses, policy.address.rpartition("@")[2]}
    return tuple(word for word in found if len(word) >= SHORTEST and word not in ours)
