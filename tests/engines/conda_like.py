"""A program with conda's command line and answers, for machines that have none of the three: it really solves and
installs, by py-rattler. It writes down how it was called, and misbehaves on demand in the ways that were measured.

``CONDA_LIKE_LOG``: a file for its words and variables, a line for each call. ``CONDA_LIKE_FAULT``: its misbehaviour.
"""

import argparse
import asyncio
import json
import os
import shutil
import sys
import time
from pathlib import Path

LOGIN = "http://me:sWordFish77@host/t/tk-a1b2c3-d4e5f6/x"


def main() -> int:
    arguments = parsed(sys.argv[1:])
    with open(os.environ["CONDA_LIKE_LOG"], "a") as log:
        log.write(json.dumps({"argv": sys.argv, "env": dict(os.environ)}) + "\n")
    arguments.dry_run = arguments.dry_run or os.environ.get("CONDA_DRY_RUN", "false") == "true"
    fault, prefix = fault_of(arguments), Path(arguments.prefix)
    if (fault == "asks" or not arguments.yes) and not asked():
        return failed("EOFError", "nobody answers")
    if fault in FAULTS:
        return FAULTS[fault](prefix)
    if not (prefix / "conda-meta" / "history").is_file():
        return failed("EnvironmentLocationNotFound", f"Not a conda environment: {prefix}")
    return asyncio.run(work(arguments, prefix, fault))


def fault_of(arguments: argparse.Namespace) -> str:
    """One called ``plan-…`` is for plans, every other for changes."""
    word = os.environ.get("CONDA_LIKE_FAULT", "")
    return word.removeprefix("plan-") if word.startswith("plan-") == arguments.dry_run else ""


def asked() -> str:
    print("Proceed ([y]/n)? ", flush=True)
    return sys.stdin.readline()


def deletes(prefix: Path) -> int:
    """As ``create`` does with what is there, before it has read the file."""
    shutil.rmtree(prefix)
    return failed("PackagesNotFoundError", "and the environment is gone")


def nothing(prefix: Path) -> int:
    return answered({"success": True, "prefix": str(prefix)})


def silent(prefix: Path) -> int:
    return 0


def text(prefix: Path) -> int:
    print("Everything went well: {success: true}")
    return 0


def error_and_0(prefix: Path) -> int:
    return 0 * failed("CondaHTTPError", f"HTTP 000 CONNECTION FAILED for url <{LOGIN}>")


def success_and_1(prefix: Path) -> int:
    return 1 + answered({"success": True})


FAULTS = {
    "deletes": deletes,
    "nothing": nothing,
    "silent": silent,
    "text": text,
    "error-and-0": error_and_0,
    "success-and-1": success_and_1,
}


def parsed(words: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="conda", allow_abbrev=False)
    parser.add_argument("--version", action="version", version="conda 99.1.2")
    commands = parser.add_subparsers(dest="command", required=True)
    for name in ("install", "remove"):
        part = commands.add_parser(name, allow_abbrev=False)
        part.add_argument("-p", "--prefix", required=True)
        part.add_argument("--override-channels", action="store_true")
        part.add_argument("-c", "--channel", action="append", default=[])
        for flag in ("--yes", "--json", "--dry-run"):
            part.add_argument(flag, action="store_true")
        part.add_argument("specs", nargs="+")
    return parser.parse_args(words)


def answered(value: dict[str, object]) -> int:
    print(json.dumps(value, indent=2))
    return 0 if value.get("success") else 1


def failed(name: str, message: str) -> int:
    return answered({"success": False, "exception_name": name, "error": f"{name}: {message}", "message": message})


def urls(arguments: argparse.Namespace) -> list[str]:
    """A name is that of a custom channel of the file that ``CONDARC`` names, or else of one that nobody has."""
    import yaml

    path = os.environ.get("CONDARC")
    custom = (yaml.safe_load(Path(path).read_text()) or {}).get("custom_channels", {}) if path else {}
    named = [] if arguments.override_channels else ["https://nowhere.invalid/defaults"]
    asked = [*arguments.channel, *named]
    return [f"{custom[name]}/{name}" if name in custom else name for name in asked]


async def work(arguments: argparse.Namespace, prefix: Path, fault: str) -> int:
    from rattler import Channel, MatchSpec, PrefixRecord, VirtualPackage, install, solve
    from rattler.exceptions import SolverError

    before = [PrefixRecord.from_path(path) for path in (prefix / "conda-meta").glob("*.json")]
    if arguments.command == "remove":
        after = [record for record in before if record.name.normalized not in arguments.specs]
        specs = []
    else:
        specs = [MatchSpec(spec.rpartition("::")[2]) for spec in arguments.specs]
        held = [MatchSpec(record.name.normalized) for record in before]
        try:
            after = await solve(
                [Channel(url) for url in urls(arguments)], [*specs, *held], locked_packages=before,
                virtual_packages=VirtualPackage.detect(),
            )  # fmt: skip
        except SolverError as error:
            return failed("UnsatisfiableError", str(error))
    if not arguments.dry_run:
        register(prefix)
    actions = changes(before, after)
    if fault == "hangs" and arguments.dry_run:
        return hang()
    if arguments.dry_run:
        return answered({"success": True, "dry_run": True, "actions": actions, "prefix": str(prefix)})
    if fault in ("half", "hangs"):
        first = sorted(after, key=lambda record: record.name.normalized != "python")
        await install(first[: len(after) // 2], str(prefix), execute_link_scripts=False)
        return hang() if fault == "hangs" else answered({"success": True, "actions": actions})
    if fault == "noise":
        make_noise([record.name.normalized for record in after])
    await install(after, str(prefix), execute_link_scripts=False, requested_specs=[spec._match_spec for spec in specs])
    write_history(prefix, arguments, actions)
    answered({"success": True, "actions": actions, "prefix": str(prefix)})
    if fault == "noise":
        print("Note: you can {activate} it now")
    return 0


def register(prefix: Path) -> None:
    """Before anything is linked, as conda does."""
    listed = Path.home() / ".conda" / "environments.txt"
    listed.parent.mkdir(exist_ok=True)
    known = listed.read_text().splitlines() if listed.exists() else []
    if str(prefix) not in known:
        listed.write_text("".join(f"{line}\n" for line in [*known, str(prefix)]))


def hang() -> int:
    Path(os.environ["CONDA_LIKE_LOG"] + ".hangs").touch()
    time.sleep(120)
    return 1


def make_noise(names: list[str]) -> None:
    print("\0EnvironmentSectionNotValid: The following section is invalid and will be ignored:\n - {key}")
    for name in names:
        for finished in (False, True):
            progress = {"fetch": name, "finished": finished, "maxval": 1, "progress": 1 if finished else 0.5}
            print(json.dumps(progress) + "\n\0", end="")
    print("{ broken", flush=True)


def changes(before: list, after: list) -> dict[str, object]:
    def entries(some: list, other: list) -> list[dict[str, object]]:
        known = {(record.name.normalized, str(record.version), str(record.build)) for record in other}
        return [
            entry(record)
            for record in some
            if (record.name.normalized, str(record.version), str(record.build)) not in known
        ]

    return {"FETCH": [], "LINK": entries(after, before), "UNLINK": entries(before, after)}


def entry(record) -> dict[str, object]:
    channel = str(record.channel).rstrip("/")
    return {
        "base_url": channel, "build_number": 0, "build_string": str(record.build),
        "channel": channel.rpartition("/")[2],
        "dist_name": f"{record.name.normalized}-{record.version}-{record.build}", "name": record.name.normalized,
        "platform": record.subdir, "version": str(record.version),
    }  # fmt: skip


def write_history(prefix: Path, arguments: argparse.Namespace, actions: dict) -> None:
    signs = (("-", "UNLINK"), ("+", "LINK"))
    lines = [f"{sign}{each['base_url']}::{each['dist_name']}" for sign, kind in signs for each in actions[kind]]
    word = "update" if arguments.command == "install" else "remove"
    with open(prefix / "conda-meta" / "history", "a") as history:
        head = ["==> 2026-01-01 00:00:00 <==", f"# cmd: {' '.join(sys.argv)}", "# conda version: 99.1.2"]
        history.write("\n".join([*head, *lines, f"# {word} specs: {arguments.specs!r}"]) + "\n")


if __name__ == "__main__":
    code = main()
    sys.stdout.flush()
    os._exit(code)  # an interpreter that ends while rattler works is aborted now and then
