"""The titles of our settings in the reader's language.

JupyterLab's page reads the catalogues that an extension brings along by itself (entry point ``jupyterlab.locale``).
Its server, which translates the schemas of settings, looks for them in language packs only, where ours are not.
"""

from __future__ import annotations

import gettext
from pathlib import Path
from typing import Any

from jupyterlab_server.translation_utils import TranslationBundle, translator

from .sentence import translated

DOMAIN = "jupyter_envlink"
LOCALES = Path(__file__).parent / "locale"


class OwnCatalogues(TranslationBundle):
    """The bundle of a domain whose catalogues lie in this package; English where there is none."""

    def update_locale(self, locale_: str) -> None:
        self._locale = locale_
        self._translator: gettext.NullTranslations = gettext.translation(
            self._domain, str(LOCALES), [locale_], fallback=True
        )

    @property
    def speaks(self) -> bool:
        """Whether it has a catalogue of the language."""
        return isinstance(self._translator, gettext.GNUTranslations)


def in_readers_language(value: Any) -> Any:
    """``value``, as JSON has it, with our sentences in the language that JupyterLab's page was loaded in last.

    English where that is none of ours, and on a server without JupyterLab's page.
    """
    bundle = translator._TRANSLATORS.get(DOMAIN)
    return translated(value, bundle._translator) if isinstance(bundle, OwnCatalogues) and bundle.speaks else value


def use_own_catalogues() -> None:
    """From now on JupyterLab's server finds ours; each change of the language reaches them, too."""
    translator._TRANSLATORS[DOMAIN] = OwnCatalogues(DOMAIN, translator._LOCALE)
