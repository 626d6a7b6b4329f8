"""What keeps LiteLLM from calling home; it is set before anything imports it, be it another package."""

from __future__ import annotations

import logging
import os
import warnings


def quiet_litellm() -> None:
    """Switch off its price list from the net, its reading of ``.env``, its messages and its warnings."""
    os.environ.setdefault("LITELLM_LOCAL_MODEL_COST_MAP", "True")
    os.environ.setdefault("LITELLM_MODE", "PRODUCTION")
    for name in ("LiteLLM", "LiteLLM Router", "LiteLLM Proxy"):
        logging.getLogger(name).setLevel(logging.CRITICAL + 1)  # its messages hold what the provider sent
    warnings.filterwarnings("ignore", category=UserWarning, module=r"pydantic\._internal")  # of its own types
