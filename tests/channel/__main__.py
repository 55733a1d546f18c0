"""``python -m tests.channel DEST [--python PATH]… [--other]``: build the channel, print its address."""

from __future__ import annotations

import argparse
import sys
import time
from pathlib import Path

from . import ChannelError, build, other_pythons


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.channel", description="Build a local conda channel.")
    parser.add_argument("dest", type=Path, help="folder that will hold conda-forge/<platform> and conda-forge/noarch")
    parser.add_argument("--python", type=Path, action="append", default=[], help="interpreter to package; repeatable")
    parser.add_argument("--other", action="store_true", help="also package one interpreter of another version, if any")
    return parser.parse_args()


def main() -> int:
    arguments = _arguments()
    pythons = arguments.python or [Path(sys.executable)]
    if arguments.other:
        pythons += other_pythons()[:1]
    begin = time.monotonic()
    try:
        channel = build(arguments.dest, pythons=pythons)
    except ChannelError as error:
        print(f"error: {error}", file=sys.stderr)
        return 1
    print(f"{channel.url}/conda-forge  python {', '.join(channel.pythons)}  {time.monotonic() - begin:.1f} s")
    return 0


if __name__ == "__main__":
    sys.exit(main())
