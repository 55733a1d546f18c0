"""One first look in a fresh process, for ``benchmarks.discovery``: milliseconds of the floor, the look and the next
look, and the bytes of memory that the environments take."""

from __future__ import annotations

import gc
import json
import sys
import tracemalloc
from pathlib import Path

from .discovery import floor, milliseconds
from .machine import catalog


def main() -> None:
    folder, mode = Path(sys.argv[1]), sys.argv[2]
    prefixes = Path(folder, "prefixes").read_text().splitlines()
    looked = catalog(folder, str(folder / "data") if mode == "kept" else "")
    if mode == "memory":
        tracemalloc.start()
        looked.refresh()
        gc.collect()
        print(json.dumps({"bytes": tracemalloc.get_traced_memory()[0]}))
        return
    least = milliseconds(lambda: floor(prefixes))
    print(json.dumps({"floor": least, "first": milliseconds(looked.refresh), "again": milliseconds(looked.refresh)}))


main()
