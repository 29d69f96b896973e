"""Certificates: saved, loaded, verified, and refused where anything was changed."""

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
    "semidefinite program": ho.problems.MaxCut(list(combinations(range(5), 2))),
    "linear program": knapsack(),
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
