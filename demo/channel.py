"""Which conda-forge the demonstration asks: the real one where it answers in time, else one built from PyPI here."""

from __future__ import annotations

import threading
import urllib.error
import urllib.request
from pathlib import Path

import yaml

from .place import Place

__all__ = ["choose"]

CONDA_FORGE = "https://conda.anaconda.org/conda-forge"
PATIENCE = 3.0


def choose(place: Place, cache: Path) -> str:
    """Writes the place's condarc and says, in a sentence, what it names. Builds the local channel where it must."""
    if answers(f"{CONDA_FORGE}/noarch/repodata.json", PATIENCE):
        settings = {"envs_dirs": [str(place.envs)], "pkgs_dirs": [str(place.packages)]}
        place.condarc.write_text(yaml.safe_dump(settings, allow_unicode=True), encoding="utf-8")
        return f"conda-forge answers: packages come from {CONDA_FORGE}"
    effort = "is there already" if cache.exists() else "is being built, about a minute, once"
    print(f"conda-forge does not answer within {PATIENCE:g} s; a small local channel {effort}.", flush=True)
    return local_channel(place, cache)


def local_channel(place: Place, cache: Path) -> str:
    """Builds the channel of the tests where it is not there yet, and writes a condarc that calls it conda-forge."""
    from tests.channel import build, write_condarc

    channel = build(cache)
    write_condarc(place.condarc, channel.url, place.envs, place.packages)
    return f"Packages come from {channel.conda_forge}"


def answers(url: str, seconds: float) -> bool:
    """Whether a HEAD request is answered well within so many seconds, name look-up and all."""
    good = threading.Event()

    def ask() -> None:
        try:
            with urllib.request.urlopen(urllib.request.Request(url, method="HEAD"), timeout=seconds) as response:
                if response.status == 200:
                    good.set()
        except (urllib.error.URLError, OSError):
            return

    asking = threading.Thread(target=ask, daemon=True)
    asking.start()
    asking.join(seconds)
    return good.is_set()
