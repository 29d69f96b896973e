"""Tables of the kernel for networks with groups: couplings by spin.

Each function returns runs by name, integers and floats, that `pack` joins to two flat arrays.
Factored and Kronecker terms are never expanded: their runs need as much memory as the terms.
A run called ``*_ptr`` says where the entries of each spin (or row) begin and end.
"""

from typing import Any

import numpy as np
from scipy.sparse import csr_array

from hopfield_opt import deadline
from hopfield_opt.arrays import IntArray
from hopfield_opt.couplings import Explicit, Factored, Kronecker
from hopfield_opt.hamiltonian import Hamiltonian

Runs = dict[str, Any]


def concatenate(arrays: list[Any], dtype: Any = np.int64) -> Any:
    """Return the arrays one after another, an empty one if there are none."""
    return np.concatenate([np.empty(0, dtype), *(np.asarray(a).ravel() for a in arrays)])


def pointers(counts: Any) -> IntArray:
    """Return where each run begins, given the lengths of the runs.

    Examples
    --------
    >>> pointers([2, 0, 3]).tolist()
    [0, 2, 2, 5]
    """
    return np.concatenate([[0], np.cumsum(counts)]).astype(np.int64)


def links(hamiltonian: Hamiltonian) -> Runs:
    """Return the explicit couplings: rows of W, columns sorted (there is one such term at most)."""
    size = hamiltonian.num_spins
    terms = [term for term in hamiltonian.couplings if isinstance(term, Explicit)]
    deadline.check(2 * sum(term.num_couplings() for term in terms))
    matrix = csr_array(terms[0].matrix) if terms else csr_array((size, size))
    return {
        "link_ptr": matrix.indptr,
        "link_spin": matrix.indices,
        "link_weight": matrix.data.astype(np.float64),
    }


def forms(hamiltonian: Hamiltonian) -> Runs:
    """Return the factored terms: by spin, the forms in which it occurs, numbered through."""
    terms = [term for term in hamiltonian.couplings if isinstance(term, Factored)]
    entries = [csr_array(term.rows).tocoo() for term in deadline.check_each(terms)]
    deadline.check(10 * sum(part.nnz for part in entries))
    before = pointers([len(term.coefficients) for term in terms])
    spin = concatenate([part.col for part in entries])
    order = np.argsort(spin, kind="stable")
    number = concatenate([part.row + first for part, first in zip(entries, before, strict=False)])
    return {
        "form_ptr": pointers(np.bincount(spin, minlength=hamiltonian.num_spins)),
        "form_of": number[order],
        "form_value": concatenate([part.data for part in entries], np.float64)[order],
        "form_coefficient": concatenate([term.coefficients for term in terms], np.float64),
    }


def blocks(hamiltonian: Hamiltonian) -> Runs:
    """Return the Kronecker terms ``W[(i,a),(j,b)] = P[i,j] Q[a,b] f[i,a] f[j,b]``.

    With A = As + Aa, B = Bs + Ba (symmetric and antisymmetric parts) the symmetrised coupling
    ``-c f f (A_ij B_ba + A_ji B_ab)`` is ``-2 c f f (As_ij Bs_ab - Aa_ij Ba_ab)``: one or two
    parts with symmetric or antisymmetric factors.

    Rows and columns of all parts are numbered through: row r of the P has its entries in
    ``p_*`` (columns are row numbers, too; `p_base`: where the places of that row begin in
    `place_spin`, which holds N at a hole); ``entry_*`` are the places of each spin, `own` what
    the product has for a place with itself.
    """
    parts = []
    for term in hamiltonian.couplings:
        if isinstance(term, Kronecker):
            left, right = csr_array(term.left), csr_array(term.right)
            for sign in (1.0, -1.0):
                p = csr_array((left + sign * left.T) * (-sign * term.coefficient))
                q = csr_array((right + sign * right.T) * 0.5)
                for matrix in (p, q):
                    matrix.eliminate_zeros()
                    matrix.sort_indices()
                if p.nnz and q.nnz:
                    parts.append((p, q, term.indices, term.factors))
    return {**_factors(parts), **_places(parts, hamiltonian.num_spins)}


def _factors(parts: list[Any]) -> Runs:
    """Return the rows of all P and Q."""
    rows = pointers([p.shape[0] for p, *_ in parts])
    places = pointers([indices.size for _, _, indices, _ in parts])
    bases = [
        first + indices.shape[1] * np.arange(indices.shape[0])
        for first, (_, _, indices, _) in zip(places, parts, strict=False)
    ]
    other = concatenate([p.indices + k for k, (p, *_) in zip(rows, parts, strict=False)])
    return {
        "p_ptr": pointers(concatenate([np.diff(p.indptr) for p, *_ in parts])),
        "p_row": other,
        "p_base": concatenate(bases)[other],
        "p_value": concatenate([p.data for p, *_ in parts], np.float64),
        "q_ptr": pointers(concatenate([np.diff(q.indptr) for _, q, *_ in parts])),
        "q_column": concatenate([q.indices for _, q, *_ in parts]),
        "q_value": concatenate([q.data for _, q, *_ in parts], np.float64),
    }


def _places(parts: list[Any], num_spins: int) -> Runs:
    """Return the spins at all places, and the places of all spins."""
    found: list[tuple[Any, ...]] = []
    rows = columns = 0
    for t, (p, q, indices, factors) in enumerate(parts):
        i, a = np.nonzero(indices >= 0)
        own = p.diagonal()[i] * q.diagonal()[a] * factors[i, a] ** 2
        part = np.full(len(i), t)
        found.append((indices[i, a], part, i + rows, a + columns, a, factors[i, a], own))
        rows, columns = rows + indices.shape[0], columns + indices.shape[1]
    kinds = [np.int64] * 5 + [np.float64] * 2
    runs = [concatenate([one[k] for one in found], kind) for k, kind in enumerate(kinds)]
    order = np.argsort(runs[0], kind="stable")
    names = ("entry_part", "entry_row", "entry_column", "entry_local", "factor", "own")
    spins = [np.where(indices < 0, num_spins, indices) for _, _, indices, _ in parts]
    return {
        "place_spin": concatenate(spins),
        "scale": concatenate([factors for *_, factors in parts], np.float64),
        "entry_ptr": pointers(np.bincount(runs[0], minlength=num_spins)),
        **{name: run[order] for name, run in zip(names, runs[1:], strict=True)},
    }


def pack(runs: Runs, numbers: dict[str, int]) -> tuple[Any, Any, Any]:
    """Return (at, ints, floats): all integer and all float runs joined, and where each begins.

    Parameters
    ----------
    runs : dict
        Arrays by name, in lower case.
    numbers : dict
        The number of every name in `at`.
    """
    at = np.zeros(len(numbers), np.int64)
    packed = []
    for kind, dtype in (("iub", np.int32), ("f", np.float64)):
        chosen = {name: run for name, run in runs.items() if run.dtype.kind in kind}
        starts = pointers([len(run) for run in chosen.values()])
        for name, start in zip(chosen, starts, strict=False):
            at[numbers[name.upper()]] = start
        packed.append(
            np.concatenate([np.empty(0), *chosen.values()], dtype=dtype, casting="unsafe")
        )
    return at, packed[0], packed[1]


def block_work(blocks: Runs) -> int:
    """Return how many fields flips of every spin in turn change by Kronecker parts."""
    left, right = np.diff(blocks["p_ptr"]), np.diff(blocks["q_ptr"])
    return int((left[blocks["entry_row"]] * right[blocks["entry_column"]]).sum())


def state_runs(at: Any, runs: Runs, numbers: dict[str, int]) -> tuple[int, int]:
    """Write sizes and the runs of a replica into `at`; return the widths of lists and fields."""
    size = len(runs["threshold"])
    lengths = {"counts": "lower", "blocks": "size", "ranges": "range_lower"}
    for name, run in {**lengths, "forms": "form_coefficient"}.items():
        at[numbers[f"NUM_{name.upper()}"]] = len(runs[run])
    at[numbers["NUM_SPINS"]] = size
    lines, entries = int(runs["size"].sum()), len(runs["range_spin"])
    lists = {
        "ORDER": len(runs["members"]),
        "POSITION": size,
        "ON": len(runs["lower"]),
        "COLUMN": lines,
        "ROW": lines,
        "LISTED": entries,
        "SLOT": entries,
        "HIGH": len(runs["range_lower"]),
    }
    starts = pointers(list(lists.values()))
    for name, start in zip(lists, starts, strict=False):
        at[numbers[name]] = start
    at[numbers["FORM"]] = size + 1
    at[numbers["TOTAL"]] = size + 1 + len(runs["form_coefficient"])
    return int(starts[-1]), int(at[numbers["TOTAL"]]) + len(runs["range_lower"])
