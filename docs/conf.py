"""The site: `python -m sphinx -W docs docs/_build`."""

import sys
from importlib import import_module
from pathlib import Path

HERE = Path(__file__).resolve().parent
# this checkout is documented, whatever is installed; its own extensions are here
sys.path[:0] = [str(HERE.parent), str(HERE)]

project = "hopfield-opt"
author = "The hopfield-opt developers"
version = release = import_module("hopfield_opt").__version__
extensions = [
    "myst_parser",
    "sphinx.ext.autodoc",
    "sphinx.ext.autosummary",
    "sphinx.ext.viewcode",
    "numpydoc",
    "sphinx_gallery.gen_gallery",
    "site_pages",
    "site_gallery",
    "site_math",
]
exclude_patterns = ["_build", "_templates"]
templates_path = ["_templates"]
source_suffix = {".rst": "restructuredtext", ".md": "markdown"}
default_role = "code"
highlight_language = "text"
# two hyphens are two hyphens
smartquotes = False

myst_heading_anchors = 3
myst_enable_extensions = ["dollarmath"]
html_math_renderer = "mathml"

autosummary_generate = True
autodoc_typehints = "none"
autodoc_member_order = "bysource"
numpydoc_show_class_members = False

sphinx_gallery_conf = {
    "examples_dirs": "../examples",
    "gallery_dirs": "gallery",
    # tests/test_examples.py runs them; here are their pictures of the full size, see site_gallery
    "plot_gallery": False,
    "default_thumb_file": str(HERE / "_static" / "text.svg"),
    "ignore_pattern": r"(^|[/\\])_",
    "within_subsection_order": "site_gallery.AsListed",
    "notebook_extensions": set(),
    "download_all_examples": False,
    # legible where a picture has several panels: as wide as site.css lets a card be
    "thumbnail_size": (880, 616),
    "show_signature": False,
    "show_memory": False,
    "write_computation_times": False,
    "remove_config_comments": True,
}

html_theme = "pydata_sphinx_theme"
html_title = "hopfield-opt"
html_static_path = ["_static"]
html_css_files = ["site.css"]
html_show_sourcelink = False
# what these pages would list stands in the header and in the pages themselves
html_sidebars = {"**": []}
html_theme_options = {
    "header_links_before_dropdown": 7,
    "navbar_persistent": ["search-button"],
    "show_prev_next": False,
    "secondary_sidebar_items": ["page-toc"],
    "footer_start": ["copyright"],
    "footer_end": [],
    "pygments_light_style": "tango",
}
html_context = {"default_mode": "auto"}
html_copy_source = False
copyright = "the hopfield-opt developers, MIT licence"
