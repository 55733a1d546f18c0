"""What nobody needs."""

from __future__ import annotations

from jupyter_envlink.engines.orphans import orphans

DEPENDS = {
    "numpy": ["python >=3.11", "libblas 3.*"],
    "python": ["__glibc >=2.17", "openssl"],
    "libblas": [],
    "openssl": [],
    "tabulate": ["python"],
    "ring-a": ["ring-b"],
    "ring-b": ["ring-a"],
}


def test_what_nothing_that_is_asked_for_needs() -> None:
    assert orphans(DEPENDS, ["numpy"]) == {"tabulate", "ring-a", "ring-b"}
    assert orphans(DEPENDS, ["tabulate", "ring-a"]) == {"numpy", "libblas"}
    assert orphans(DEPENDS, []) == set(DEPENDS)
    assert orphans(DEPENDS, ["not-there"]) == set(DEPENDS)
