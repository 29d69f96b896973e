"""What the readers share."""

import pytest

from hopfield_opt import problems
from hopfield_opt.errors import ReadError
from hopfield_opt.io import text


@pytest.mark.parametrize(("lines", "most"), [(1, 2**14), (2**18, 2**21)])
def test_a_number_of_things_is_credible_up_to_eight_a_line(lines: int, most: int):
    """A small file may announce 16384 things, a large one eight for each line, and no more."""
    body = [""] * lines
    assert text.vertex_count("f", 1, str(most), body) == most
    with pytest.raises(ReadError, match=f"number of vertices must be at most {most}"):
        text.vertex_count("f", 1, str(most + 1), body)


@pytest.mark.parametrize("token", ["9007199254740993", "-36028797018963969", "+9007199254740993"])
def test_integers_that_a_float_would_round_are_refused(token: str):
    """So they are in arrays; a decimal is rounded, as anyone expects of it."""
    with pytest.raises(ReadError, match="f:3: weight must be a number that float64 holds, got"):
        text.number("f", 3, "weight", token)
    assert text.number("f", 3, "weight", token + ".") == float(token)
    for exact in ("9007199254740992", "9007199254740994", "1" + 22 * "0"):
        assert text.number("f", 3, "weight", exact) == int(exact)


@pytest.mark.parametrize(
    ("kind", "name", "body"),
    [
        (problems.MaxCut, "a.rudy", "2 1\n1 2 {}\n"),
        (problems.MaxCut, "a.edges", "a b {}\n"),
        (problems.GraphBipartition, "a.graph", "2 1 001\n2 {0}\n1 {0}\n"),
        (problems.QuadraticAssignment, "a.dat", "2\n0 {0}\n{0} 0\n0 1\n1 0\n"),
        (problems.Qubo, "a.sparse", "2 1\n1 2 {}\n"),
    ],
)
def test_readers_say_where_a_weight_would_be_rounded(kind, name, body, tmp_path):
    """Whether they read fast or line by line."""
    path = tmp_path / name
    path.write_text(body.format(2**53 + 1))
    with pytest.raises(ReadError, match=rf"{name}:\d: .* must be a number that float64 holds"):
        kind.read(path)
    path.write_text(body.format(2**53))
    kind.read(path)
