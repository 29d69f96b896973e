"""Words of a command line become checked arguments of a function."""

import re

import pytest

from hopfield_opt.arguments import check_arguments, parse_pairs, parse_value
from hopfield_opt.errors import InputError


def example(nodes: int, density: float = 0.5, kind: str | None = None, graph=None):
    """Stand for a constructor."""


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("12", 12),
        ("-3", -3),
        ("0.5", 0.5),
        ("1e-3", 0.001),
        ("True", True),
        ("false", False),
        ("none", None),
        ("null", None),
        ("torus", "torus"),
        ("10,20", (10, 20)),
        ("0.5, 2", (0.5, 2.0)),
        ("10,", "10,"),
        ("3,x", "3,x"),
        ("", ""),
    ],
)
def test_value_has_the_type_that_it_looks_like(text, value):
    """Numbers, truth values and None are recognised; everything else is text."""
    parsed = parse_value(text)
    assert (parsed, type(parsed)) == (value, type(value))


def test_pairs_become_keyword_arguments():
    """A value may hold an equals sign, a name may be written with a dash."""
    assert parse_pairs("--set", ["a=1", "b-c=x=y"]) == {"a": 1, "b_c": "x=y"}


@pytest.mark.parametrize("pair", ["a", "=1", ""])
def test_pair_without_name_or_value_is_refused(pair):
    """The message shows the form and what was given instead."""
    with pytest.raises(InputError, match=f"--set must be given as NAME=VALUE, got '{pair}'"):
        parse_pairs("--set", [pair])


@pytest.mark.parametrize(
    "given",
    [
        {"nodes": 3},
        {"nodes": 3, "density": 1},
        {"nodes": 3, "density": 0.1, "kind": None},
        {"nodes": 3, "kind": "torus", "graph": 3.5},
    ],
)
def test_fitting_arguments_pass(given):
    """An integer is a number, None is allowed where the annotation says so."""
    assert check_arguments("--set", example, given) == given


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({}, "--set must give nodes, got nothing."),
        ({"density": 0.1}, "--set must give nodes, got density."),
        ({"nodes": 3.5}, "nodes in --set must be an integer, got 3.5."),
        ({"nodes": True}, "nodes in --set must be an integer, got True."),
        ({"nodes": 3, "density": "x"}, "density in --set must be a number, got 'x'."),
        ({"nodes": 3, "kind": 1}, "kind in --set must be a word or none, got 1."),
        ({"node": 3}, "Did you mean 'nodes'?"),
    ],
)
def test_misfit_is_named(given, message):
    """What is missing, unknown or of another type is said by name."""
    with pytest.raises(InputError, match=re.escape(message)):
        check_arguments("--set", example, given)


def test_function_without_parameters_takes_none():
    """Where nothing can be set, the message says so instead of listing no names."""
    with pytest.raises(InputError, match=r"--set must be left out, got 'nodes'\."):
        check_arguments("--set", lambda: None, {"nodes": 3})
