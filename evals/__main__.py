"""``python -m evals`` and ``news-assistant eval``: run a question set, or with ``--init`` draft one."""

from __future__ import annotations

import sys

from evals import draft, run


def main(arguments: list[str]) -> None:
    """Hand the command line to the runner, or without its ``--init`` to the drafting."""
    if "--init" in arguments:
        draft.main([one for one in arguments if one != "--init"])
    else:
        run.main(arguments)


if __name__ == "__main__":
    main(sys.argv[1:])
