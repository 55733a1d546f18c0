"""conda's names for what the Python package index calls otherwise."""

from __future__ import annotations

from packaging.utils import canonicalize_name

_OTHERWISE = {
    "importlib-metadata": "importlib_metadata",
    "ipython-pygments-lexers": "ipython_pygments_lexers",
    "jupyter-client": "jupyter_client",
    "jupyter-core": "jupyter_core",
    "pure-eval": "pure_eval",
    "stack-data": "stack_data",
    "typing-extensions": "typing_extensions",
    "tzdata": "python-tzdata",
}


def conda_name(name: str) -> str:
    """``jupyter-client`` → ``jupyter_client``, as conda-forge writes it."""
    canonical = canonicalize_name(name)
    return _OTHERWISE.get(canonical, canonical)
