"""What the machine around an installation lacks: files that secrets come from, environment variables."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TypeAlias

from mailflow.config.settings import FILE
from mailflow.core.settings import Settings

_OTHERS = stat.S_IRWXG | stat.S_IRWXO
_CREDENTIAL = _OTHERS & ~stat.S_IRGRP  # systemd lets the service's group read a credential of root
Found: TypeAlias = Iterator[tuple[str, str]]


def machine_problems(settings: Settings, environ: Mapping[str, str] = os.environ) -> tuple[str, ...]:
    """What would keep `mailflow run` from its secrets on this machine, one "file: key: sentence" each.

    Never any part of a secret.
    """
    home = Path(settings.home)
    return tuple(f"{FILE}: {key}: {sentence}" for key, sentence in _found(settings, home, environ))


def _found(settings: Settings, home: Path, environ: Mapping[str, str]) -> Found:
    storage = settings.storage
    yield from _secret("storage.master_key_", storage.master_key_file, storage.master_key_env, home, environ)
    servers = [(f'mailbox "{box.name}": ', box.login, box.ca_file) for box in settings.mailboxes]
    for where, login, ca_file in [*servers, ("smtp.", settings.smtp.login, settings.smtp.ca_file)]:
        yield from _secret(f"{where}password_", login.password_file, login.password_env, home, environ)
        if ca_file and not os.access(home / ca_file, os.R_OK):
            yield f"{where}ca_file", f"{ca_file} cannot be read"


def _secret(where: str, file: str, variable: str, home: Path, environ: Mapping[str, str]) -> Found:
    if variable and not environ.get(variable):
        yield f"{where}env", f"the environment variable {variable} is not set"
    if file:
        for sentence in _file_problems(file, home, environ):
            yield f"{where}file", sentence


def _file_problems(file: str, home: Path, environ: Mapping[str, str]) -> Iterator[str]:
    folder = environ.get("CREDENTIALS_DIRECTORY", "")
    if "CREDENTIALS_DIRECTORY" in file and not folder:
        yield "CREDENTIALS_DIRECTORY is not set: systemd sets it for a service with LoadCredential="
        return
    path = home / file.replace("${CREDENTIALS_DIRECTORY}", folder).replace("$CREDENTIALS_DIRECTORY", folder)
    if not path.is_file():
        yield f"there is no file {path}"
        return
    if not os.access(path, os.R_OK):
        yield f"{path} cannot be read by the user who runs this"
    found = path.stat()
    credential = bool(folder) and path.resolve().parent == Path(folder).resolve() and found.st_uid == 0
    if found.st_mode & (_CREDENTIAL if credential else _OTHERS):
        yield f"{path} can be read by others (mode {stat.S_IMODE(found.st_mode):04o}): chmod 600 it"
    if not found.st_size:
        yield f"{path} is empty"
