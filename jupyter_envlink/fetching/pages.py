"""Addresses that people copy from their browser, as those of the file that the page shows."""

from __future__ import annotations

import re
from urllib.parse import SplitResult

_GITHUB = re.compile(r"(?P<before>/[^/]+/[^/]+)/blob/(?P<after>.+)")
_GITLAB = re.compile(r"(?P<before>/.+/-)/blob/(?P<after>.+)")
_BITBUCKET = re.compile(r"(?P<before>/[^/]+/[^/]+)/src/(?P<after>[^/]+/.+)")
_GIST = re.compile(r"(?P<gist>/[^/]+/[0-9a-f]{5,40})/?")


def raw(address: SplitResult) -> SplitResult:
    """The address of the file itself, where ``address`` is that of its page on GitHub, GitLab, Bitbucket or in a gist.

    Their own ``raw`` addresses are used, which know where a branch's name ends. What is none of them stays.
    """
    host, path = address.hostname or "", address.path
    if host == "gist.github.com" and (found := _GIST.fullmatch(path)):
        return address._replace(path=f"{found['gist']}/raw", fragment="")
    if found := _pattern(host).fullmatch(path):
        return address._replace(path=f"{found['before']}/raw/{found['after']}", query="", fragment="")
    return address


def _pattern(host: str) -> re.Pattern[str]:
    """GitLab is at home on many hosts, and its pages have a part of their own in their addresses."""
    if host == "github.com" or host.startswith("github."):
        return _GITHUB
    return _BITBUCKET if host == "bitbucket.org" else _GITLAB
