"""Compiled kernels on disk: damage is noticed before anything is loaded, and mended."""

import importlib.util
import random
import subprocess
import sys

import numba
import pytest

from hopfield_opt import jit, kernel_files
from hopfield_opt.errors import HopfieldWarning


@pytest.fixture
def kernel(tmp_path, monkeypatch):
    """Return what makes the same kernel anew, as another process would, its files in `tmp_path`."""
    monkeypatch.setattr(numba.core.config, "CACHE_DIR", str(tmp_path / "kept"))
    monkeypatch.setattr(kernel_files, "_told", set())
    source = tmp_path / "triple.py"
    source.write_text("def triple(x):\n    return 3 * x\n")
    spec = importlib.util.spec_from_file_location("triple", source)
    module = importlib.util.module_from_spec(spec)
    monkeypatch.setitem(sys.modules, "triple", module)  # what is loaded asks for it by name
    spec.loader.exec_module(module)
    return lambda: jit.njit(module.triple)


def file_of(tmp_path, suffix):
    """Return the file of the kernel."""
    (file,) = (tmp_path / "kept").rglob(f"*{suffix}")
    return file


def is_loaded(compiled):
    """Return whether a call is served from the disk; it is right in any case."""
    assert compiled(14) == 42
    (hits,) = compiled.stats.cache_hits.values() or (0,)
    return hits == 1


def test_what_is_whole_is_loaded(kernel):
    """The second one compiles nothing, and nobody is told anything."""
    assert not is_loaded(kernel())
    assert is_loaded(kernel())


DAMAGES = {
    "empty": lambda content: b"",
    "cut": lambda content: content[: len(content) // 2],
    "a byte short": lambda content: content[:-1],
    "a byte long": lambda content: content + b"\0",
    "its seal alone": lambda content: content[-64:],
    "zeros": lambda content: bytes(len(content)),
    "text": lambda content: b"no pickle at all\n" * 9,
    # what pickle would run
    "a call": lambda content: b"cos\n_exit\n(I3\ntR.",
    "another's": lambda content: content.replace(b"triple", b"tripel"),
}


@pytest.mark.parametrize("suffix", [".nbi", ".nbc"])
@pytest.mark.parametrize("damage", DAMAGES)
def test_what_is_damaged_is_compiled_anew(kernel, tmp_path, suffix, damage):
    """With one warning of one line; the next one finds all in order."""
    assert not is_loaded(kernel())
    file = file_of(tmp_path, suffix)
    file.write_bytes(DAMAGES[damage](file.read_bytes()))
    with pytest.warns(HopfieldWarning) as told:
        assert not is_loaded(kernel())
    (warning,) = told
    assert str(warning.message).endswith(f"is damaged and is compiled anew: {file}.")
    assert "\n" not in str(warning.message)
    assert is_loaded(kernel())


@pytest.mark.parametrize("suffix", [".nbi", ".nbc"])
def test_a_single_bit_is_noticed(kernel, tmp_path, monkeypatch, suffix):
    """Wherever it is turned, in the pickle, the machine code, the seal or the stamp."""
    compiled = kernel()
    compiled(14)
    (key,) = compiled._cache._cache_file._files._load_index()
    file, draws = file_of(tmp_path, suffix), random.Random(1)
    whole = file.read_bytes()
    places = [0, 1, *draws.sample(range(len(whole)), 20), *range(len(whole) - 65, len(whole), 8)]
    for place in places:
        content = bytearray(whole)
        content[place] ^= 1 << draws.randrange(8)
        file.write_bytes(content)
        files = kernel()._cache._cache_file
        monkeypatch.setattr(kernel_files, "_told", set())
        with pytest.warns(HopfieldWarning, match="is damaged and is compiled anew"):
            assert files.load(key) is None


def test_one_is_told_once(kernel, tmp_path):
    """However many kernels are damaged."""
    kernel()(14)
    file_of(tmp_path, ".nbi").write_bytes(b"")
    with pytest.warns(HopfieldWarning):
        assert not is_loaded(kernel())
    for _ in range(2):  # where a warning would be an error
        file_of(tmp_path, ".nbi").write_bytes(b"")
        assert not is_loaded(kernel())


def test_other_sources_are_no_damage(kernel, monkeypatch):
    """After an edit, an update or a downgrade kernels are compiled anew without a word."""
    kernel()(14)
    for fingerprint in ("of an edit", "of another"):
        monkeypatch.setattr(jit, "_fingerprint", lambda module, f=fingerprint: f)
        assert not is_loaded(kernel())
        assert is_loaded(kernel())


def test_data_of_other_sources_under_a_new_index_is_not_run(kernel, tmp_path, monkeypatch):
    """As a process leaves them that was killed between the two."""
    kernel()(14)
    data = file_of(tmp_path, ".nbc")
    old = data.read_bytes()
    monkeypatch.setattr(jit, "_fingerprint", lambda module: "of an edit")
    kernel()(14)
    data.write_bytes(old)
    assert not is_loaded(kernel())
    assert is_loaded(kernel())


def test_a_missing_file_is_no_damage(kernel, tmp_path):
    """Whoever empties the folder wants kernels to be compiled anew."""
    kernel()(14)
    file_of(tmp_path, ".nbc").unlink()
    assert not is_loaded(kernel())
    assert is_loaded(kernel())


def test_what_cannot_be_read_nor_written_is_done_without(kernel, tmp_path):
    """A folder in the place of the file: two warnings, and the kernel works."""
    kernel()(14)
    file = file_of(tmp_path, ".nbi")
    file.unlink()
    (file / "in the way").mkdir(parents=True)
    with pytest.warns(HopfieldWarning) as told:
        assert not is_loaded(kernel())
    assert [str(one.message).partition(" (")[0] for one in told] == [
        "A compiled kernel on disk cannot be read",
        "Compiled kernels cannot be kept on disk",
    ]


@pytest.mark.skipif(sys.platform == "win32", reason="limits of POSIX")
def test_a_full_disk_is_no_error(elsewhere):
    """Where no byte can be written, one plain line says so, and the answer is there."""
    code = (
        "import resource, signal\n"
        "from hopfield_opt import jit\n"
        "def half(x):\n"
        "    return x / 2\n"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))\n"
        "print(jit.njit(half)(84.0))\n"
    )
    script = elsewhere["cwd"] / "full.py"
    script.write_text(code)
    elsewhere["env"]["NUMBA_CACHE_DIR"] = str(elsewhere["cwd"])
    ran = subprocess.run([sys.executable, str(script)], capture_output=True, **elsewhere)
    assert (ran.returncode, ran.stdout) == (0, "42.0\n")
    assert ran.stderr.count("HopfieldWarning: Compiled kernels cannot be kept on disk") == 1
    assert "Traceback" not in ran.stderr
