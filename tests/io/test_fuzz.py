"""Mutated files of every kind, over readers, `load` and the command line.

Each is read rightly, or refused in one line, within 5 seconds of computing and a gigabyte. A
sample runs always, 50000 files with `-m slow`. The number of a file repeats it.
"""

import contextlib
import gzip
import io
import random
import runpy
import subprocess
import sys
import warnings
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from scipy.sparse import csr_array

from hopfield_opt import cli, problems
from hopfield_opt.couplings import Explicit, Factored, Kronecker
from hopfield_opt.errors import HopfieldWarning, InputError
from hopfield_opt.groups import AtMostOne, Cardinality, Linear, OneHot, Permutation
from hopfield_opt.hamiltonian import Hamiltonian

HERE = Path(__file__).parent
SAMPLES = runpy.run_path(str(HERE / "samples.py"))["SAMPLES"]
spoilt = runpy.run_path(str(HERE / "spoiling.py"))["spoilt"]
_LIMITS = runpy.run_path(str(HERE / "limits.py"))
patience, memory = _LIMITS["patience"], _LIMITS["memory"]

FILES, SECONDS, BYTES = 50000, 5, 2**30
# of 10 files one is read by the command line, and one that is text is packed before it is spoilt
SHARE = 0.1
SWAP = np.array([[0.0, 0.1], [0.1, 0.0]])
NETWORK = Hamiltonian(
    [
        Explicit(csr_array(np.pad(SWAP, (0, 12)))),
        Factored(np.arange(28).reshape(2, 14) / 7, [0.5, -1]),
        Kronecker([[1, 2], [3, 4]], csr_array(SWAP), [[0, 5], [-1, 2]], 0.3, num_spins=14),
    ],
    np.linspace(-1, 1, 14),
    groups=[
        Permutation([[0, 1], [2, 3]], [[True, False], [True, True]]),
        OneHot([4]),
        Linear([0, 5, 9], [0.1, -2, 3], -np.inf, 0.3),
        Cardinality([10, 9], -1, 2),
        AtMostOne([12, 11]),
    ],
)
TOUR = b"NAME : t\nTYPE : TOUR\nDIMENSION : 4\nTOUR_SECTION\n1 3\n2\n4\n-1\nEOF\n"
NAMES = [*SAMPLES, "network", "tour"]


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with a cue for patterns, a saved network and cities."""
    folder = tmp_path_factory.mktemp("fuzz")
    (folder / "cue.patterns").write_text("#.#\n...\n")
    NETWORK.save(folder / "network.npz")
    (folder / "cities.tsp").write_bytes(SAMPLES["EUC_2D"].content)
    return folder


def content_of(name: str, place: Path) -> bytes:
    """Return the file before it is spoilt."""
    if name == "network":
        return (place / "network.npz").read_bytes()
    return TOUR if name == "tour" else SAMPLES[name].content


def load(name: str, path: Path) -> Any:
    """Return what is in a file."""
    if name == "network":
        return Hamiltonian.load(path)
    if name == "tour":
        return problems.TravellingSalesman.read_tour(path)
    sample = SAMPLES[name]
    cue = {"cue": path.with_name("cue.patterns")} if sample.format == "patterns" else {}
    found = sample.problem.read(path, format=sample.format, **sample.arguments, **cue)
    (getattr(found, "model", None) or found.hamiltonian)()
    return found


def data(problem: Any) -> list[Any]:
    """Return the data of a problem as arrays; edges by their ends."""
    if hasattr(problem, "graph"):
        graph = problem.graph
        edges = zip(graph.heads.tolist(), graph.tails.tolist(), graph.weights.tolist(), strict=True)
        ends = sorted((*sorted((graph.labels[u], graph.labels[v])), w) for u, v, w in edges)
        return [graph.num_vertices, ends]
    if hasattr(problem, "cities"):
        return [problem.cities.distances, problem.cities.coordinates, problem.cities.fixed]
    if hasattr(problem, "data"):
        return [problem.data.flows, problem.data.distances]
    if hasattr(problem, "instance"):
        return [problem.instance.weights, problem.instance.incidence.toarray()]
    if hasattr(problem, "matrix"):
        form = csr_array(problem.matrix)
        return [(form + form.T).toarray()]
    if hasattr(problem, "items"):
        return list(problem.items)
    if hasattr(problem, "patterns"):
        return [problem.patterns.spins]
    return [problem.noisy if hasattr(problem, "noisy") else problem.numbers]


def check_written(name: str, problem: Any, path: Path) -> None:
    """Assert that what is written is read back the same, or that it is not written."""
    usual = "tsplib" if hasattr(problem, "cities") else SAMPLES[name].format
    renamed = hasattr(problem, "cities") and problem.cities.labels != tuple(
        range(1, problem.cities.size + 1)
    )
    if renamed or (hasattr(problem, "matrix") and problem.num_variables > 2000):
        return
    try:
        problem.write(path, format=usual)
    except InputError:
        return
    cue = {"cue": path.with_name("cue.patterns")} if usual == "patterns" else {}
    again = type(problem).read(path, format=usual, **cue)
    for one, other in zip(data(problem), data(again), strict=True):
        if usual == "png":
            assert np.abs(one - other).max() <= 0.5 / 255 + 1e-7
        else:
            assert np.array_equal(one, other)


def run(name: str, path: Path) -> str:
    """Return what the command line says against a file, "" if nothing."""
    words = ["solve", "tsp", str(path.with_name("cities.tsp")), "--tour", str(path)]
    if name != "tour":
        sample = SAMPLES[name]
        words = ["solve", sample.problem.name, str(path), "--format", sample.format]
    if name == "patterns":
        words += ["--set", f"cue={path.with_name('cue.patterns')}"]
    words += ["--sweeps", "1", "--replicas", "1", "--seed", "0", "--time-limit", "0.1"]
    out, err = io.StringIO(), io.StringIO()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        code = cli.main([*words, "--no-polish"])
    lines = [line for line in err.getvalue().splitlines() if not line.startswith("warning: ")]
    assert code in (0, 1, 2)
    assert len(lines) == (code == 2), lines
    assert (out.getvalue() == "") == (code == 2)
    return lines[0].removeprefix("error: ") if lines else ""


def check(name: str, number: int, place: Path, seconds: float) -> bool:
    """Assert that a file is read, or refused in one line; return whether it is read."""
    chance = random.Random(f"{name} {number}")
    content, path = content_of(name, place), place / "instance"
    text = name not in ("npy", "png", "network")
    if text and chance.random() < SHARE:
        content, path = gzip.compress(content, mtime=0), place / "instance.gz"
    content = spoilt(content, chance)
    path.write_bytes(content)
    found, problem, said = "", None, name != "network" and chance.random() < SHARE
    try:
        with patience(60 if said else seconds), warnings.catch_warnings():
            warnings.simplefilter("error")
            warnings.simplefilter("ignore", HopfieldWarning)
            try:
                if said:
                    found = run(name, path)
                else:
                    problem = load(name, path)
            except InputError as error:
                found = str(error)
            if problem is not None and hasattr(problem, "write"):
                check_written(name, problem, place / "again")
    except BaseException as error:
        error.add_note(f"{name}, number {number}: {content[:2000]!r}")
        raise
    assert "\n" not in found, (found, content)
    assert not found or (" must " in found and len(found) < 600), (found, content)
    assert "memory must suffice" not in found, content
    return not found


@pytest.mark.parametrize("name", NAMES)
def test_a_sample_of_mutated_files(place: Path, name: str):
    """Some files of each kind are read, or refused in one line."""
    assert check_whole(name, place)
    for number in range(8):
        check(name, number, place, seconds=SECONDS)


def check_whole(name: str, place: Path) -> bool:
    """Read the file as it should be; what is loaded on first use counts nowhere."""
    path = place / "instance"
    path.write_bytes(content_of(name, place))
    return load(name, path) is not None


@pytest.mark.slow
@pytest.mark.parametrize("name", NAMES)
def test_mutated_files(place: Path, name: str):
    """All 50000 files of all kinds together, in a gigabyte and five seconds for each."""
    check_whole(name, place)
    if name != "network":
        run(name, place / "instance")
    with memory(BYTES):
        read = sum(
            check(name, number, place, seconds=SECONDS) for number in range(-(-FILES // len(NAMES)))
        )
    assert read  # some are harmless


@pytest.mark.slow
@pytest.mark.parametrize("number", range(20))
def test_mutated_files_in_a_process_of_their_own(place, elsewhere, number):
    """The exit code is 2 with one line, or there is an answer; never a traceback."""
    name = list(SAMPLES)[number * 7 % len(SAMPLES)]
    sample, path = SAMPLES[name], place / "alone"
    path.write_bytes(spoilt(sample.content, random.Random(f"alone {number}")))
    words = [sys.executable, "-m", "hopfield_opt", "solve", sample.problem.name, str(path)]
    words += ["--format", sample.format, "--sweeps", "1", "--seed", "0"]
    if name == "patterns":
        words += ["--set", f"cue={place / 'cue.patterns'}"]
    done = subprocess.run(words, capture_output=True, check=False, **elsewhere)
    lines = [line for line in done.stderr.splitlines() if not line.startswith("warning: ")]
    assert done.returncode in (0, 1, 2)
    assert len(lines) == (done.returncode == 2), lines
