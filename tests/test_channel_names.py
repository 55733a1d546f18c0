from __future__ import annotations

import pytest

from jupyter_envlink.channel_names import channel_name
from jupyter_envlink.condarc import Condarc

PLAIN = Condarc()
CORP = Condarc(
    channel_alias="https://mirror.example/conda",
    custom_channels={"conda-forge": "https://me:pw@forge.example", "in/house": "file:///srv"},
    default_channels=("https://mirror.example/main",),
)


@pytest.mark.parametrize(
    ("url", "configured", "name"),
    [
        ("https://conda.anaconda.org/conda-forge", PLAIN, "conda-forge"),
        ("https://conda.anaconda.org/conda-forge/label/dev", PLAIN, "conda-forge/label/dev"),
        ("https://repo.anaconda.com/pkgs/main", PLAIN, "defaults"),
        ("https://repo.anaconda.com/pkgs/free", PLAIN, "https://repo.anaconda.com/pkgs/free"),
        ("https://other.example/x", PLAIN, "https://other.example/x"),
        ("file:///srv/channel", PLAIN, "file:///srv/channel"),
        ("https://forge.example/conda-forge", CORP, "conda-forge"),
        ("https://mirror.example/conda/bioconda", CORP, "bioconda"),
        ("https://mirror.example/main", CORP, "defaults"),
        ("file:///srv/in/house/label/x", CORP, "in/house/label/x"),
        # what that name means here is another place
        ("https://conda.anaconda.org/conda-forge", CORP, "https://conda.anaconda.org/conda-forge"),
        ("https://me:pw@x.example/t/tk-1234567/y", PLAIN, "https://x.example/y"),
    ],
)
def test_a_name_that_leads_back(url: str, configured: Condarc, name: str) -> None:
    assert channel_name(url, configured, {}) == name
