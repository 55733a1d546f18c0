"""What reading and checking environment files costs: ``python -m benchmarks.reading [--json]``.

200 real files, where they lie beside the repository, else made-up ones of that shape. The measure is what PyYAML's
``CSafeLoader`` needs for the same files in the same run: rounds alternate, CPU time counts, medians are compared.
"""

from __future__ import annotations

import argparse
import json
import random
import statistics
import time
from collections.abc import Callable, Sequence
from pathlib import Path

import yaml

from jupyter_envlink.envfile import read

LIMIT = 3.0
REAL = Path(__file__).parents[2] / "shared" / "corpus" / "real"


def files() -> tuple[str, list[bytes]]:
    """Where the files are from, and their bytes."""
    if REAL.is_dir():
        return "real", [path.read_bytes() for path in sorted(REAL.iterdir())]
    chosen = random.Random(200)
    return "made up", [made_up(chosen).encode() for _ in range(200)]


def made_up(chosen: random.Random) -> str:
    """A file of the real ones' shape: half have a pip block, a sixth name exact builds, a few are long."""
    conda = [_spec(chosen) for _ in range(chosen.choice((7, 15, 34, 34, 100)))]
    pip = [f"project{chosen.randrange(999)}=={chosen.randrange(9)}.{chosen.randrange(20)}" for _ in range(7)]
    lines = [f"name: analysis{chosen.randrange(999)}", "channels:", "  - conda-forge", "  - defaults", "dependencies:"]
    lines += [f"  - {spec}" for spec in ("python=3.11", *conda)]
    if chosen.random() < 0.5:
        lines += ["  - pip", "  - pip:", *(f"      - {item}" for item in pip)]
    if chosen.random() < 0.14:
        lines.append("prefix: /home/someone/envs/analysis")
    return "\n".join(lines) + "\n"


def _spec(chosen: random.Random) -> str:
    name = chosen.choice(("numpy", "lib", "r-package", "pywin", "scikit-learn", "python-")) + str(chosen.randrange(999))
    version = f"{chosen.randrange(9)}.{chosen.randrange(30)}.{chosen.randrange(9)}"
    return name + chosen.choice(("", f"={version}", f"={version}=py311h06a4308_0", f">={version}", f" >={version},<99"))


def baseline(contents: Sequence[bytes]) -> None:
    for content in contents:
        try:
            yaml.load(content, Loader=yaml.CSafeLoader)
        except yaml.YAMLError:
            continue


def ours(contents: Sequence[bytes]) -> None:
    for content in contents:
        read(content)


def milliseconds(work: Callable[[Sequence[bytes]], None], contents: Sequence[bytes]) -> float:
    started = time.process_time()
    work(contents)
    return 1000 * (time.process_time() - started)


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.reading", description="Cost of reading and checking.")
    parser.add_argument("--rounds", type=int, default=15, help="rounds that are counted (%(default)s)")
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    arguments = parser.parse_args()
    source, contents = files()
    baseline(contents)
    ours(contents)
    rounds = [(milliseconds(baseline, contents), milliseconds(ours, contents)) for _ in range(arguments.rounds)]
    least, taken = (statistics.median(each) for each in zip(*rounds, strict=True))
    found = {"files": f"{len(contents)} {source}", "rounds": len(rounds), "limit": LIMIT}
    found |= {
        "ms CSafeLoader": round(least, 1),
        "ms read and checked": round(taken, 1),
        "ratio": round(taken / least, 2),
    }
    found["ok"] = taken / least <= LIMIT
    print(json.dumps(found) if arguments.json else "\n".join(f"{name:20} {value}" for name, value in found.items()))
    return 0 if found["ok"] else 1


if __name__ == "__main__":
    raise SystemExit(main())
