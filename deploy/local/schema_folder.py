"""Where ICH's schema set is: ``DAYZERO_E2B_SCHEMAS``, else what ``dayzero schemas install`` put beside the runs."""

import os
from collections.abc import Mapping
from pathlib import Path

SETTING = "DAYZERO_E2B_SCHEMAS"
INSTALLED = "schemas"


def installed_folder(environ: Mapping[str, str] = os.environ) -> Path:
    """Return where a set is installed, whether one is or not."""
    return Path(environ.get("DAYZERO_RUN") or ".run").absolute() / INSTALLED


def schema_folder(environ: Mapping[str, str] = os.environ) -> Path | None:
    """Return the folder to check files against; None where no set is named or installed."""
    if named := environ.get(SETTING):
        return Path(named)
    installed = installed_folder(environ)
    return installed if (installed / "multicacheschemas").is_dir() else None
