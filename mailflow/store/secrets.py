"""The master key and what is derived from it: one key to wrap data keys, one for look-ups, one for reply tokens."""

from __future__ import annotations

import base64
import binascii
import hmac
import os
import secrets as randomness
import stat
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path, PurePath
from typing import Self

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from mailflow.core.settings import StorageSettings
from mailflow.store import files
from mailflow.store.errors import StoreError

KEY_OCTETS = 32
_LONGEST_FILE = 4096
_MAKE_ONE = "make one with `mailflow init`, or put back the one that you keep"


@dataclass(frozen=True, slots=True, eq=False)
class Secrets:
    """Sub-keys of the master key (HKDF-SHA256 by label). Its repr shows the name of the wrapping key only."""

    kek: str  # names the key-encryption key: 16 hex digits that give nothing away
    key_encryption: Mapping[str, bytes] = field(
        repr=False
    )  # by name: the current one, and former ones that still unwrap
    tokens: bytes = field(repr=False)  # the secret of core.tokens
    _index: bytes = field(repr=False)

    @classmethod
    def load(cls, storage: StorageSettings, home: PurePath) -> Self:
        """The master key of the file or the environment variable that the settings name (base64 of 32 octets).

        A relative file stands in `home`; ${CREDENTIALS_DIRECTORY} and other variables in its name are expanded.
        Raises StoreError, which never repeats anything of the key.
        """
        if bool(storage.master_key_file) == bool(storage.master_key_env):
            raise StoreError(
                "the master key has no single source: set either master_key_file or master_key_env in config.toml"
            )
        if storage.master_key_env:
            source = f"the environment variable {storage.master_key_env}"
            text = os.environ.get(storage.master_key_env, "")
        else:
            file = Path(home) / os.path.expandvars(storage.master_key_file)
            source = f"the master key file {file}"
            text = _read(file)
        return cls.of(_decoded(text, source))

    @classmethod
    def of(cls, master: bytes, former: tuple[bytes, ...] = ()) -> Self:
        """From a master key of 32 octets. Keys wrapped under `former` ones can still be unwrapped, nothing else."""
        wrapping = {_name(key): _derived(key, "key-encryption") for key in (master, *former)}
        return cls(_name(master), wrapping, _derived(master, "tokens"), _derived(master, "blind index"))

    def blind(self, kind: str, value: str | bytes) -> str:
        """The blind index of a value: HMAC-SHA256 in 64 hex digits. `kind` keeps equal values of two kinds apart.

        The caller normalises the value; what differs by one octet is not found.
        """
        octets = value.encode() if isinstance(value, str) else value
        return hmac.digest(self._index, f"{len(kind)}:{kind}:".encode() + octets, "sha256").hex()


def create_master_key(file: Path) -> None:
    """Write a new random master key with mode 0600, safely on disk. Never overwrites (StoreError)."""
    files.create_private(file)
    file.write_bytes(base64.b64encode(randomness.token_bytes(KEY_OCTETS)) + b"\n")
    files.sync(file)


def _read(file: Path) -> str:
    """The file's text, after a look at who else could read it."""
    try:
        opened = open(file, "rb", opener=_without_waiting)  # noqa: SIM115 (Path.open has no opener; closed below)
    except FileNotFoundError:
        raise StoreError(f"the master key file {file} is missing: {_MAKE_ONE}") from None
    except OSError as error:
        raise StoreError(
            f"the master key file {file} can't be read ({error.strerror}): it must be a file of mailflow's user"
        ) from error
    with opened:
        found = os.fstat(opened.fileno())
        if not stat.S_ISREG(found.st_mode):
            raise StoreError(f"the master key file {file} is not a plain file: {_MAKE_ONE}")
        if not _private(file, found):
            raise StoreError(
                f"the master key file {file} can be read by others (mode {found.st_mode & 0o777:04o}): chmod 600 it"
            )
        return opened.read(_LONGEST_FILE).decode("ascii", "replace")


def _without_waiting(file: str, flags: int) -> int:
    """A pipe in place of the key would have us wait for its writer."""
    return os.open(file, flags | os.O_NONBLOCK)


def _private(file: Path, found: os.stat_result) -> bool:
    """Nobody but the owner; or a systemd credential, which may be root's and readable to the service's group."""
    if not found.st_mode & 0o077:
        return True
    folder = os.environ.get("CREDENTIALS_DIRECTORY", "")
    is_credential = bool(folder) and file.resolve().parent == Path(folder).resolve()
    return is_credential and found.st_uid == 0 and not found.st_mode & 0o037


def _decoded(text: str, source: str) -> bytes:
    if not text.strip():
        raise StoreError(f"{source} is empty or not set: {_MAKE_ONE}")
    try:
        master = base64.b64decode(text.strip(), validate=True)
    except (binascii.Error, ValueError):
        master = b""
    if len(master) != KEY_OCTETS:
        raise StoreError(f"{source} does not hold a master key (base64 of {KEY_OCTETS} octets): {_MAKE_ONE}")
    return master


def _name(master: bytes) -> str:
    return _derived(master, "name of the key-encryption key")[:8].hex()


def _derived(master: bytes, label: str) -> bytes:
    return HKDF(SHA256(), KEY_OCTETS, salt=None, info=f"mailflow 1 {label}".encode()).derive(master)
