"""The explicit term: what it takes, what it mends and what it refuses."""

import networkx as nx
import numpy as np
import pytest
from scipy.sparse import csr_array, csr_matrix

from hopfield_opt.couplings import Explicit
from hopfield_opt.errors import HopfieldWarning, InputError


def test_diagonal_of_a_matrix_becomes_a_constant():
    """A diagonal is removed with a warning that names an entry; energies stay."""
    for matrix in (np.array([[0.0, 1.0], [1.0, 3.0]]), csr_array([[0.0, 1.0], [1.0, 3.0]])):
        with pytest.warns(HopfieldWarning, match=r"got W\[1, 1\] = 3.0.*adds -1.5 ") as record:
            term = Explicit(matrix)
        assert record[0].filename == __file__
        assert term.constant == -1.5
        assert term.energy(np.array([[1, 1], [1, -1]])).tolist() == [-2.5, -0.5]
        assert not term.to_dense().diagonal().any()


def test_rounding_asymmetry_is_averaged():
    """A product that is symmetric up to rounding is accepted, and symmetric then."""
    x = np.random.default_rng(0).normal(size=(10, 30))
    w = np.linalg.pinv(x) @ x
    np.fill_diagonal(w, 0)
    assert (w != w.T).any()
    for matrix in (w, csr_array(w)):
        own = Explicit(matrix).to_dense()
        assert (own == own.T).all()
        assert np.abs(own - w).max() < 1e-14


def test_sparse_input_is_made_canonical():
    """Any sparse format is taken, duplicates are summed, explicit zeros dropped, rows sorted."""
    rows, columns = [0, 0, 1, 1, 2, 0, 2], [1, 1, 0, 2, 1, 2, 0]
    matrix = csr_array(([1.0, 2.0, 3.0, 4.0, 4.0, 0.0, 0.0], (rows, columns)), shape=(3, 3))
    for given_matrix in (matrix, matrix.tocoo(), matrix.tocsc(), matrix.tolil().astype(np.int32)):
        own = Explicit(given_matrix).matrix
        assert own.data.tolist() == [3, 3, 4, 4]
        assert own.indices.tolist() == [1, 0, 2, 1]
        assert own.indices.dtype == own.indptr.dtype == np.int32


@pytest.mark.parametrize(
    ("matrix", "message"),
    [
        ([1, 2], r"weights must be a matrix, got shape \(2,\)"),
        ([[1, 2], [3]], "weights must be an array of real numbers"),
        ([["0", "1"], ["1", "0"]], "weights must be an array of real numbers, got dtype"),
        ([[None, 1], [1, None]], r"weights must be an array of real numbers, got None at \[0, 0\]"),
        ({0: {1: 2}}, "weights must be an array of real numbers"),
        (nx.path_graph(3), "weights must be"),
    ],
)
def test_what_is_no_matrix_is_refused(matrix, message):
    """Vectors, ragged lists, words and graphs are refused by name."""
    with pytest.raises(InputError, match=message):
        Explicit(matrix)


@pytest.mark.parametrize("kind", [np.array, csr_array], ids=["dense", "sparse"])
@pytest.mark.parametrize(
    ("matrix", "message"),
    [
        ([[0, 1, 2], [1, 0, 3]], r"weights must be square, got shape \(2, 3\)"),
        (
            [[0.0, 1.0], [2.0, 0.0]],
            r"weights must be symmetric, got W\[0, 1\] = 1.0 but W\[1, 0\] = 2.0. Use",
        ),
        ([[0.0, 5.0], [0.0, 0.0]], r"W\[0, 1\] = 5.0 but W\[1, 0\] = 0.0"),
        ([[0, np.nan], [np.nan, 0]], r"weights must be finite, got nan at \[0, 1\]"),
        ([[0, 0], [-np.inf, 0]], r"weights must be finite, got -inf at \[1, 0\]"),
        ([[0, 1j], [1j, 0]], "weights must be .*real.*complex128"),
    ],
)
def test_explicit_refuses_by_name(kind, matrix, message):
    """A matrix that is no W is refused with the offending entry, dense or sparse."""
    with pytest.raises(InputError, match=message):
        Explicit(kind(matrix))


def test_a_broken_sparse_matrix_is_refused_before_it_crashes():
    """A column index beyond the matrix is an error, not a crash of compiled code."""
    matrix = csr_array(([1.0, 1.0], ([0, 1], [1, 0])), shape=(2, 2))
    matrix.indices[0] = 10**6
    with pytest.raises(InputError, match="weights must be a valid sparse matrix"):
        Explicit(matrix)


def test_anything_numeric_becomes_float64():
    """Integers, booleans, float32 and np.matrix are taken; a dense matrix stays dense."""
    swap = np.array([[0, 1], [1, 0]])
    for given_matrix in (
        swap,
        swap > 0,
        swap.astype(np.float32),
        swap.tolist(),
        csr_matrix(swap).todense(),
    ):
        own = Explicit(given_matrix).matrix
        assert type(own) is np.ndarray
        assert own.dtype == np.float64
        assert (own == swap).all()


@pytest.mark.parametrize("i, j", [(7, 290), (0, 299), (298, 299), (63, 64)])
def test_one_wrong_entry_of_many_is_found(i: int, j: int):
    """Beyond one stripe of rows, and in the last one, asymmetry is still seen and named."""
    n = 300
    matrix = np.zeros((n, n))
    matrix[i, j] = matrix[j, i] = 4.0
    assert Explicit(matrix).num_couplings() == 2
    matrix[j, i] = 5.0
    for wrong in (matrix, csr_array(matrix)):
        message = rf"W\[{i}, {j}\] = 4.0 but W\[{j}, {i}\] = 5.0"
        with pytest.raises(InputError, match=message):
            Explicit(wrong)
