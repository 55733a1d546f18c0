"""``python -m jupyter_envlink.stand_in -f CONNECTION_FILE``, with the explanation in the variable ``VARIABLE``."""

import os
import sys

if __name__ == "__main__":
    # As ipykernel_launcher does: a file json.py beside the notebook must not stand in for the real one.
    if sys.path and sys.path[0] in ("", os.getcwd()):
        del sys.path[0]

    from jupyter_envlink.stand_in.launch import main

    main()
