"""Films of recalls: one frame for each recorded state."""

import numpy as np
import pytest
from PIL import Image

import hopfield_opt as ho
from hopfield_opt.errors import InputError


@pytest.fixture(scope="module")
def recall():
    """Return a recall of three letters, flip by flip."""
    letters = ho.data.letters("ABC")
    cues = letters.copy()
    cues[:, 6:] = -1
    memory = ho.AssociativeMemory(letters, names="ABC")
    return memory.recall(cues, seed=0, record=("states", "energy"), every="flip")


def test_a_film_has_a_frame_for_each_flip(recall, tmp_path):
    """The GIF has as many frames as the cue had flips, and one for the start."""
    path = tmp_path / "film.gif"
    ho.plot.animate(recall, path, replica=1)
    moments = np.isfinite(recall.trace.sweeps[:, 1]).sum()
    with Image.open(path) as film:
        assert film.n_frames == moments > 3


def test_a_film_is_a_page_without_a_server(recall, tmp_path):
    """HTML has the pictures inside: nothing in it is fetched."""
    path = tmp_path / "film.html"
    film = ho.plot.animate(recall, path)
    page = path.read_text("utf-8")
    assert page.count("data:image/png;base64") > 3
    assert "<script" in page
    assert "http" not in page
    assert "fa fa-" not in page
    assert film._repr_html_().count("data:image/png;base64") == page.count("data:image/png;base64")


def test_frames_say_when_and_how_deep(recall):
    """The title of a frame has the time and, if it was recorded, the energy."""
    film = ho.plot.animate(recall)
    film._func(1)
    title = film._fig.axes[0].get_title()
    assert title.endswith(f"energy {recall.trace.energy[1, 0]:.4g}")


def test_films_are_refused_early(recall):
    """No states, too many, another suffix or shape: each is said before anything is drawn."""
    letters = ho.data.letters("A")
    memory = ho.AssociativeMemory(letters)
    with pytest.raises(InputError, match="recorded its states"):
        ho.plot.animate(memory.recall(letters[0], seed=0, record="energy"))
    with pytest.raises(InputError, match=r"path must end with .gif or .html, got film.mp4"):
        ho.plot.animate(recall, "film.mp4")
    with pytest.raises(InputError, match="shape must have 64 sites, got 4 x 4"):
        ho.plot.animate(recall, shape=(4, 4))
    with pytest.raises(InputError, match="replica must be 0 to 2"):
        ho.plot.animate(recall, replica=3)
    long = ho.run(memory.hamiltonian, "heat-bath", sweeps=600, record="states", seed=0)
    with pytest.raises(InputError, match="at most 500 recorded states, got 601"):
        ho.plot.animate(long)


def test_a_lattice_leaves_room_above_for_its_name_only(recall):
    """Where no lattice has a name the title stands right above it."""
    film = ho.plot.animate(recall)
    left, right, below, above = film._fig.axes[0].axis()
    assert right - left == below - above
