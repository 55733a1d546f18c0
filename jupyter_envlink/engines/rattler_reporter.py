"""Rattler's callbacks, which come from its own threads, as ``Step`` values: packages loaded, packages linked."""

from __future__ import annotations

import threading
import time
from typing import Any

from .base import Report, Solution, Step


class RattlerReporter:
    """Fits ``rattler.InstallerReporter``. Tokens are the operation's index throughout, so names can be told."""

    def __init__(self, solution: Solution, report: Report) -> None:
        self._report = report
        self._lock = threading.Lock()
        self._names: dict[int, str] = {}
        self._sizes = {package.name: package.size or 1 for package in solution.packages}
        self._all = sum(self._sizes.values()) or 1
        self._loaded: dict[str, float] = {}
        self._begun: set[str] = set()
        self._arrived: dict[str, int] = {}
        self._linked = 0
        self._total = max(1, len(solution.packages))
        self._last = time.monotonic()
        self.current = "the first package"

    @property
    def silence(self) -> float:
        """Seconds since rattler last said anything."""
        return time.monotonic() - self._last

    def on_transaction_start(self, total_operations: int) -> None:
        self._total = max(1, total_operations)

    def on_populate_cache_start(self, operation: int, package_name: str) -> int:
        with self._lock:
            self._names[operation] = self.current = package_name
            self._begun.add(package_name)
        return operation

    def on_download_start(self, cache_entry: int) -> int:
        with self._lock:
            self._arrived.setdefault(self._names.get(cache_entry, ""), 0)
        return cache_entry

    def on_download_progress(self, download_idx: int, progress: int, total: int | None) -> None:
        name = self._names.get(download_idx, "")
        with self._lock:
            self._arrived[name] = progress
            self._sizes[name] = total or max(progress, self._sizes.get(name, 0))
        self._load(name, progress / (self._sizes[name] or 1))

    def on_populate_cache_complete(self, cache_entry: int) -> None:
        self._load(self._names.get(cache_entry, ""), 1.0)

    def on_link_start(self, operation: int, package_name: str) -> int:
        self._names[operation] = package_name
        return operation

    def on_link_complete(self, index: int) -> None:
        with self._lock:
            self._linked += 1
            share = min(1.0, self._linked / self._total)
        self._say(Step("installing", share, self._names.get(index, "")))

    def _load(self, name: str, share: float) -> None:
        with self._lock:
            self._loaded[name] = min(1.0, share)
            done = sum(self._sizes.get(each, 1) * part for each, part in self._loaded.items())
            weight = self._bytes()
        self._say(Step("downloading", min(1.0, done / self._all), name, weight))

    def _bytes(self) -> tuple[int, int] | None:
        """What was loaded without a download lay in the cache. ``None`` where nothing has to be downloaded."""
        wanted = {name for name in self._begun if name in self._arrived or self._loaded.get(name, 0.0) < 1.0}
        total = sum(self._sizes.get(name, 0) for name in wanted)
        return (min(total, sum(self._arrived.values())), total) if self._arrived else None

    def _say(self, step: Step) -> None:
        self._last = time.monotonic()
        self.current = step.message
        self._report(step)

    def __getattr__(self, name: str) -> Any:
        """Rattler's other callbacks say nothing that is shown; those that begin something return a token."""
        if not name.startswith("on_"):
            raise AttributeError(name)
        return lambda *_: 0
