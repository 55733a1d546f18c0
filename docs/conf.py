"""Sphinx's configuration. The reference pages are written from the program itself each time the docs are built."""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path

from sphinx.application import Sphinx

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent
sys.path.insert(0, str(HERE))

from reference import write_all  # noqa: E402

project = "jupyter_envlink"
author = "The jupyter_envlink authors"
copyright = "2026, The jupyter_envlink authors"  # noqa: A001
release = version = json.loads((ROOT / "labextension/package.json").read_text(encoding="utf-8"))["version"]

extensions = ["myst_parser"]
exclude_patterns = ["_build", "_generated", "README.md"]
myst_enable_extensions = ["attrs_block", "colon_fence", "deflist"]
myst_heading_anchors = 3
source_suffix = {".md": "markdown"}

html_theme = "pydata_sphinx_theme"
html_title = "jupyter_envlink"
html_theme_options = {
    "github_url": "https://github.com/jupyter-envlink/jupyter_envlink",
    "navigation_with_keys": False,
    "show_prev_next": False,
}
html_sidebars: dict[str, list[str]] = {"**": []}


def setup(app: Sphinx) -> None:
    """Writes the generated parts before Sphinx looks for its sources. The help texts are those of a wide terminal."""
    os.environ.update(COLUMNS="100", NO_COLOR="1")
    write_all(HERE / "_generated")
