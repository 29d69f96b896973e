"""A sampler for dimod: binary, constrained and discrete quadratic models in, sample sets out."""

import math
from typing import Any, ClassVar

import dimod
import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

from hopfield_opt.driver import solve
from hopfield_opt.hamiltonian import Hamiltonian
from hopfield_opt.model import Model
from hopfield_opt.result import Result


class HopfieldSampler(dimod.Sampler, dimod.Initialized):
    """Sample low energies of dimod's models by Hopfield networks.

    `sample`, `sample_ising` and `sample_qubo` are those of each dimod sampler; `sample_cqm` and
    `sample_dqm` are those of Ocean's hybrid ones. ``info`` of a sample set says how the search
    ended (`status`), with a proven `bound` where there is one, and the `seed` that repeats it.

    References
    ----------
    dimod's sampler protocol, https://docs.dwavequantum.com.

    Examples
    --------
    >>> sampler = HopfieldSampler()
    >>> found = sampler.sample_qubo({("a", "a"): -1, ("a", "b"): 3, ("b", "b"): -2}, seed=1)
    >>> {label: int(x) for label, x in found.first.sample.items()}, float(found.first.energy)
    ({'a': 0, 'b': 1}, -2.0)
    """

    parameters: ClassVar[dict[str, list[str]]] = {
        name: []
        for name in (
            "num_reads",
            "num_sweeps",
            "time_limit",
            "seed",
            "initial_states",
            "initial_states_generator",
        )
    }
    properties: ClassVar[dict[str, Any]] = {}

    def sample(
        self,
        bqm: Any,
        *,
        num_reads: int | None = None,
        num_sweeps: int | None = None,
        time_limit: float | None = None,
        seed: int | None = None,
        initial_states: Any = None,
        initial_states_generator: str = "random",
        **keywords: Any,
    ) -> Any:
        """Return the states of the least energies of one search.

        Parameters
        ----------
        bqm : dimod.BinaryQuadraticModel
            The model, of spins or binaries.
        num_reads : int, optional
            How many states are returned at most: the best met, and where other replicas ended.
            By default as many as `initial_states`, or one. A small model that is solved exactly
            has one.
        num_sweeps : int, optional
            Sweeps of each replica; with a seed the same states on each machine.
        time_limit : float, optional
            Seconds.
        seed : int, optional
            None draws one.
        initial_states : samples-like, optional
            The search begins at the best of them, and never ends above it.
        initial_states_generator : {"none", "tile", "random"}
            What stands for initial states that are missing, see `dimod.Initialized`.

        Returns
        -------
        dimod.SampleSet
            Sorted by energy, of the vartype of the model.
        """
        self.remove_unknown_kwargs(**keywords)
        given = self.parse_initial_states(
            bqm, initial_states, initial_states_generator, num_reads, seed
        )
        order = list(bqm.variables)
        if not order:
            empty = np.empty((given.num_reads, 0), dtype=np.int8)
            return dimod.SampleSet.from_samples_bqm((empty, order), bqm)
        network = _as_network(bqm.change_vartype("SPIN", inplace=False), order)
        best = given.initial_states.change_vartype("SPIN", inplace=False).first.sample
        result = solve(
            network,
            seed=seed,
            sweeps=num_sweeps,
            time_limit=time_limit,
            # fewer replicas than by default would only make the search worse
            replicas=given.num_reads if given.num_reads > 128 else None,
            start=None if initial_states is None else np.array([best[v] for v in order]),
            progress=False,
        )
        states = _best_first(result)[: given.num_reads]
        if bqm.vartype is dimod.BINARY:
            states = (states + 1) // 2
        found = (states.astype(np.int8), order)
        return dimod.SampleSet.from_samples_bqm(found, bqm, info=_info(result))

    def sample_cqm(
        self,
        cqm: Any,
        *,
        num_sweeps: int | None = None,
        time_limit: float | None = None,
        seed: int | None = None,
    ) -> Any:
        """Return the best answer of a constrained model, with `is_feasible` as dimod judges it.

        Parameters
        ----------
        cqm : dimod.ConstrainedQuadraticModel
            Of binaries, spins and integers, see `Model.from_dimod`.
        num_sweeps, time_limit, seed
            As for `sample`.

        Returns
        -------
        dimod.SampleSet
            One sample; none where the model is proven infeasible.
        """
        model = Model.from_dimod(cqm)
        result = _search(model, num_sweeps, time_limit, seed)
        rows = [] if result.assignment is None else [model.pack(result.assignment)]
        table = np.array(rows, dtype=np.float64).reshape(-1, model.num_variables)
        labels = list(cqm.variables)
        return dimod.SampleSet.from_samples_cqm((table, labels), cqm, info=_info(result))

    def sample_dqm(
        self,
        dqm: Any,
        *,
        num_sweeps: int | None = None,
        time_limit: float | None = None,
        seed: int | None = None,
    ) -> Any:
        """Return the best case of each variable of a discrete model.

        Parameters
        ----------
        dqm : dimod.DiscreteQuadraticModel
            The model.
        num_sweeps, time_limit, seed
            As for `sample`.

        Returns
        -------
        dimod.SampleSet
            One sample.
        """
        model = Model.from_dimod(dqm)
        result = _search(model, num_sweeps, time_limit, seed)
        chosen = result.assignment or {}  # one case of each is always there
        cases = [chosen[one.name].argmax() for one in model.variables]
        sample = np.array([cases], dtype=np.int64).reshape(1, -1)
        labels = list(dqm.variables)
        return dimod.SampleSet.from_samples(
            (sample, labels),
            energy=dqm.energies((sample, labels)),
            vartype="DISCRETE",
            info=_info(result),
        )


def _as_network(bqm: Any, order: list[Any]) -> Hamiltonian:
    """Return the Hamiltonian of a model of spins, in the order of its variables."""
    fields, (heads, tails, biases), offset = bqm.to_numpy_vectors(variable_order=order)
    couplings = csr_array((np.asarray(biases, float), (heads, tails)), shape=(len(order),) * 2)
    return Hamiltonian.from_ising(np.asarray(fields, float), couplings, float(offset))


def _best_first(result: Result) -> NDArray[np.int8]:
    """Return where the replicas ended, sorted by energy, below the best met of all."""
    states = result.states[np.argsort(result.energies, kind="stable")]
    assert result.state is not None  # a network without groups has some
    if result.energy == result.energies.min():
        return states
    return np.vstack([result.state[None], states])


def _search(model: Model, sweeps: int | None, time_limit: float | None, seed: int | None) -> Result:
    return solve(model, seed=seed, sweeps=sweeps, time_limit=time_limit, progress=False)


def _info(result: Result) -> dict[str, Any]:
    """Return how a search ended, in plain Python."""
    bound = None if result.bound is None or math.isinf(result.bound) else float(result.bound)
    status, seconds = result.status.name, dict(result.seconds)
    return {"status": status, "bound": bound, "seed": result.seed, "timing": seconds}
