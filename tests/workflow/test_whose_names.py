"""Which card a name tells, as a pattern for each card would find it; asked of the name alone."""

import re

from hypothesis import given
from hypothesis import strategies as st

from kamxl.workflow.incoming.whose import _LETTERS, _inside

_SIGNS = st.text(alphabet="ab1 _-ü.é中", max_size=12)
_PARTS = st.lists(st.text(alphabet="ab1 _-ü.é中", max_size=5), max_size=6)
_WAYS = [("[0-9a-z]", lambda sign: sign in _LETTERS), ("[^ ]", lambda sign: sign != " ")]


class Many(dict):
    """Names of cards that are only looked up: going through them takes as long as there are."""

    def __iter__(self):
        raise AssertionError("went through the names of all cards")

    keys = items = values = __iter__


@given(_SIGNS, _PARTS, st.sampled_from(_WAYS))
def test_a_name_holds_what_a_pattern_would_find(name, parts, way):
    letter, is_letter = way
    found = {
        part
        for part in parts
        if re.search(rf"(?<!{letter}){re.escape(part)}(?!{letter})", name) is not None
    }
    assert _inside(name, Many.fromkeys(parts), is_letter) == found
