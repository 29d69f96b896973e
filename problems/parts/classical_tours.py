"""The energy of Hopfield and Tank's travelling salesman, as a model and as a network."""

import numpy as np

from hopfield_opt.arrays import FloatArray, check_memory, check_number
from hopfield_opt.errors import InputError
from hopfield_opt.hamiltonian import Network
from hopfield_opt.io.cities import Cities
from hopfield_opt.model import Model


class ClassicalTours:
    """The energy of 1985 with given parameters, over ``v[x, i]``: city x is at step i.

    ``E = A/2 sum_x sum_{i != j} v_xi v_xj + B/2 sum_i sum_{x != y} v_xi v_yi
    + C/2 (sum v - n)^2 + D/2 sum_xy sum_i d_xy v_xi (v_y,i+1 + v_y,i-1)``

    Parameters
    ----------
    distances : (N, N) array
        ``d_xy``, finite.
    A, B, C, D, n : float
        The weights of the terms, and the number of neurons that shall be on.
    """

    def __init__(
        self, distances: FloatArray, A: float, B: float, C: float, D: float, n: float
    ) -> None:
        self.distances = distances
        given = {"A": A, "B": B, "C": C, "D": D, "n": n}
        self.weights = {name: check_number(name, value) for name, value in given.items()}

    def model(self) -> Model:
        """Return the energy as the objective over binaries `x`, without any constraint.

        ``v^2 = v`` on binaries: the self-coupling becomes a part of the thresholds.
        """
        weights, size = self.weights, len(self.distances)
        model = Model()
        x = model.binary((size, size), name="x")
        everything = x.sum()
        rows = (x.sum(axis=1) ** 2).sum() - everything
        columns = (x.sum(axis=0) ** 2).sum() - everything
        neighbours = x.roll(-1, axis=1) + x.roll(1, axis=1)
        model.minimize(
            weights["A"] / 2 * rows
            + weights["B"] / 2 * columns
            + weights["C"] / 2 * (everything - weights["n"]) ** 2
            + weights["D"] / 2 * (x * (self.distances @ neighbours)).sum()
        )
        return model

    def network(self) -> Network:
        """Return the network of 1985 with its self-couplings, for ``v = (1 + s) / 2``.

        With ``E = v'Qv / 2 - C n sum v + ...`` it has ``W = -Q / 4`` and
        ``thresholds = Q 1 / 4 - C n / 2``: its local field is half of the circuit's
        ``C n - Q v``, so that the u0 of the paper is halved, too.
        """
        weights, size = self.weights, len(self.distances)
        check_memory("weights", 8 * 4 * size**4)
        one, others = np.eye(size), 1.0 - np.eye(size)
        step = np.roll(one, 1, axis=1)
        couplings = (
            weights["A"] * np.kron(one, others)
            + weights["B"] * np.kron(others, one)
            + weights["C"]
            + weights["D"] / 2 * np.kron(self.distances + self.distances.T, step + step.T)
        )
        return Network(-couplings / 4, couplings.sum(axis=1) / 4 - weights["C"] * weights["n"] / 2)


class ClassicalNetworks:
    """The classical networks of a travelling salesman with given `cities` and `cycle`."""

    cities: Cities
    cycle: bool

    def hopfield_tank_1985(
        self,
        A: float = 500.0,
        B: float = 500.0,
        C: float = 200.0,
        D: float = 500.0,
        n: float = 15.0,
        as_network: bool = False,
    ) -> Model | Network:
        """Return the energy of 1985, which keeps no constraint; the defaults are for ten cities.

        See `ClassicalTours` for the formula. `decode` makes of its assignments a tour, or None.

        Parameters
        ----------
        A, B, C, D : float
            The weights of rows, columns, number of neurons and length. With the defaults
            distances are meant to be at most about 1.
        n : float
            How many neurons shall be on.
        as_network : bool
            Whether to return the `Network` with the self-couplings -C of the continuous
            circuit, for the method "hopfield-tank"; on binaries they are a threshold.

        References
        ----------
        J. J. Hopfield, D. W. Tank, "'Neural' computation of decisions in optimization
        problems", Biological Cybernetics 52 (1985), section 3.
        """
        classical = ClassicalTours(self._all_distances(), A, B, C, D, n)
        return classical.network() if as_network else classical.model()

    def talavan_yanez(self, C: float = 1e-5, as_network: bool = False) -> Model | Network:
        """Return the same energy with parameters for which every stable vertex is a tour.

        With the largest and the smallest distance ``d_U`` and ``d_L``: ``D = 1/d_U``,
        ``n = N + 3/C``, ``B = 3 + C``, ``A = B - d_L/d_U``.

        Parameters
        ----------
        C : float
            The free parameter, positive; small is better.
        as_network : bool
            As above.

        References
        ----------
        P. M. Talaván, J. Yáñez, "Parameter setting of the Hopfield network applied to TSP",
        Neural Networks 15 (2002).
        """
        if not check_number("C", C) > 0:
            raise InputError(f"C must be positive, got {C}.")
        distances = self._all_distances()
        size = len(distances)
        between = distances[~np.eye(size, dtype=bool)]
        most = float(between.max(initial=0.0)) or 1.0
        least = float(between.min(initial=most))
        classical = ClassicalTours(
            distances, 3.0 + C - least / most, 3.0 + C, C, 1.0 / most, size + 3.0 / C
        )
        return classical.network() if as_network else classical.model()

    def _all_distances(self) -> FloatArray:
        if not (self.cycle and self.cities.complete) or self.cities.fixed:
            road = "a fixed road" if self.cities.fixed else "a missing road"
            raise InputError(
                "cities must be a complete graph with cycle=True for a classical network, "
                f"got {road if self.cycle else 'cycle=False'}."
            )
        return self.cities.distances
