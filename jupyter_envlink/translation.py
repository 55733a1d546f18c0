"""The titles of our settings in the reader's language.

JupyterLab's page reads the catalogues that an extension brings along by itself (entry point ``jupyterlab.locale``).
Its server, which translates the schemas of settings, looks for them in language packs only, where ours are not.
"""

from __future__ import annotations

import gettext
from pathlib import Path

from jupyterlab_server.translation_utils import TranslationBundle, translator

DOMAIN = "jupyter_envlink"
LOCALES = Path(__file__).parent / "locale"


class OwnCatalogues(TranslationBundle):
    """The bundle of a domain whose catalogues lie in this package; English where there is none."""

    def update_locale(self, locale_: str) -> None:
        self._locale = locale_
        self._translator = gettext.translation(self._domain, str(LOCALES), [locale_], fallback=True)


def use_own_catalogues() -> None:
    """From now on JupyterLab's server finds ours; each change of the language reaches them, too."""
    translator._TRANSLATORS[DOMAIN] = OwnCatalogues(DOMAIN, translator._LOCALE)
