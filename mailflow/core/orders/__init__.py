"""The mail commands, one function each; importing this registers them. Their words, roles and help lines stand beside them."""

from mailflow.core.orders import answers, describing, desk, finding, giving, joining, publishing, shelf

__all__ = ["answers", "describing", "desk", "finding", "giving", "joining", "publishing", "shelf"]
