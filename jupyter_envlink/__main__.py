"""``python -m jupyter_envlink``: the same as ``jupyter envlink``."""

from .cli import script

if __name__ == "__main__":
    script()
