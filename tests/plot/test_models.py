"""The pictures of a model's answer: its variables, and how tightly its constraints hold."""

import matplotlib.pyplot as plt
import numpy as np
import pytest
from matplotlib.colors import to_hex

import hopfield_opt as ho
from hopfield_opt.errors import InputError
from hopfield_opt.plot import models, style


@pytest.fixture(autouse=True)
def _close():
    """Close what a test drew."""
    yield
    plt.close("all")


def test_a_matrix_of_two_values_is_drawn_as_it_lies():
    """Rows go downwards; a chosen cell has the colour of what is chosen."""
    works = np.array([[1, 0, 0], [0, 0, 1]])
    axes = models.variable({"open": np.ones(2), "works": works})
    assert axes.get_title() == "works: 2 of 6 are 1"
    (image,) = axes.images
    assert image.get_array().tolist() == works.tolist()
    assert to_hex(image.cmap(1.0)) == style.BLUE.lower()
    only = models.variable({"all": np.ones((2, 2)), "open": np.ones(2)}, "all")
    assert only.images[0].get_array().all()


def test_a_shade_colours_the_cells_and_dots_mark_the_chosen_ones():
    """The numbers are those that were given, the dots stand where the array is not 0."""
    works, wish = np.array([[1, 0, 0], [0, 0, 1]]), np.arange(6.0).reshape(2, 3)
    axes = models.variable({"works": works}, shade=wish)
    assert axes.images[0].get_array().tolist() == wish.tolist()
    assert axes.collections[0].get_offsets().tolist() == [[0, 0], [2, 1]]
    assert axes.get_title().endswith("the dots")
    with pytest.raises(InputError, match=r"^shade must"):
        models.variable({"works": works}, shade=wish.T)


def test_other_numbers_of_axes():
    """One axis has bars, three are laid side by side, none is a number, empty ones are nothing."""
    bars = models.variable({"level": np.array([3, 0, -5])})
    assert [bar.get_height() for bar in bars.patches] == [3, 0, -5]
    assert bars.get_title() == "level: from -5 to 3"
    cube = np.zeros((2, 3, 4))
    cube[1, 2, 0] = 1
    folded = models.variable({"x": cube})
    rows, columns = np.nonzero(folded.images[0].get_array())
    assert (rows.tolist(), columns.tolist()) == ([1], [8])
    assert [line.get_xdata()[0] for line in folded.lines] == [3.5, 7.5]
    assert models.variable({"y": np.array(2)}).get_title() == "y: 2"
    assert not models.variable({"none": np.zeros((0, 3))}).images


def test_labels_of_pandas_stand_beside_the_axes():
    """Few labels are written."""
    pd = pytest.importorskip("pandas")
    frame = pd.DataFrame(np.eye(2), index=["Ann", "Bob"], columns=["early", "late"])
    axes = models.variable({"works": frame})
    assert [one.get_text() for one in axes.get_yticklabels()] == ["Ann", "Bob"]
    assert [one.get_text() for one in axes.get_xticklabels()] == ["early", "late"]


def test_what_is_no_variable_is_refused():
    """With the nearest name, or with what to give."""
    with pytest.raises(InputError, match="works"):
        models.variable({"works": np.ones(2)}, "work")
    with pytest.raises(InputError, match=r"^answer must name arrays"):
        models.variable([1, 2])


def limited():
    """Return a model with a bar of each kind."""
    model = ho.Model()
    x = model.binary(4, name="x")
    model.maximize(x.sum())
    model.add(x[:3] + x[1:] <= 1, name="apart")
    model.add(x[0] + x[1] == 1, x[2] + x[3] == 1, name="one of two")
    model.add(x.sum() <= 1, name="few", penalty=0.5, soft=True)
    return model


def test_rows_of_each_call_are_counted():
    """Violated, violated at a price, tight, with room: in this order from the left."""
    axes = models.constraints(limited(), {"x": [1, 0, 0, 1]})
    assert [one.get_text() for one in axes.get_yticklabels()] == ["apart", "one of two", "few"]
    # value: two, less the price of one too many
    assert axes.get_title() == "value 1.5 (maximize): all 6 rows hold"
    legend = [text.get_text() for text in axes.get_legend().get_texts()]
    assert legend == ["violated at a price", "equal, or tight", "with room"]
    texts = [text.get_text() for text in axes.texts]
    assert texts == ["", "", "1", "2", "2", "", "1", "", ""]
    axes = models.constraints(limited(), {"x": [1, 1, 0, 0]})
    assert axes.get_title() == "value 1.5 (maximize): 3 of 6 rows are violated"
    violated = axes.containers[0]
    assert to_hex(violated[0].get_facecolor()) == style.VERMILION.lower()
    assert [bar.get_width() for bar in violated] == pytest.approx([1 / 3, 1, 0])


def test_many_calls_share_a_bar():
    """Those that are too many to be read are counted together; none are no bars."""
    model = ho.Model()
    x = model.binary(40, name="x")
    assert "all 0 rows hold" in models.constraints(model, {"x": np.zeros(40)}).get_title()
    for k in range(40):
        model.add(x[k] <= 1, name=f"row {k}")
    axes = models.constraints(model, {"x": np.zeros(40)})
    names = [one.get_text() for one in axes.get_yticklabels()]
    assert len(names) == models.MOST_BARS
    assert names[-1] == f"{41 - models.MOST_BARS} others"
    assert axes.texts[-1].get_text() == f"{41 - models.MOST_BARS}"
