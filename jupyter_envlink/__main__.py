"""``python -m jupyter_envlink``: the same as ``jupyter envlink``."""

import sys

from .cli import main

sys.exit(main())
