"""What the readers share."""

import pytest

from hopfield_opt.errors import ReadError
from hopfield_opt.io import text


@pytest.mark.parametrize(("lines", "most"), [(1, 2**14), (2**18, 2**21)])
def test_a_number_of_things_is_credible_up_to_eight_a_line(lines: int, most: int):
    """A small file may announce 16384 things, a large one eight for each line, and no more."""
    body = [""] * lines
    assert text.vertex_count("f", 1, str(most), body) == most
    with pytest.raises(ReadError, match=f"number of vertices must be at most {most}"):
        text.vertex_count("f", 1, str(most + 1), body)
