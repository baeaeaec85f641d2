"""Whatever stands in a file: it is right, or what is wrong is told in plain lines. Nothing else ever happens."""

import copy
import tomllib
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from mailflow.config.machine import Machine
from mailflow.config.problems import Problems
from mailflow.config.reading import checked
from mailflow.config.rules import FILES

ROOT = Path(__file__).parents[2]
DECLARED = [("config.toml", Machine), *((f"rules/{name}", declaration) for name, declaration in FILES.items())]
SHIPPED = {file: tomllib.loads((ROOT / file).read_text(encoding="utf-8")) for file, _ in DECLARED}
LEAVES = st.one_of(st.none(), st.booleans(), st.integers(-2, 2), st.floats(), st.text(max_size=5), st.dates())
VALUES = st.recursive(
    LEAVES, lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.text(max_size=5), inner, max_size=2)
)


def places(raw, way=()):
    """The way to every value of a file, but only to the first entries of a long list."""
    yield way
    children = raw.items() if isinstance(raw, dict) else enumerate(raw[:3]) if isinstance(raw, list) else ()
    for key, value in children:
        yield from places(value, (*way, key))


def spoil(raw, way, value):
    *upward, last = way
    for part in upward:
        raw = raw[part]
    raw[last] = value


@settings(max_examples=150, deadline=None)
@given(st.data())
def test_a_value_replaced_by_any_other_is_taken_or_told(data):
    file, declaration = data.draw(st.sampled_from(DECLARED))
    raw = copy.deepcopy(SHIPPED[file])
    way = data.draw(st.sampled_from([way for way in places(raw) if way]))
    spoil(raw, way, data.draw(VALUES))
    before, problems = copy.deepcopy(raw), Problems()
    found = checked(declaration, raw, file, problems)
    assert found is not None or problems.sentences()
    assert all(sentence.startswith(f"{file}: ") and "\n" not in sentence for sentence in problems.sentences())
    assert repr(raw) == repr(before), "the tables are left as they were read"
