"""Arrays in numpy's format: the header is looked at before the data."""

import io
import tracemalloc

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from hopfield_opt.array_files import parse_array
from hopfield_opt.errors import InputError, ReadError
from hopfield_opt.io import formats

TYPES = st.one_of(
    arrays.boolean_dtypes(),
    arrays.integer_dtypes(endianness="?"),
    arrays.unsigned_integer_dtypes(endianness="?"),
    arrays.floating_dtypes(endianness="?", sizes=(16, 32, 64)),
)


def bytes_of(array, version=None):
    """Return the bytes of a file."""
    file = io.BytesIO()
    np.lib.format.write_array(file, array, version)
    return file.getvalue()


@given(array=arrays.arrays(TYPES, arrays.array_shapes(min_dims=0, min_side=0)), order=st.booleans())
def test_what_numpy_writes(array, order):
    """Arrays of all numbers, shapes, orders and versions are as they were."""
    for version in ((1, 0), (2, 0), (3, 0)):
        given_array = array.copy(order="F" if order else "C")
        back = parse_array(bytes_of(given_array, version))
        assert back.dtype == array.dtype
        assert np.array_equal(back, array, equal_nan=True)


def test_what_python_2_wrote():
    """Its long integers and other quotes are understood."""
    data = bytes_of(np.arange(3.0))
    old = data.replace(b"(3,), }  ", b"(3L,), }").replace(b"'", b'"')
    assert len(old) == len(data) - 0 or old[:10] == data[:10]
    size = (len(old) - 10 - 24).to_bytes(2, "little")
    assert parse_array(old[:8] + size + old[10:]).tolist() == [0, 1, 2]


@pytest.mark.parametrize(
    ("header", "message"),
    [
        ("{'descr': '<f8', 'fortran_order': False, 'shape': (4,), }", "24 bytes for an array of 3"),
        ("{'descr': '<f8', 'fortran_order': False, 'shape': (2,), }", "24 bytes for an array of 1"),
        ("{'descr': '<f8', 'fortran_order': False, 'shape': (-3,), }", "header that is not as"),
        ("{'descr': '|O', 'fortran_order': False, 'shape': (3,), }", "entries of type '|O'"),
        ("{'descr': '<c16', 'fortran_order': False, 'shape': (3,), }", "entries of type '<c16'"),
        ("{'descr': '<f8', 'shape': (3,), }", "header that is not as"),
        ("{'descr': '<f8', 'descr': '<f8', 'shape': (3,), }", "header that is not as"),
        ("{'descr': '<f8', 'fortran_order': False, 'shape': (3,3L,,), }", "a shape that is none"),
        ("{'descr': [('a', '<f8')], 'fortran_order': False, 'shape': (3,), }", "that is not"),
        ("__import__('os').abort()", "header that is not as"),
        ("((((((((((", "header that is not as"),
        ("'''", "header that is not as"),
        ("1_0if\\d", "header that is not as"),
    ],
)  # fmt: skip
def test_other_headers_are_refused(tmp_path, header, message):
    """They are never run, and the words of numpy and of Python do not show."""
    path = tmp_path / "a.npy"
    path.write_bytes(b"\x93NUMPY\x01\x00" + len(header).to_bytes(2, "little") + header.encode())
    with path.open("ab") as file:
        file.write(np.arange(3.0).tobytes())
    with pytest.raises(ReadError) as caught:
        formats["npy"].read(path)
    assert message.replace("\\", "") in str(caught.value)
    assert "a.npy: file must be one array of numbers" in str(caught.value)


def test_a_size_that_is_announced_takes_no_memory():
    """A header that announces terabytes is compared with the data first."""
    header = b"{'descr': '<f8', 'fortran_order': False, 'shape': (99999999, 9999), }"
    tracemalloc.start()
    with pytest.raises(InputError, match="8 bytes for an array of"):
        parse_array(b"\x93NUMPY\x01\x00" + len(header).to_bytes(2, "little") + header + bytes(8))
    assert tracemalloc.get_traced_memory()[1] < 2**20
    tracemalloc.stop()


def test_truth_values_are_none_but_two():
    """A byte that numpy would take for both is refused."""
    data = bytes_of(np.array([True, False]))
    assert parse_array(data).tolist() == [True, False]
    with pytest.raises(InputError, match="truth values other than 0 and 1"):
        parse_array(data[:-1] + b"\2")
