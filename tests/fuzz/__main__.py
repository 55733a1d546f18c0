"""``python -m tests.fuzz [SECONDS]``: atheris looks for bytes that break the reader, and keeps them in build/fuzz."""

from __future__ import annotations

import sys
from pathlib import Path

try:
    import atheris
except ImportError:  # there is no wheel of it for this Python or this system
    print("atheris is not installed here: nothing is fuzzed.")
    raise SystemExit(0) from None

with atheris.instrument_imports(include=["jupyter_envlink.envfile", "jupyter_envlink.redaction"]):
    from jupyter_envlink import envfile
    from tests.fuzz.promises import keep
    from tests.fuzz.seeds import DICTIONARY, seeds

FOLDER = Path("build/fuzz")
REAL = Path(__file__).parents[3] / "shared" / "corpus"


def prepare(folder: Path) -> None:
    """The seeds, the words that YAML and specs are made of, and real files where they lie beside the repository."""
    (folder / "corpus").mkdir(parents=True, exist_ok=True)
    found = [*seeds(), *(path.read_bytes() for path in sorted(REAL.glob("*/*.yml")))]
    for number, seed in enumerate(found):
        (folder / "corpus" / f"seed-{number}").write_bytes(seed)
    quoted = ("".join(f"\\x{byte:02x}" for byte in word.encode()) for word in DICTIONARY)
    (folder / "words").write_text("".join(f'"{word}"\n' for word in quoted))


def main() -> None:
    seconds = sys.argv[1] if len(sys.argv) > 1 else "600"
    prepare(FOLDER)
    assert envfile.CODES
    options = [
        f"-max_total_time={seconds}",
        f"-dict={FOLDER / 'words'}",
        f"-artifact_prefix={FOLDER}/",
        "-timeout=5",
        "-rss_limit_mb=1500",
        "-max_len=20000",
        "-print_final_stats=1",
    ]
    atheris.Setup([sys.argv[0], *options, str(FOLDER / "corpus")], keep)
    atheris.Fuzz()


main()
