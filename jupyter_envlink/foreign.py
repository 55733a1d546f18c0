"""The kernels of the menu that are of no environment that is seen here."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping

from . import own_python
from .environment import Environment
from .kernel_dirs import NATIVE, StoredSpec
from .offer import Offer, stored_offer


def foreign_offers(
    stored: Mapping[str, StoredSpec],
    native: StoredSpec | None,
    inner: Mapping[str, Offer],
    server: Environment | None,
    title: str,
) -> dict[str, Offer]:
    """Those of Jupyter's folders that we did not register, and ``inner``: what a further manager lists, which wins.

    ``native`` is the server's own ``python3``, which is labelled by the template ``title`` as the kernel of its
    environment ``server``.
    """
    found: dict[str, Offer] = {}
    for name, one in {**({NATIVE: native} if native is not None else {}), **stored}.items():
        if name == NATIVE and own_python.runs_as_server(one):
            found[name] = own_python.labelled(one, server, title)
        elif one.owned is None:
            found[name] = stored_offer(one)
    return found | {name: offer for name, offer in inner.items() if not _is_same(offer, stored.get(name, native))}


def _is_same(offer: Offer, stored: StoredSpec | None) -> bool:
    """Whether a manager lists what Jupyter's folders hold anyway, just as it is."""
    if stored is None or offer.name != stored.name:
        return False
    return all(
        (offer.spec.get(key) or None) == (stored.spec.get(key) or None) for key in ("argv", "env", "display_name")
    )


def orphans(
    stored: Mapping[str, StoredSpec], seen: Collection[str], is_gone: Callable[[str], bool]
) -> dict[str, Offer]:
    """Registered ones of environments that are not ``seen`` (prefixes); those that are speak for themselves."""
    owned = ((one, str((one.owned or {}).get("prefix"))) for one in stored.values() if one.owned)
    return {one.name: stored_offer(one) for one, prefix in owned if prefix not in seen and not is_gone(prefix)}
