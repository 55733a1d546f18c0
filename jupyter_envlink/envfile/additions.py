"""What we add to a file's own list, and why: without it most environments would be no kernels."""

from __future__ import annotations

import re
from dataclasses import dataclass

from ..sentence import told
from .model import EnvironmentFile
from .names import from_path
from .pip import requirement_name
from .spec import package_name

_KERNELS = {
    "ipykernel",
    "notebook",
    "jupyterlab",
    "jupyter",
    "anaconda",
    "r-irkernel",
    "r-essentials",
    "spyder-kernels",
}
_PIP_KERNELS = {"ipykernel", "notebook", "jupyterlab", "jupyter", "xeus-python"}
_XEUS = re.compile(r"xeus-(?:python|cling|cpp|r|sql|sqlite|robot|lua|octave|nelson|javascript|haskell|ocaml)")
_PYTHON = re.compile(
    r"python|numpy|scipy|pandas|matplotlib|seaborn|scikit-.+|statsmodels|pytorch|torchvision|tensorflow|keras|jax|polars|dask"
    r"|xarray|networkx|sympy|numba|cython|ipython|ipywidgets|jupyter.*|requests|flask|django|fastapi|pytest|pip|geopandas"
    r"|opencv|pillow|transformers|plotly|bokeh|h5py|sqlalchemy|biopython|spacy|nltk|xgboost|lightgbm|py[a-z0-9]*-.+|python-.+"
)


@dataclass(frozen=True)
class Addition:
    """One conda spec that the file does not list, and a sentence that says why it is added."""

    spec: str
    reason: str


def additions(file: EnvironmentFile) -> tuple[Addition, ...]:
    """What is added to ``file`` when an environment is made from it, in this order: Python, pip, a kernel."""
    conda = {package_name(spec) for spec in file.conda or ()}
    added = [] if not file.pip else _for_pip(conda)
    kernel = _kernel(conda, file)
    return tuple(added + ([kernel] if kernel else []))


def _for_pip(conda: set[str]) -> list[Addition]:
    added = []
    if "python" not in conda:
        added.append(
            Addition("python", told("The file has packages for pip, which needs a Python to install them into."))
        )
    if "pip" not in conda:
        added.append(Addition("pip", told("The file has packages for pip and does not list pip itself.")))
    return added


def _kernel(conda: set[str], file: EnvironmentFile) -> Addition | None:
    from_pip = {requirement_name(item) for item in file.pip or ()}
    if conda & _KERNELS or from_pip & _PIP_KERNELS or any(_XEUS.fullmatch(name) for name in conda):
        return None
    if "python" in conda or file.pip:
        return Addition(
            "ipykernel", told("Nothing in the file brings a kernel: Jupyter needs ipykernel to run Python here.")
        )
    if any(name == "r" or name.startswith("r-") for name in conda):
        return Addition(
            "r-irkernel", told("Nothing in the file brings a kernel: Jupyter needs r-irkernel to run R here.")
        )
    if any(_PYTHON.fullmatch(name) for name in conda):
        return Addition(
            "ipykernel", told("The packages of the file bring Python and no kernel: Jupyter needs ipykernel.")
        )
    return None


def default_name(file: EnvironmentFile, path: str | None) -> str:
    """A valid name for ``file`` that has none: its folder's for ``environment.yml``, else its own stem's."""
    return from_path(path or "", file.prefix or "")
