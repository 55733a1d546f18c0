from __future__ import annotations

from typing import Any

import pytest

from jupyter_envlink.cli.show_plan import plan, size


def _package(
    name: str, version: str, build: str = "0", channel: str = "c", archive: int | None = 1500
) -> dict[str, Any]:
    return {"name": name, "version": version, "build": build, "channel": channel, "size": archive}


CHANGES: dict[str, Any] = {
    "install": [_package("ipykernel", "7.0")],
    "upgrade": [{"from": _package("numpy", "1.26"), "to": _package("numpy", "2.0", "py_1", archive=None)}],
    "downgrade": [],
    "rebuild": [{"from": _package("moved", "3"), "to": _package("moved", "3", channel="d")}],
    "remove": [_package("gone", "1")],
    "unchanged": 4,
}
SOLUTION = {
    "packages": [], "download_bytes": 12_340_000, "disk_bytes": 43_000_000, "disk_exact": False, "changes": CHANGES,
    "pip_stranded": [],
}  # fmt: skip
PLAN = {
    "name": "finance",
    "prefix": "/envs/finance",
    "channels": ["https://x/conda-forge"],
    "conda": ["python"],
    "added": [{"spec": "ipykernel", "reason": "Jupyter needs it."}],
    "pip": [],
    "pip_changes": None,
    "variables": {},
    "variable_changes": None,
    "pip_removed": None,
    "notes": [],
    "diagnostics": [],
    "name_problem": None,
    "conflict": None,
    "solution": SOLUTION,
}


def test_counts_sizes_and_each_change() -> None:
    lines = plan(PLAN, None).splitlines()
    assert "Added     ipykernel: Jupyter needs it." in lines
    assert "Changes   1 to install, 1 to upgrade, 1 to rebuild, 1 to remove, 4 unchanged" in lines
    assert "Size      12.3 MB to download, about 43.0 MB on the disk" in lines
    rows = [line.split() for line in lines[lines.index("") + 2 :]]
    assert rows == [
        ["install", "ipykernel", "7.0", "0", "1.5", "kB"],
        ["upgrade", "numpy", "1.26", "->", "2.0", "0", "->", "py_1", "-"],
        ["rebuild", "moved", "3", "c", "->", "d", "1.5", "kB"],
        ["remove", "gone", "1", "0", "1.5", "kB"],
    ]


def test_nothing_to_do_is_said() -> None:
    nothing = {**SOLUTION, "disk_exact": True, "changes": {kind: [] for kind in CHANGES} | {"unchanged": 0}}
    text = plan({**PLAN, "solution": nothing}, None)
    assert "Changes   none" in text
    assert "about" not in text
    assert "PACKAGE" not in text


def test_what_of_pip_and_of_the_variables_is_there() -> None:
    kinds = ("install", "change", "keep", "skip", "unknown")
    pip = [{"item": kind, "name": kind, "installed": "1.0", "change": kind} for kind in kinds]
    variables = {"NEW": "1", "OTHER": "2", "SAME": "3"}
    changes = [{"name": "NEW", "from": None, "to": "1"}, {"name": "OTHER", "from": "0", "to": "2"}]
    more = {"pip": list(kinds), "variables": variables}
    lines = plan({**PLAN, **more, "pip_changes": pip, "variable_changes": changes}, None).splitlines()
    assert [line for line in lines if line.startswith(("pip", "Variable"))] == [
        "pip       install  (new)",
        "pip       change  (1.0 is there, and changes)",
        "pip       keep  (1.0 is there)",
        "pip       skip  (not for this Python or platform)",
        "pip       unknown  (what becomes of it, only pip can tell)",
        "Variable  NEW=1  (new)",
        "Variable  OTHER=2  (is 0)",
        "Variable  SAME=3  (is there)",
    ]
    assert "pip       keep" in plan({**PLAN, **more}, None).splitlines()


@pytest.mark.parametrize(
    ("count", "text"),
    [(0, "0 B"), (999, "999 B"), (1000, "1.0 kB"), (123_456, "123 kB"), (5_400_000_000_000, "5400 GB")],
)
def test_sizes_are_for_people(count: int, text: str) -> None:
    assert size(count) == text
