"""``python -m jupyter_envlink.deleting FOLDER …``: deletes trees at low priority, in the way of nobody.

Nothing waits for it. What is left where it is killed lies in a trash, which every ``recover`` empties.
"""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path

from . import process, tree
from .journal import HOME
from .recovery import tidy


def start(folders: Iterable[Path], tidied: str | None = None) -> None:
    """Have ``folders``, which lie in a trash of ours, deleted by a process that outlives this one.

    ``tidied``: a root that is no environments folder; see ``recovery.tidy``. Raises ``EnvlinkError``, ``OSError``.
    """
    more = [f"--tidy={tidied}"] if tidied else []
    argv = [sys.executable, "-m", __name__, *more, "--", *map(str, folders)]
    environ = process.clean_environ(os.environ)
    process.start_detached(argv, env=environ, cwd=Path(sys.prefix), output=Path(os.devnull))


def main(argv: list[str] | None = None) -> None:
    """Delete what is named, as far as that can be done."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("folders", nargs="*", type=Path)
    parser.add_argument("--tidy", metavar="ROOT")
    arguments = parser.parse_args(argv)
    _stand_back()
    for folder in arguments.folders:
        _delete(folder)
    if arguments.tidy:
        tidy(arguments.tidy)


def _delete(folder: Path) -> None:
    """Nothing but what lies in a trash of ours."""
    if (folder.parent.name, folder.parent.parent.name) == ("trash", HOME):
        with suppress(OSError):  # it holds another user's file: it stays there
            tree.delete(str(folder))
        with suppress(OSError):
            folder.parent.rmdir()


def _stand_back() -> None:
    """Everybody else's computing and reading comes first, as far as the system can be told."""
    import psutil

    own = psutil.Process()
    with suppress(psutil.Error, OSError, AttributeError):  # macOS has no priorities of reading
        if sys.platform == "win32":
            own.nice(psutil.IDLE_PRIORITY_CLASS)
            own.ionice(psutil.IOPRIO_VERYLOW)
        else:
            own.nice(19)
            own.ionice(psutil.IOPRIO_CLASS_IDLE)


if __name__ == "__main__":
    main()
