"""Certificates: saved, loaded, verified, and refused where anything was changed."""

import hashlib
import io
import tracemalloc
import zipfile
from dataclasses import replace
from itertools import combinations

import numpy as np
import pytest

import hopfield_opt as ho
from hopfield_opt.errors import InputError, ReadError
from tests.bounds.test_bounds import knapsack


def chain():
    """Return a network whose bound comes from roof duality."""
    weights = np.array([[0, 3, -3], [3, 0, -3], [-3, -3, 0]])
    return ho.Hamiltonian(weights, thresholds=[-1, 2, 0])


SUBJECTS = {
    "trivial": ho.problems.MaxCut([(0, 1), (1, 2)]),
    "roof duality": chain(),
    "frustrated cycles": ho.problems.MaxCut(list(combinations(range(5), 2))),
    "semidefinite program": ho.problems.MaxCut(list(combinations(range(12), 2))),
    "linear program": knapsack(),
    "Gilmore-Lawler": ho.problems.QuadraticAssignment.random(5, seed=0),
    "1-tree": ho.problems.TravellingSalesman.random(12, seed=3),
}


@pytest.mark.parametrize("kind", SUBJECTS)
def test_a_certificate_comes_back_from_its_file(kind, tmp_path):
    """All its fields are the same, and it verifies."""
    one = ho.bound(SUBJECTS[kind])
    one.save(tmp_path / "proof.npz")
    other = ho.Certificate.load(tmp_path / "proof.npz")
    assert one.kind == other.kind == kind
    for name in ("bound", "sense", "rounding", "tolerance", "digest", "formula"):
        assert getattr(one, name) == getattr(other, name)
    assert {name: value.tolist() for name, value in other.proof.items()} == {
        name: np.asarray(value).tolist() for name, value in one.proof.items()
    }
    assert other.verify(SUBJECTS[kind]) == one.bound
    with np.load(tmp_path / "proof.npz") as arrays:
        assert arrays["bound"] == one.bound


def test_a_file_with_any_bit_changed_is_refused(tmp_path):
    """Each bit of the file counts."""
    path = tmp_path / "proof.npz"
    ho.bound(knapsack()).save(path)
    data = path.read_bytes()
    for place in range(len(data)):
        changed = bytearray(data)
        changed[place] ^= 1 << place % 8
        path.write_bytes(bytes(changed))
        with pytest.raises(ReadError, match=r"must be a file that Certificate\.save wrote"):
            ho.Certificate.load(path)


@pytest.mark.parametrize("size", [0, 10, 63, 64, 500])
def test_a_file_that_was_cut_off_is_refused(size, tmp_path):
    """A part of a file is none."""
    path = tmp_path / "proof.npz"
    ho.bound(knapsack()).save(path)
    path.write_bytes(path.read_bytes()[:size])
    with pytest.raises(ReadError):
        ho.Certificate.load(path)


def test_a_missing_file_is_named(tmp_path):
    """The message says that there is none."""
    with pytest.raises(ReadError, match="no such file"):
        ho.Certificate.load(tmp_path / "none.npz")


@pytest.mark.parametrize("kind", SUBJECTS)
@pytest.mark.parametrize("name", ["bound", "rounding"])
def test_a_claim_that_is_not_what_is_proven_is_refused(kind, name):
    """Neither more nor less than what the proof gives may be claimed."""
    certificate = ho.bound(SUBJECTS[kind])
    for more in (-0.5, 0.5):
        claim = replace(certificate, **{name: getattr(certificate, name) + more})
        with pytest.raises(InputError, match=f"{name} must be"):
            claim.verify(SUBJECTS[kind])


def test_multipliers_that_prove_less_or_nothing_are_refused():
    """Of a wrong sign, of a wrong number, not finite, or weaker."""
    certificate = ho.bound(knapsack())
    own = certificate.proof["multipliers"]
    for wrong in (-own, own * 0.5, own[:0], own * np.nan, np.append(own, 0.0)):
        with pytest.raises(InputError):
            replace(certificate, proof={"multipliers": wrong}).verify(knapsack())


def test_what_is_no_flow_within_its_capacities_is_refused():
    """More than a capacity, less than zero, or lost on the way proves nothing."""
    certificate = ho.bound(chain())
    own = dict(certificate.proof)
    for name in ("between", "inwards"):
        for place in np.ndindex(own[name].shape):
            for change in (1, -1, 2**40):
                flow = own[name].copy()
                flow[place] += change
                with pytest.raises(InputError):
                    replace(certificate, proof={**own, name: flow}).verify(chain())


def test_a_diagonal_that_does_not_dominate_is_refused():
    """Less of it proves more, and nothing."""
    complete = SUBJECTS["semidefinite program"]
    certificate = ho.bound(complete)
    own = dict(certificate.proof)
    wrong = [{"diagonal": own["diagonal"] * 0.9}, {"shift": -0.1}, {"shift": np.nan}]
    wrong += [{"diagonal": own["diagonal"][1:]}, {"diagonal": own["diagonal"] + 9.0}]
    for change in wrong:
        with pytest.raises(InputError):
            replace(certificate, proof=own | change).verify(complete)


def test_a_certificate_of_another_instance_is_refused():
    """One coefficient, one bound or one range that differs makes another one."""
    certificate = ho.bound(knapsack())
    other = ho.Model()
    x = other.binary(3, name="x")
    other.maximize((x * [3, 4, 5]).sum())
    other.add((x * [2, 3, 4]).sum() <= 7, name="room")
    for wrong in (other, chain(), SUBJECTS["trivial"]):
        with pytest.raises(InputError, match="problem must be the one that was certified"):
            certificate.verify(wrong)
    with pytest.raises(InputError, match="whose objective is its value"):
        certificate.verify(ho.problems.NumberPartition([1, 2]))


def altered(path, packing=zipfile.ZIP_STORED, **arrays):
    """Write a file whose hash is right, with other arrays, as somebody may who means harm."""
    data = io.BytesIO()
    with np.load(path) as own, zipfile.ZipFile(data, "w", packing) as file:
        for name, array in {**own, **arrays}.items():
            with file.open(f"{name}.npy", "w") as out:
                np.lib.format.write_array(out, np.asarray(array))
        file.comment = bytes(64)
    content = data.getvalue()[:-64]
    path.write_bytes(content + hashlib.sha256(content).hexdigest().encode())


def test_what_a_file_unpacks_to_is_looked_at_first(tmp_path):
    """A few bytes that announce gigabytes are refused in no memory."""
    path = tmp_path / "proof.npz"
    ho.bound(knapsack()).save(path)
    altered(path, zipfile.ZIP_DEFLATED, **{"proof.multipliers": np.zeros(2**22)})
    tracemalloc.start()
    with pytest.raises(ReadError, match=r"an archive of \d+ bytes that unpacks to"):
        ho.Certificate.load(path)
    assert tracemalloc.get_traced_memory()[1] < 2**22
    tracemalloc.stop()


@pytest.mark.parametrize("tolerance", [-1.0, -1e-12, -5e-324, np.inf, np.nan])
def test_a_tolerance_that_is_none_is_refused(tolerance, tmp_path):
    """A negative one would make constraints tighter than they are, and prove too much."""
    path = tmp_path / "proof.npz"
    certificate = ho.bound(knapsack())
    certificate.save(path)
    altered(path, tolerance=tolerance)
    with pytest.raises(ReadError, match=r"tolerance"):
        ho.Certificate.load(path)
    with pytest.raises(InputError, match="tolerance must be"):
        replace(certificate, tolerance=tolerance).verify(knapsack())


def test_a_formula_that_is_none_is_refused_in_a_line(tmp_path):
    """Also an empty one, which has no first line."""
    path = tmp_path / "proof.npz"
    ho.bound(knapsack()).save(path)
    altered(path, formula="")
    with pytest.raises(InputError, match="problem must be the one that was certified"):
        ho.Certificate.load(path).verify(knapsack())


def test_a_certificate_holds_where_as_much_may_be_missed():
    """It is none of a model whose constraints may be missed by more, where that matters."""
    model = ho.Model()
    x = model.binary(2, name="x")
    model.maximize(x.sum())
    model.add((x * [0.1, 0.3]).sum() <= 0.2)
    loose = ho.compile(model, feasibility_tolerance=1.0)
    assert ho.bound(model).verify(ho.compile(model)) == 1
    assert ho.bound(loose).verify(model) == ho.bound(loose).verify(loose) == 2
    with pytest.raises(InputError, match="problem must be the one that was certified"):
        ho.bound(model).verify(loose)
    exact = knapsack()
    assert ho.bound(exact).verify(ho.compile(exact, feasibility_tolerance=1.0)) == 8
