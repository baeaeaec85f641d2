"""A new installation: a folder with the defaults, a master key, and a place for the data."""

from __future__ import annotations

import base64
import os
import secrets
import shutil
from pathlib import Path

import mailflow
from mailflow.config.problems import ConfigError

PARTS = ("config.toml", "rules", "templates", "db")
_NOT_COPIED = shutil.ignore_patterns("__pycache__", "*.pyc", ".*", "*~")
_KEY_OCTETS = 32


def make_installation(folder: Path) -> None:
    """Fill `folder`, made where it is missing, with config.toml, rules/, templates/, db/, master.key and data/.

    Raises ConfigError, one sentence, when there is something in it already or it cannot be written. The database is
    not made here.
    """
    source = defaults()
    try:
        folder.mkdir(parents=True, exist_ok=True)
        if any(folder.iterdir()):
            raise ConfigError((f"{folder} is not empty: name a new folder, so that nothing is overwritten",))
        for part in PARTS:
            _copy(source / part, folder / part)
        (folder / "data").mkdir(mode=0o700)
        _make_key(folder / "master.key")
    except OSError as error:
        raise ConfigError((f"{folder} cannot be made an installation folder: {error.strerror}",)) from error


def defaults() -> Path:
    """Where the defaults are: in the installed package, or at the root of a checkout."""
    package = Path(mailflow.__file__).parent
    for place in (package / "defaults", package.parent):
        if all((place / part).exists() for part in PARTS):
            return place
    raise ConfigError((f"the defaults are missing from {package}: install mailflow anew",))


def _copy(source: Path, target: Path) -> None:
    """The contents alone: a read-only original makes a copy that can be edited."""
    if source.is_dir():
        target.mkdir()
        for entry in sorted(source.iterdir()):
            if not _NOT_COPIED(str(source), [entry.name]):
                _copy(entry, target / entry.name)
    else:
        shutil.copyfile(source, target)


def _make_key(file: Path) -> None:
    """32 random octets in base64, in a file of its own: never over another one, and for nobody else's eyes."""
    with os.fdopen(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as opened:
        opened.write(base64.b64encode(secrets.token_bytes(_KEY_OCTETS)) + b"\n")
        opened.flush()
        os.fsync(opened.fileno())
