"""How the web server is set up: threads, calm, and no second record of who asked for what."""

import gc
import runpy
import sys
from pathlib import Path

import pytest
from gunicorn.app.wsgiapp import WSGIApplication

from tests.house.tree import ROOT

PATH = ROOT / "config" / "gunicorn.py"


def test_it_serves_this_machine_alone_unless_told_otherwise(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.delenv("PGA_BIND", raising=False)
    assert runpy.run_path(str(PATH))["bind"] == "127.0.0.1:8000"
    monkeypatch.setenv("PGA_BIND", "127.0.0.1:8001")
    assert runpy.run_path(str(PATH))["bind"] == "127.0.0.1:8001"


def test_the_server_takes_every_setting(monkeypatch: pytest.MonkeyPatch) -> None:
    command = ["gunicorn", "-c", "python:config.gunicorn", "wsgi:create_app()"]
    monkeypatch.setattr("sys.argv", command)
    taken = WSGIApplication("%(prog)s").cfg
    assert (taken.workers, taken.threads, taken.worker_class_str) == (2, 16, "gthread")
    assert taken.accesslog is None
    assert taken.control_socket_disable
    assert taken.worker_tmp_dir == ("/dev/shm" if Path("/dev/shm").is_dir() else None)  # noqa: S108


def test_the_product_is_loaded_before_the_workers_are_forked() -> None:
    runpy.run_path(str(PATH))["on_starting"](None)
    assert "wsgi" in sys.modules


def test_what_the_app_is_made_of_is_never_searched_for_garbage_again() -> None:
    before = gc.get_freeze_count()
    runpy.run_path(str(PATH))["post_worker_init"](None)
    try:
        assert gc.get_freeze_count() > before
    finally:
        gc.unfreeze()
