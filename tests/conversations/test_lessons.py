"""What the users of other ticket systems suffered, one test a lesson (docs/lessons.md): it must not happen here."""

from __future__ import annotations

import pytest

from mailflow.core.model import Outcome, State
from mailflow.mail.origin import origin  # noqa: F401
from tests.conversations.clients import CLIENTS, phone
