"""Files: what is saved comes back, and anything else is refused in one line."""

import zipfile

import numpy as np
import pytest
from scipy.sparse import csr_array

from hopfield_opt.couplings import Explicit, Factored, Kronecker
from hopfield_opt.errors import ReadError
from hopfield_opt.groups import AtMostOne, Cardinality, Linear, OneHot, Permutation
from hopfield_opt.hamiltonian import Hamiltonian

SWAP = np.array([[0.0, 0.1], [0.1, 0.0]])
MASK = np.array([[True, False], [True, True]])

SYSTEMS = {
    "nothing": Hamiltonian(num_spins=0),
    "thresholds": Hamiltonian(thresholds=[0.1, -3], offset=1 / 3),
    "dense": Hamiltonian(SWAP),
    "sparse": Hamiltonian(csr_array(SWAP)),
    "empty sparse": Hamiltonian(csr_array((3, 3))),
    "all terms": Hamiltonian(
        [
            Explicit(np.ones((6, 6)) - np.eye(6)),
            Factored(np.arange(12).reshape(2, 6) / 7, [0.5, -1]),
            Factored(csr_array(np.eye(6)[:2])),
            Kronecker([[1, 2], [3, 4]], csr_array(SWAP), [[0, 5], [-1, 2]], 0.3),
            Kronecker([[1]], [[0, 1], [0, 0]], [[1, 0]], factors=[[0.1, 0.2]]),
        ],
        np.linspace(-1, 1, 6),
    ),
    "all groups": Hamiltonian(
        thresholds=np.arange(14),
        groups=[
            Permutation([[0, 1], [2, 3]]),
            OneHot([4]),
            Linear([0, 5, 9], [0.1, -2, 3], -np.inf, 0.3),
            AtMostOne([]),
            Permutation([[8, 7], [6, 5]], MASK),
            Cardinality([10, 9], -1, 2),
            AtMostOne([12, 11]),
            Linear([], [], -1, np.inf),
        ],
    ),
}


@pytest.mark.parametrize("name", SYSTEMS)
def test_what_is_saved_comes_back(name, tmp_path):
    """All arrays are equal to the last bit and of the same kind, whatever the file is called."""
    hamiltonian = SYSTEMS[name]
    path = tmp_path / "file without suffix"
    hamiltonian.save(path)
    back = Hamiltonian.load(str(path))
    assert repr(back) == repr(hamiltonian)
    assert [repr(group) for group in back.groups] == [repr(group) for group in hamiltonian.groups]
    states = np.random.default_rng(0).choice([-1, 1], (20, hamiltonian.num_spins))
    assert (back.energy(states) == hamiltonian.energy(states)).all()
    assert (back.thresholds == hamiltonian.thresholds).all()
    assert back.offset == hamiltonian.offset
    for one, other in zip(back.couplings, hamiltonian.couplings, strict=True):
        assert list(map(type, one.__dict__.values())) == list(map(type, other.__dict__.values()))
        assert (one.to_dense() == other.to_dense()).all()
    for one, other in zip(back.groups, hamiltonian.groups, strict=True):
        assert (one.violation(states) == other.violation(states)).all()
        assert one.indices.shape == other.indices.shape


def test_files_hold_no_pickle(tmp_path):
    """Everything can be read by numpy without pickle."""
    path = tmp_path / "h.npz"
    SYSTEMS["all groups"].save(path)
    with np.load(path, allow_pickle=False) as arrays:
        assert all(arrays[name].dtype.kind in "biufU" for name in arrays)


def test_a_missing_file_is_our_error(tmp_path):
    """The message names the file and says that there is none."""
    with pytest.raises(ReadError, match=r"nowhere.npz: no such file\.$"):
        Hamiltonian.load(tmp_path / "nowhere.npz")


def write(path, **changes):
    """Save a small Hamiltonian, then replace or remove some of the arrays in the file."""
    SYSTEMS["sparse"].save(path)
    with np.load(path) as arrays:
        content = {**arrays, **changes}
    np.savez(path, **{name: value for name, value in content.items() if value is not None})


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"format": 99}, "format 99, which only another version reads"),
        ({"terms": np.array(["Unknown"])}, "'Unknown'"),
        ({"thresholds": None}, "thresholds"),
        ({"thresholds": np.array([1.0])}, "1 thresholds for 2 spins"),
        ({"term0.matrix.data": np.array([1.0, 2.0])}, "weights must be symmetric"),
        ({"term0.matrix.indices": np.array([1, 10**6])}, ""),
        ({"groups.kind": np.array([7])}, "1 kinds, 0 sizes and 0 ranges"),
        ({"offset": np.nan}, "offset must be finite, got nan"),
        ({"num_spins": 3}, "2 thresholds for 3 spins"),
    ],
)
def test_altered_content_is_refused(changes, message, tmp_path):
    """A file with a part missing, unknown or senseless is refused with what is wrong."""
    path = tmp_path / "h.npz"
    write(path, **changes)
    wanted = rf"h.npz: must be a file that Hamiltonian.save wrote, got .*{message}"
    with pytest.raises(ReadError, match=wanted):
        Hamiltonian.load(path)


def test_other_files_are_refused(tmp_path):
    """Text, an array, pickles, a folder, other archives: one ReadError each."""
    path = tmp_path / "h.npz"
    for content in (b"", b"800 19176\n1 2 1\n", bytes(range(256)) * 10, b"PK\x03\x04" + b"x" * 99):
        path.write_bytes(content)
        with pytest.raises(ReadError, match="h.npz: must be a file that Hamiltonian.save wrote"):
            Hamiltonian.load(path)
    np.save(tmp_path / "h.npy", np.ones(3))
    np.savez(path, format=np.array([object()]), terms=np.ones(3))
    with zipfile.ZipFile(tmp_path / "h.zip", "w") as archive:
        archive.writestr("format.npy", "text")
    for other in (path, tmp_path / "h.npy", tmp_path / "h.zip", tmp_path):
        with pytest.raises(ReadError, match="must be a file that Hamiltonian.save wrote"):
            Hamiltonian.load(other)


def test_damaged_files_never_crash(tmp_path):
    """A file cut off or with bytes changed anywhere is read in full or refused."""
    path = tmp_path / "h.npz"
    SYSTEMS["all terms"].save(path)
    whole = path.read_bytes()
    rng = np.random.default_rng(0)
    for k in range(300):
        damaged = bytearray(whole)
        if k % 3:
            for place in rng.integers(0, len(whole), 1 + k % 4):
                damaged[place] = int(rng.integers(256))
        else:
            damaged = damaged[: int(rng.integers(len(whole)))]
        path.write_bytes(damaged)
        try:
            Hamiltonian.load(path)
        except ReadError as error:
            assert str(error).startswith(f"{path}: ")  # noqa: PT017
