"""The page of file formats: its table is complete, and its samples are what it says."""

import re
from pathlib import Path

import pytest

import hopfield_opt as ho
from hopfield_opt import problems
from hopfield_opt.io import formats

PAGE = (Path(__file__).resolve().parents[2] / "docs" / "file_formats.md").read_text("utf-8")


def users(name: str) -> dict[str, type]:
    """Return the problems that can be read from a format."""
    kinds = problems.available().items()
    return {key: kind for key, kind in kinds if name in getattr(kind, "formats", ())}


def test_every_format_is_described():
    """The table of formats names each with its suffixes and its problems, as they are."""
    rows = re.findall(r"^\| \[(.+)\]\(#(.+)\) \| (.+) \| (.+) \|$", PAGE, re.M)
    described = {name: (anchor, suffixes, used) for name, anchor, suffixes, used in rows}
    known = {
        name: (name, ", ".join(f"`{suffix}`" for suffix in found.suffixes), ", ".join(users(name)))
        for name, found in formats.items()
    }
    assert described == known


def samples() -> dict[str, str]:
    """Return the sample of each format of text, by its name."""
    parts = re.split(r"^### (\S+)\n", PAGE, flags=re.M)[1:]
    found = zip(parts[::2], parts[1::2], strict=True)
    return {
        name: text.split("```text\n")[1].split("```")[0]
        for name, text in found
        if "```text" in text
    }


@pytest.mark.parametrize("name", sorted(set(formats) - {"npy", "png"}))
def test_samples_are_read(name, tmp_path):
    """Each problem that takes a format reads its sample and can be solved."""
    path = tmp_path / "sample"
    path.write_text(samples()[name])
    (tmp_path / "cue.txt").write_text(".#.\n###\n...\n")
    for kind in users(name).values():
        more = {"cue": tmp_path / "cue.txt"} if kind is problems.PatternMemory else {}
        assert ho.solve(kind.read(path, name, **more), seed=0, sweeps=20).feasible


def edges(graph: ho.io.WeightedGraph) -> list[tuple[int, int, float]]:
    """Return the ends and the weight of each edge, in order."""
    found = zip(graph.heads, graph.tails, graph.weights, strict=True)
    return sorted((*sorted((graph.labels[u], graph.labels[v])), w) for u, v, w in found)


def test_samples_hold_what_the_page_says(tmp_path):
    """The graphs are one graph, and the two quadratic forms are one with the sign turned."""
    for name, text in samples().items():
        (tmp_path / name).write_text(text)
    names = ("rudy", "metis", "edge-list", "dimacs")
    *weighted, plain = (formats[name].read(tmp_path / name) for name in names)
    for graph in weighted:
        assert edges(graph) == [(1, 2, 5), (1, 3, 2), (1, 4, 3), (2, 3, 1), (3, 4, 4)]
    assert edges(plain) == [(*ends, 1) for *ends, _ in edges(weighted[0])]
    first, second = (formats[name].read(tmp_path / name)[0] for name in ("bqp", "biq-mac"))
    assert (first.toarray() == [[3, -1.5], [-1.5, 2]]).all()
    assert (second.toarray() == -first.toarray()).all()
