"""Databases for tests: three stores on SQLite files or on a PostgreSQL server of this run alone.

Each worker lays the tables once; a test gets copies.
"""

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import astuple, dataclass
from itertools import count
from pathlib import Path

import psycopg
from psycopg import sql

from config import migrate
from config.database import Stores, create_all, make_engine

STORES = ("app", "keys", "audit")
SWITCHES = ("listen_addresses=''", "fsync=off", "synchronous_commit=off", "full_page_writes=off")


@dataclass(frozen=True, slots=True)
class Addresses:
    """Where the three stores of one test are, as SQLAlchemy URLs."""

    app: str
    keys: str
    audit: str

    @contextmanager
    def opened(self) -> Iterator[Stores]:
        """Open the engines, and close every connection after use."""
        stores = Stores(*(make_engine(url) for url in astuple(self)))
        try:
            yield stores
        finally:
            stores.dispose()


def lay_tables(stores: Stores) -> None:
    """Lay the tables as an installation would: by the history, or from the models before it.

    Before there is a history, only models that some test has imported are laid.
    """
    if migrate.head() is not None:
        migrate.upgrade(stores)
    else:
        create_all(stores)


class SqliteTemplate:
    """Three laid SQLite files, copied for each test."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        with self._addresses(folder).opened() as stores:
            lay_tables(stores)

    def copy(self, folder: Path) -> Addresses:
        """Give a test its own stores in its own folder."""
        folder.mkdir(parents=True, exist_ok=True)
        for store in STORES:
            shutil.copyfile(self._folder / f"{store}.db", folder / f"{store}.db")
        return self._addresses(folder)

    @staticmethod
    def _addresses(folder: Path) -> Addresses:
        return Addresses(*(f"sqlite:///{folder / store}.db" for store in STORES))


class Cluster:
    """A PostgreSQL server in a folder of its own: no port and no password, the folder is the lock.

    It gives up durability for speed; a test that asserts durability starts one with `durable`.
    """

    def __init__(self, *, durable: bool = False) -> None:
        self._names = count(1)
        self._switches = SWITCHES[:1] if durable else SWITCHES
        self._bin = max(Path("/usr/lib/postgresql").glob("*/bin"), key=_version)
        self._folder = Path(tempfile.mkdtemp(prefix="pg"))  # short: a socket path has 107 bytes

    def start(self) -> None:
        """Make the databases of the server and start it; under a second."""
        if os.geteuid() == 0:
            shutil.chown(self._folder, "postgres")
        self._run("initdb", "-A", "trust", "-U", "postgres", "-E", "UTF8", "--no-sync")
        options = " ".join(f"-c {switch}" for switch in self._switches)
        log = self._folder / "log"
        self._run("pg_ctl", "-l", str(log), "-w", "-o", f"-k {self._folder} {options}", "start")

    def stop(self) -> None:
        """Stop the server at once and remove it."""
        self._run("pg_ctl", "-m", "immediate", "stop")
        shutil.rmtree(self._folder)

    def url(self, database: str) -> str:
        """Give the SQLAlchemy URL of a database."""
        return f"postgresql+psycopg://postgres@/{database}?host={self._folder}"

    def create(self, template: str = "template1") -> str:
        """Create a database as a copy of another; give its name."""
        name = f"t{next(self._names)}"
        statement = sql.SQL("CREATE DATABASE {} TEMPLATE {} STRATEGY FILE_COPY")
        self._execute(statement.format(sql.Identifier(name), sql.Identifier(template)))
        return name

    def drop(self, name: str) -> None:
        """Drop a database, whoever still has it open."""
        self._execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))

    def _execute(self, statement: sql.Composed) -> None:
        with psycopg.connect(host=str(self._folder), user="postgres", autocommit=True) as server:
            server.execute(statement)

    def _run(self, program: str, *arguments: str) -> None:
        """Run a program of PostgreSQL, which refuses to work as root."""
        user = ("runuser", "-u", "postgres", "--") if os.geteuid() == 0 else ()
        subprocess.run(
            [*user, str(self._bin / program), "-D", str(self._folder / "data"), *arguments],
            cwd=self._folder,
            stdout=subprocess.DEVNULL,
            check=True,
        )


class PostgresqlTemplate:
    """Three laid databases on a cluster, copied for each test."""

    def __init__(self, cluster: Cluster) -> None:
        self._cluster = cluster
        self._templates = [cluster.create() for _ in STORES]
        with Addresses(*map(cluster.url, self._templates)).opened() as stores:
            lay_tables(stores)

    @contextmanager
    def copied(self) -> Iterator[Addresses]:
        """Give a test its own stores, and drop them after use."""
        names = [self._cluster.create(template) for template in self._templates]
        try:
            yield Addresses(*map(self._cluster.url, names))
        finally:
            for name in names:
                self._cluster.drop(name)


def _version(folder: Path) -> int:
    """Tell the version of PostgreSQL whose programs lie in `/usr/lib/postgresql/15/bin`."""
    return int(folder.parent.name)
