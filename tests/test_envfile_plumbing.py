from __future__ import annotations

import pytest

from jupyter_envlink.envfile.plumbing import is_asked_for, is_plumbing

PLUMBING = "_libgcc_mutex ld_impl_linux-64 libgcc-ng libblas xorg-libx11 vc vs2015_runtime zlib xz tk certifi"
PLUMBING += " openssl ca-certificates sqlite readline m2w64-gcc-libs mkl-service intel-openmp python_abi wcwidth"
ASKED = "python pip numpy pandas requests librosa ipykernel matplotlib pytorch jupyterlab flask r-base"
NEITHER = "biopython snakemake my-own-library __cuda"


@pytest.mark.parametrize("name", PLUMBING.split())
def test_nobody_asks_for(name: str) -> None:
    assert (is_plumbing(name), is_asked_for(name)) == (True, False)


@pytest.mark.parametrize("name", ASKED.split())
def test_people_ask_for(name: str) -> None:
    assert (is_plumbing(name), is_asked_for(name)) == (False, True)


@pytest.mark.parametrize("name", NEITHER.split())
def test_nothing_is_known_of(name: str) -> None:
    assert (is_plumbing(name), is_asked_for(name)) == (False, False)
