from __future__ import annotations

import pytest

from jupyter_envlink.envfile.loosening import name_only, to_minor, without_build


@pytest.mark.parametrize(
    ("spec", "unbuilt", "minor", "name"),
    [
        ("numpy", "numpy", "numpy", "numpy"),
        ("numpy=1.26", "numpy=1.26", "numpy=1.26", "numpy"),
        ("numpy==1.26.4", "numpy==1.26.4", "numpy=1.26", "numpy"),
        ("numpy=1.26.4=py311_0", "numpy=1.26.4", "numpy=1.26", "numpy"),
        ("python=3.9.7=hb7a2778_3_cpython", "python=3.9.7", "python=3.9", "python"),
        ("numpy 1.26.4 py311_0", "numpy=1.26.4", "numpy=1.26", "numpy"),
        (" numpy = 1.26.4 ", "numpy = 1.26.4", "numpy=1.26", "numpy"),
        ("openssl=1.1.1w=h_0", "openssl=1.1.1w", "openssl=1.1", "openssl"),
        ("numpy=2", "numpy=2", "numpy=2", "numpy"),
        ("numpy=1.26.*", "numpy=1.26.*", "numpy=1.26", "numpy"),
        ("numpy>=1.24,<2", "numpy>=1.24,<2", "numpy", "numpy"),
        ("conda-forge::numpy=1.2.3=x_0", "conda-forge::numpy=1.2.3", "conda-forge::numpy=1.2", "conda-forge::numpy"),
        ("numpy[version='1.2.3', build='py*']", "numpy[version='1.2.3']", "numpy", "numpy"),
        ("pytorch[build=cuda*, channel=pytorch]", "pytorch[channel=pytorch]", *2 * ("pytorch[channel=pytorch]",)),
        ("pytorch=1.8.1=*cuda*", "pytorch=1.8.1", "pytorch=1.8", "pytorch"),
        ("1weird", "1weird", "1weird", "1weird"),
        ("", "", "", ""),
    ],
)
def test_a_spec_asks_for_less(spec: str, unbuilt: str, minor: str, name: str) -> None:
    assert (without_build(spec), to_minor(spec), name_only(spec)) == (unbuilt, minor, name)
