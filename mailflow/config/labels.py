"""What people read of a code or a table, in each staff language."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from mailflow.config.values import LanguageTag, Text

Label = Annotated[dict[LanguageTag, Text], Field(description="What people read, in each staff language.")]
