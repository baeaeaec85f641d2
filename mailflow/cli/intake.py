"""`ingest` and `explain`: mails from files, taken in or only judged."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator
from contextlib import ExitStack, contextmanager
from itertools import batched, chain
from typing import TYPE_CHECKING, Annotated

import typer
