"""Files: what is saved comes back, and anything else is refused in one line."""

import io
import tracemalloc
import zipfile

import numpy as np
import pytest
from scipy.sparse import csr_array

from hopfield_opt.couplings import Explicit, Factored, Kronecker
from hopfield_opt.errors import InputError, ReadError
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


def group(kind, size, bounds=(0.0, 0.0), members=(0,)):
    """Return the arrays of one group."""
    return {
        "groups.kind": np.array([kind]),
        "groups.size": np.array([size]),
        "groups.range": np.array([bounds]),
        "groups.members": np.array(members),
    }


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
        ({"offset": np.array([0.0])}, "offset with 1 axes"),
        ({"num_spins": 2.0}, "entries of type '<f8' as num_spins"),
        ({"num_spins": -2}, "-2 as num_spins"),
        ({"thresholds": np.array([0, 0])}, "entries of type '<i8' as thresholds"),
        ({"term0.matrix.indices": np.array([1.0, 0.0])}, "'<f8' as term0.matrix.indices"),
        ({"term0.matrix.indptr": np.array([0, 2**40, 0])}, "valid sparse matrix"),
        ({"term0.matrix.shape": np.array([2, -2])}, "a shape of term0.matrix that does not fit"),
        ({"groups.members": np.array([0])}, "too many members of groups"),
        ({"groups.coefficients": np.array([0.0])}, "too many coefficients of groups"),
        (group(0, -1), "a size below 0"),
        (group(0, 2), "too few members of groups"),
        (group(-1, 1), "a group of an unknown kind"),
        (group(5, 1), "a group of an unknown kind"),
        (group(0, 1.0), "'<f8' as groups.size"),
        (group(2, 1, (0.5, 1.0)), "a count from 0.5 to 1"),
        (group(2, 1, (0.0, np.inf)), "a count from 0 to inf"),
        (group(4, 2, members=(0, 1)), "a permutation of 2 spins"),
        (group(4, 1), "too few allowed places of groups"),
        (group(0, 1, members=(7,)), "must lie within 2 spins, got spin 7"),
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


def test_headers_are_not_run(tmp_path):
    """A header that is no plain dictionary is refused without Python's or numpy's own words."""
    path = tmp_path / "h.npz"
    SYSTEMS["dense"].save(path)
    with zipfile.ZipFile(path) as archive:
        content = {name: archive.read(name) for name in archive.namelist()}
    whole = content["thresholds.npy"]
    for header in (b"{'descr': '<f8', ((((((", b"'''", b"{'descr': '|O', " + whole[27:]):
        size = len(header).to_bytes(2, "little")
        content["thresholds.npy"] = whole[:8] + size + header + whole[-16:]
        with zipfile.ZipFile(path, "w") as archive:
            for name, data in content.items():
                archive.writestr(name, data)
        with pytest.raises(ReadError, match="got .* as thresholds") as caught:
            Hamiltonian.load(path)
        assert not {"unsafe", "pickle", "Token", "max_header"} & {*str(caught.value).split()}


@pytest.mark.parametrize("packing", [zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2])
def test_archives_are_looked_at_before_they_are_unpacked(tmp_path, packing):
    """What announces far more than its bytes can hold is refused in no memory and no time."""
    path = tmp_path / "h.npz"
    with zipfile.ZipFile(path, "w", packing) as archive:
        for name in ("format", "thresholds"):
            archive.writestr(f"{name}.npy", bytes(2**25))
    tracemalloc.start()
    with pytest.raises(ReadError, match=r"an archive of \d+ bytes that unpacks to 67108864"):
        Hamiltonian.load(path)
    assert tracemalloc.get_traced_memory()[1] < 2**22
    tracemalloc.stop()


def test_archives_that_were_packed_again(tmp_path):
    """They are the same network; one that has two files of one name is none."""
    path = tmp_path / "h.npz"
    SYSTEMS["all groups"].save(path)
    with np.load(path) as arrays:
        content = dict(arrays)
    np.savez_compressed(path, **content)
    assert repr(Hamiltonian.load(path)) == repr(SYSTEMS["all groups"])
    with zipfile.ZipFile(path, "a") as archive, pytest.warns(UserWarning, match="Duplicate"):
        archive.writestr("format.npy", b"")
    with pytest.raises(ReadError, match="two files of one name"):
        Hamiltonian.load(path)


def test_sparse_files_are_not_read(tmp_path):
    """A file of 12 GiB that takes no place on the disk is refused by its size."""
    path = tmp_path / "h.npz"
    with path.open("wb") as file:
        file.truncate(12 * 2**30)
    with pytest.raises(ReadError, match="file must have at most 2048 MiB, got 1.229e"):
        Hamiltonian.load(path)


def test_networks_above_the_limit_are_not_saved(tmp_path, monkeypatch):
    """What could not be loaded is refused, and no file is left."""
    monkeypatch.setattr("hopfield_opt.arrays.MEMORY_LIMIT", 100)
    with pytest.raises(InputError, match="file must need at most"):
        SYSTEMS["all terms"].save(tmp_path / "h.npz")
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("path", [None, io.BytesIO(), 3])
def test_only_names_of_files_are_loaded(path):
    """Open files, None and descriptors are refused by save and load."""
    with pytest.raises(InputError, match="path must be a string or a path, got"):
        Hamiltonian.load(path)
    with pytest.raises(InputError, match="path must be a string or a path, got"):
        SYSTEMS["dense"].save(path)


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
