"""Settings of the web server: gunicorn -c python:config.gunicorn 'wsgi:create_app()'."""

import gc
import os
from importlib import import_module
from pathlib import Path

bind = os.environ.get("PGA_BIND", "127.0.0.1:8000")
workers = 2
worker_class = "gthread"
threads = 16
timeout = 60
graceful_timeout = 10
# A worker shows that it lives by touching a file: in memory, so that a slow disk ends no worker.
worker_tmp_dir = "/dev/shm" if Path("/dev/shm").is_dir() else None  # noqa: S108 - gunicorn's advice
loglevel = "warning"
# Addresses hold numbers of cases: what was asked for stands in the audit log alone.
accesslog = None
# Its control socket would lie in the home folder, and nothing here uses it.
control_socket_disable = True


def on_starting(server: object) -> None:
    """Load the product once, before the workers are forked; each still makes its own app.

    Nothing is open after a mere import, so nothing is shared but code.
    """
    _ = server
    import_module("wsgi")


def post_worker_init(worker: object) -> None:
    """Leave what the app is made of out of every later search for garbage.

    None of it ever becomes garbage, and a full search goes over all of it while a page waits.
    """
    _ = worker
    gc.collect()
    gc.freeze()
