from __future__ import annotations

import pytest

from jupyter_envlink import envfile


@pytest.mark.parametrize(
    ("dependencies", "expected"),
    [
        ("[python=3.11, numpy]", ("ipykernel",)),
        ("[numpy]", ("ipykernel",)),
        ("[conda-forge::python]", ("ipykernel",)),
        ("[python, ipykernel]", ()),
        ("[python, conda-forge::ipykernel>=6]", ()),
        ("[python, notebook=6]", ()),
        ("[python, jupyterlab]", ()),
        ("[python, jupyter]", ()),
        ("[anaconda=2023.07]", ()),
        ("[python, xeus-python]", ()),
        ("[xeus-cling]", ()),
        ("[xeus-zmq, cmake]", ()),
        ("[python, pip, pip: [ipykernel==6.29]]", ()),
        ("[python, pip, pip: ['jupyterlab>=4']]", ()),
        ("[python, pip, pip: [requests]]", ("ipykernel",)),
        ("[python, pip: [requests]]", ("pip", "ipykernel")),
        ("[pip: [requests]]", ("python", "pip", "ipykernel")),
        ("[python, pip: ]", ("ipykernel",)),
        ("[r-base=4.3]", ("r-irkernel",)),
        ("[r-tidyverse]", ("r-irkernel",)),
        ("[r-base, r-irkernel]", ()),
        ("[python, r-base]", ("ipykernel",)),
        ("[python, r-irkernel]", ()),
        ("[samtools, bwa]", ()),
        ("[]", ()),
    ],
)
def test_additions(dependencies: str, expected: tuple[str, ...]) -> None:
    file = envfile.read(f"dependencies: {dependencies}\n")
    assert file.ok
    added = envfile.additions(file)
    assert tuple(addition.spec for addition in added) == expected
    assert all(addition.reason.endswith(".") for addition in added)


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("finance/environment.yml", "finance"),
        ("finance/environment.yaml", "finance"),
        ("/home/me/My Project/env.yml", "my-project"),
        ("C:\\work\\Fin\\environment.yml", "fin"),
        ("project/binder/environment.yml", "project"),
        ("project/.binder/environment.yml", "project"),
        ("project/anyfilename.yaml", "anyfilename"),
        ("project/environment-dev.yml", "environment-dev"),
        ("environment.yml", "environment"),
        ("/environment.yml", "environment"),
        ("base/environment.yml", "base-env"),
        (None, "environment"),
    ],
)
def test_default_name(path: str | None, expected: str) -> None:
    assert envfile.default_name(envfile.read("dependencies: []\n"), path) == expected


def test_default_name_falls_back_to_the_prefix() -> None:
    file = envfile.read("dependencies: []\nprefix: C:\\Users\\me\\envs\\Lab 17\n")
    assert envfile.default_name(file, "environment.yml") == "lab-17"
