"""The stories' desk serves here, too: engine and store as they are, without servers."""

from tests.conversations.conftest import ann, bob, desk, installation, lucia  # noqa: F401
