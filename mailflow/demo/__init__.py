"""The demo: a desk at work on this machine, with an embedded mail server and sample people. Nothing leaves it."""

from mailflow.demo.show import run

__all__ = ["run"]
