from __future__ import annotations

from jupyter_envlink.engines.rattler_tree import Node, parse

BOTH = """\
Cannot solve the request because of: No candidates were found for nunpy *.
gpu * cannot be installed because there are no viable options:
└─ gpu 1.0 would require
   └─ __cuda >=11, for which no candidates were found.
The following packages are incompatible
├─ numpy >=1.26 can be installed with any of the following options:
│  └─ numpy 1.26.4 | 2.0.0
├─ scipy 1.9.0.* cannot be installed because there are no viable options:
│  └─ scipy 1.9.0 would require
│     ├─ numpy >=1.21,<1.22, which cannot be installed because there are no viable options:
│     │  ├─ numpy 1.21.5, which conflicts with the versions reported above.
│     │  └─ numpy 1.21.0, which conflicts with the versions reported above.
│     └─ python >=3.8, which can be installed with any of the following options:
│        └─ python 3.9.1
├─ con * cannot be installed because there are no viable options:
│  └─ con 1.0 would constrain
│     └─ numpy <1.22, which conflicts with any installable versions previously reported
├─ x [channel="other"] cannot be installed because there are no viable options:
│  └─ x 1.0 is excluded because candidate not in requested channel: 'other'
└─ the constraint __glibc 2.17 cannot be fulfilled
"""


def _shape(node: Node) -> tuple[str, str, list[object]]:
    return node.kind, node.text, [_shape(child) for child in node.children]


def test_every_form_that_the_solver_writes() -> None:
    assert [_shape(root) for root in parse(BOTH)] == [
        ("missing", "nunpy", []),
        ("blocked", "gpu", [("candidate", "gpu 1.0", [("missing", "__cuda >=11", [])])]),
        ("possible", "numpy >=1.26", [("candidate", "numpy 1.26.4 | 2.0.0", [])]),
        (
            "blocked",
            "scipy 1.9.0.*",
            [
                (
                    "candidate",
                    "scipy 1.9.0",
                    [
                        (
                            "blocked",
                            "numpy >=1.21,<1.22",
                            [("clash", "numpy 1.21.5", []), ("clash", "numpy 1.21.0", [])],
                        ),
                        ("possible", "python >=3.8", [("candidate", "python 3.9.1", [])]),
                    ],
                )
            ],
        ),
        ("blocked", "con", [("candidate", "con 1.0", [("constrains", "numpy <1.22", [])])]),
        (
            "blocked",
            'x [channel="other"]',
            [("excluded", "x 1.0 is excluded because candidate not in requested channel: 'other'", [])],
        ),
        ("held", "__glibc 2.17", []),
    ]


def test_a_name_is_what_comes_first() -> None:
    assert [root.name for root in parse(BOTH)] == ["nunpy", "gpu", "numpy", "scipy", "con", "x", "__glibc"]


def test_what_is_no_tree_is_no_harm() -> None:
    assert parse("") == []
    assert [root.text for root in parse("\n\n   \n└─\nsomething else went wrong\n")] == [
        "└─",
        "something else went wrong",
    ]
