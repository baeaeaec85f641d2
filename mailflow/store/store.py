"""Everything that the desk keeps, opened once: the database, the keys, the secrets."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path
from typing import Self

from mailflow.core.model import Mail
from mailflow.core.settings import Settings
from mailflow.store import schema
from mailflow.store.database import Database
from mailflow.store.secrets import Secrets
from mailflow.store.vault import Vault


@dataclass(frozen=True, slots=True)
class Store:
    database: Database
    vault: Vault
    secrets: Secrets

    @classmethod
    def open(cls, settings: Settings) -> Self:
        """An installation's store. Raises StoreError, with the next step, when anything about it is wrong."""
        secrets = Secrets.load(settings.storage, settings.home)
        database = Database(settings.storage.database, home=settings.home)
        schema.require_current(database)
        keys = Database(Path(settings.home) / settings.storage.keys)
        return cls(database, Vault(keys, secrets), secrets)

    @classmethod
    def create(cls, settings: Settings) -> Self:
        """The same for a new installation: the master key exists, the database and keys.db are made."""
        secrets = Secrets.load(settings.storage, settings.home)
        vault = Vault.create(Path(settings.home) / settings.storage.keys, secrets)
        database = Database.create(settings.storage.database, home=settings.home)
        schema.create(database)
        return cls(database, vault, secrets)

    def close(self) -> None:
        self.vault.close()
        self.database.close()

    # ------------------------------------------------------------ blind indexes: how sealed things are found again

    def blind_address(self, address: str) -> str:
        return self.secrets.blind("address", address)

    def blind_domain(self, address: str) -> str:
        return self.secrets.blind("domain", address.rpartition("@")[2])

    def blind_message_id(self, message_id: str) -> str:
        return self.secrets.blind("message-id", message_id)

    def blind_mail(self, raw: bytes) -> str:
        return self.secrets.blind("mail", hashlib.sha256(raw).digest())

    def blind_sameness(self, mail: Mail) -> str:
        """From, Message-ID and words: equal in two copies of one mail; "" for a mail without a Message-ID."""
        if not mail.message_id:
            return ""
        words = hashlib.sha256(f"{mail.subject}\0{mail.text}\0{mail.quoted}".encode()).hexdigest()
        return self.secrets.blind("sameness", f"{mail.sender}\0{mail.message_id}\0{words}")
