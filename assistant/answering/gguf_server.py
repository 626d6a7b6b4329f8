"""The child process of :mod:`assistant.answering.gguf`: serve one model file until the parent goes away.

It reads one line of JSON with ``path``, ``key`` and ``context``, prints the address, and ends when its input ends.
"""

from __future__ import annotations

import json
import os
import sys


def main() -> None:
    """Serve; a file that cannot be loaded raises, or ends the process."""
    # Threads that wait actively starve whatever else the machine does, and one another. llama.cpp is built on OpenMP
    # there, which reads this when it is loaded and knows nothing of ``poll`` below.
    os.environ.setdefault("OMP_WAIT_POLICY", "passive")
    import xllamacpp

    wanted = json.loads(sys.stdin.readline())
    params = xllamacpp.CommonParams()
    params.model.path = wanted["path"]
    params.n_ctx = wanted["context"]
    params.n_parallel = 1
    params.cpuparams.poll = params.cpuparams_batch.poll = 0
    params.hostnames = ["127.0.0.1"]
    params.port = 0
    params.api_keys = [wanted["key"]]
    params.ui = params.endpoint_slots = False
    params.offline = True
    server = xllamacpp.Server(params)
    sys.stdout.write(f"{server.listening_address}\n")
    sys.stdout.flush()
    sys.stdin.read()
    os._exit(0)  # taking the model apart can take seconds, and an answer in the making nobody waits for


if __name__ == "__main__":
    main()
