"""The laws that every dynamics keeps."""

import dataclasses
import pickle
from collections.abc import Iterator
from typing import Any

import numpy as np
import scipy.sparse
from numpy.typing import NDArray

from hopfield_opt.driver.running import run
from hopfield_opt.dynamics.base import Dynamics, State, is_waiting, observables_of
from hopfield_opt.errors import InputError
from hopfield_opt.groups import AtMostOne, Cardinality, Group, Linear, OneHot, Permutation
from hopfield_opt.hamiltonian import Hamiltonian
from hopfield_opt.testing.assertions import need_assertions
from hopfield_opt.trace import Trajectory

# What a trajectory is made of.
FIELDS = frozenset(field.name for field in dataclasses.fields(Trajectory))

SWEEPS = 12
REPLICAS = 3


def check_dynamics(dynamics: Dynamics) -> None:
    """Check the laws that every dynamics keeps, on degenerate and on ordinary networks.

    On networks without spins, with one, without couplings, disconnected, with weights of 1e-12 and
    of 1e12, where every flip is a tie, and with groups of size 0 and 1 or one feasible state:

    - the states are spins of the right shape, their energies the Hamiltonian's; sweeps are
      counted until nothing moves;
    - the start is not changed, and every group that the dynamics keeps holds at the end;
    - the same seed gives the same states and observables, however the sweeps are split into
      calls, and also where a state was saved with pickle in between;
    - each of the `observables` has a row for each replica, of the same shape from the first sweep
      to the end, and `run` records it sweep by sweep;
    - an offset moves all energies, and weights that are four times as large give four times the
      energies where the temperatures are derived from them.

    Parameters
    ----------
    dynamics : Dynamics
        With its parameters.

    Raises
    ------
    AssertionError
        With the law and the network.
    InputError
        Under ``python -O``, which skips assertions.

    Examples
    --------
    >>> from hopfield_opt.dynamics import Asynchronous
    >>> check_dynamics(Asynchronous())
    """
    need_assertions()
    home = f"{Dynamics.__module__}.{Dynamics.__name__}"
    assert isinstance(dynamics, Dynamics), f"a dynamics inherits {home}"
    for attribute in ("name", "summary"):
        assert hasattr(dynamics, attribute), f"a dynamics has {attribute!r}"
    served = 0
    for case, network in _networks(dynamics.keeps):
        if not dynamics.misfit(network):
            served += 1
            _check_on(dynamics, network, f"{dynamics.name} on {case}")
    assert served, f"{dynamics.name} serves a network"


def _networks(keeps: frozenset[type[Group]]) -> Iterator[tuple[str, Hamiltonian]]:
    """Yield degenerate and ordinary networks whose groups are kept."""
    g = np.random.default_rng(0)
    weights = g.normal(size=(12, 12))
    weights = np.triu(weights, 1) + np.triu(weights, 1).T
    thresholds = g.normal(size=12)
    half = scipy.sparse.coo_array(weights)
    two: Any = scipy.sparse.block_diag([half, half]).tocsr()
    yield "no spins", Hamiltonian(None, num_spins=0)
    yield "one spin", Hamiltonian(None, [0.5])
    yield "no couplings", Hamiltonian(None, thresholds)
    yield "nothing but ties", Hamiltonian(None, num_spins=9)
    yield "two parts", Hamiltonian(two, offset=1.5)
    yield "real weights", Hamiltonian(weights, thresholds, offset=-2.0)
    yield "tiny weights", Hamiltonian(1e-12 * weights, 1e-12 * thresholds)
    yield "huge weights", Hamiltonian(1e12 * weights, 1e12 * thresholds)
    yield "signs", Hamiltonian(np.sign(weights), np.sign(thresholds))
    everyone = np.arange(12)
    kinds: tuple[tuple[str, list[Any]], ...] = (
        ("groups of one", [OneHot([0]), AtMostOne([1]), Cardinality([2], 0, 1)]),
        ("one-hot groups", [OneHot(everyone[:4]), OneHot(everyone[4:9])]),
        ("at most one", [AtMostOne(everyone[:5]), AtMostOne(everyone[5:])]),
        ("a cardinality", [Cardinality(everyone, 5, 7)]),
        ("one feasible state", [Cardinality(everyone, 12, 12)]),
        ("a permutation", [Permutation(np.arange(9).reshape(3, 3))]),
        ("a permutation of one", [Permutation(np.arange(1).reshape(1, 1))]),
        ("a range", [Linear(everyone[:6], [1, 2, 3, 1, 2, 3], 3, 7)]),
    )
    for case, groups in kinds:
        if all(type(group) in keeps for group in groups):
            yield case, Hamiltonian(weights, thresholds, groups=groups)
            yield f"{case}, no couplings", Hamiltonian(None, thresholds, groups=groups)


def _check_on(dynamics: Dynamics, network: Hamiltonian, case: str) -> None:
    """Check the laws on one network."""
    try:
        default = dynamics.default_sweeps(network)
        batch, replicas = dynamics.batch(network), dynamics.default_replicas(network)
    except Exception as error:
        raise AssertionError(f"{case}: the defaults raise {error!r}") from error
    assert min(default, batch, replicas) >= 1, f"{case}: defaults are positive"
    start = _start(network, min(REPLICAS, batch))
    kept = start.copy()
    end = _run(dynamics, network, start, [SWEEPS])
    assert np.array_equal(start, kept), f"{case}: the start is not changed"
    _check_state(end, network, case)
    counted = end.sweeps == SWEEPS or (end.converged and end.sweeps < SWEEPS)
    assert counted, f"{case}: sweeps counts those that were done, until nothing moves"
    _check_records(dynamics, network, start, case)
    # first, as the laws below take it for granted
    again = _run(dynamics, network, start, [SWEEPS])
    split = _run(dynamics, network, start, [1, 4, SWEEPS - 5])
    saved = _run(dynamics, network, start, [5, SWEEPS - 5], saved=True)
    for other, law in (
        (again, f"{case}: the same seed repeats a run"),
        (split, f"{case}: the states do not depend on how sweeps are split into calls"),
        (saved, f"{case}: a run goes on from a state that was saved with pickle"),
    ):
        _same(end, other, law)
        assert end.sweeps == other.sweeps, f"{law}, and so the count of sweeps"
        for name in observables_of(end).values():
            one, two = getattr(end, name), getattr(other, name)
            assert np.array_equal(one, two, equal_nan=True), f"{law}, and so with {name!r}"
    moved = _run(dynamics, _shift(network, 8.0), start, [SWEEPS])
    _same(end, moved, f"{case}: an offset changes no state")
    if not hasattr(dynamics, "temperature"):
        scaled = _run(dynamics, network.scaled(4.0), start, [SWEEPS])
        _same(end, scaled, f"{case}: a factor of 4 in all couplings changes no state")


def _shift(network: Hamiltonian, shift: float) -> Hamiltonian:
    """Return the network with all its energies shifted."""
    return Hamiltonian(
        network.couplings,
        network.thresholds,
        network.offset + shift,
        network.groups,
        num_spins=network.num_spins,
    )


def _start(network: Hamiltonian, replicas: int) -> NDArray[np.int8]:
    """Return random states; dynamics repair what breaks a group."""
    spins = np.array([-1, 1], dtype=np.int8)
    return np.random.default_rng(1).choice(spins, (replicas, network.num_spins))


def _run(
    dynamics: Dynamics,
    network: Hamiltonian,
    start: NDArray[np.int8],
    blocks: list[int],
    *,
    saved: bool = False,
) -> State:
    """Return the finished state after blocks of sweeps, as the driver runs them."""
    state: State = dynamics.init(network, start, np.random.SeedSequence(7))
    left = sum(blocks)
    for block in blocks:
        if saved:
            state = pickle.loads(pickle.dumps(state))
        if not state.converged:
            state = dynamics.advance(state, block, left)
        while is_waiting(state):
            state = dynamics.advance(state, block, left)
        left -= block
    end: State = dynamics.finish(state)
    return end


def _check_state(end: State, network: Hamiltonian, case: str) -> None:
    """Check shapes, values, energies and groups of an end state."""
    states = end.states()
    shape = (len(end.energies), network.num_spins)
    assert states.shape == shape, f"{case}: states have the shape {shape}"
    assert states.dtype == np.int8, f"{case}: states are int8"
    assert (np.abs(states) == 1).all(), f"{case}: spins are -1 and +1"
    exact = np.asarray(network.energy(states))
    scale = max(1.0, float(np.abs(exact).max(initial=0.0)))
    close = np.allclose(end.energies, exact, rtol=1e-9, atol=1e-9 * scale)
    assert close, f"{case}: energies are those of the states, {end.energies} and {exact}"
    for replica in range(len(states)):
        same = np.array_equal(end.spins(replica), states[replica])
        assert same, f"{case}: spins(r) is row r of states()"
    for group in network.groups:
        broken = group.violation(states)
        assert not broken.any(), f"{case}: {type(group).__name__} holds at the end"


def _check_records(
    dynamics: Dynamics, network: Hamiltonian, start: NDArray[np.int8], case: str
) -> None:
    """Check that `run` can record what the states declare."""
    state: State = dynamics.init(network, start, np.random.SeedSequence(7))
    declared = observables_of(state)
    for name, attribute in declared.items():
        own = name.isidentifier() and not hasattr(Trajectory, name) and name not in FIELDS
        assert own, f"{case}: an observable has a name that nothing else has, not {name!r}"
        assert hasattr(state, attribute), f"{case}: the state has {attribute!r}, as it declares"
    if not declared:
        return
    try:
        end = run(network, dynamics, start, SWEEPS, record=tuple(declared), seed=7)
    except InputError as error:
        raise AssertionError(f"{case}: observables keep their shapes, but {error}") from error
    assert isinstance(end.trace, Trajectory)
    for name, attribute in declared.items():
        rows, last = end.trace.records[name], end.details[attribute]
        assert rows.shape[1] == len(end.energies), f"{case}: {name!r} has a row for each replica"
        assert np.array_equal(rows[-1], last, equal_nan=True), f"{case}: {name!r} ends as recorded"


def _same(one: State, other: State, law: str) -> None:
    assert np.array_equal(one.states(), other.states()), law
