"""What is settled before numba is imported: whose settings count, and who asks.

Numba (0.68) reads a `.numba_config.yaml` that lies there, where PyYAML is installed; it can switch
compiling off, which makes a run a hundred times slower, and have numba print what it does.
"""

import os
import sys
import warnings

is_command = False  # whether this process does one command and ends

_SETTINGS = ".numba_config.yaml"


def without_local_settings() -> None:
    """Have numba, where it is not imported yet, find no settings in the current folder."""
    if "numba" in sys.modules or not os.path.exists(_SETTINGS):  # noqa: PTH110 - cheap at start
        return
    absent = object()
    yaml = sys.modules.get("yaml", absent)
    sys.modules["yaml"] = None  # type: ignore[assignment] # an import of it fails
    try:
        with warnings.catch_warnings():  # numba says that it cannot read the file
            warnings.simplefilter("ignore")
            from numba.core import config
    finally:
        del sys.modules["yaml"]
        if yaml is not absent:
            sys.modules["yaml"] = yaml  # type: ignore[assignment]
    config._config_fname = os.devnull  # it is looked for at each compiling
