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
from config.database import Stores, make_engine

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


class SqliteTemplate:
    """Three laid SQLite files, copied for each test."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        with self.addresses(folder).opened() as stores:
            migrate.upgrade(stores)

    def copy(self, folder: Path) -> Addresses:
        """Give a test its own stores in its own folder."""
        folder.mkdir(parents=True, exist_ok=True)
        for store in STORES:
            shutil.copyfile(self._folder / f"{store}.db", folder / f"{store}.db")
        return self.addresses(folder)

    @staticmethod
    def addresses(folder: Path) -> Addresses:
        """Give the addresses of the stores in a folder."""
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
        self._serve()

    def crash(self) -> None:
        """Stop the server without letting it write anything more, and start it again."""
        self._run("pg_ctl", "-m", "immediate", "stop")
        self._serve()

    def _serve(self) -> None:
        """Start the server over its folder, recovering what it finds there."""
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

    def disconnect(self, name: str) -> None:
        """End every session on a database."""
        with self.connected() as server:
            server.execute(
                "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE datname = %s",
                [name],
            )

    @contextmanager
    def connected(self, database: str = "postgres") -> Iterator[psycopg.Connection]:
        """Connect as the owner of everything; each statement commits by itself."""
        with psycopg.connect(
            host=str(self._folder), user="postgres", dbname=database, autocommit=True
        ) as server:
            yield server

    def _execute(self, statement: sql.Composed) -> None:
        with self.connected() as server:
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


# What a database of a test needs to be used again: the rows it was laid with, and a note of
# every change to its tables, made by whatever role.
_KEEP = """
CREATE SCHEMA house;
CREATE TABLE house.touched (by text);
CREATE FUNCTION house.touch() RETURNS event_trigger LANGUAGE plpgsql SECURITY DEFINER AS
  $$ BEGIN INSERT INTO house.touched VALUES (tg_tag); END $$;
DO $$ DECLARE name text; BEGIN
  FOR name IN SELECT tablename FROM pg_tables WHERE schemaname = 'public' LOOP
    EXECUTE format('CREATE TABLE house.%1$I AS TABLE public.%1$I', name);
  END LOOP;
END $$;
CREATE EVENT TRIGGER touch ON ddl_command_end EXECUTE FUNCTION house.touch();
"""
_RENEW = """
SET session_replication_role = replica;
DO $$ DECLARE name text; BEGIN
  FOR name IN SELECT tablename FROM pg_tables WHERE schemaname = 'public' LOOP
    EXECUTE format('DELETE FROM public.%1$I; INSERT INTO public.%1$I TABLE house.%1$I', name);
  END LOOP;
END $$;
SELECT setval(format('%I.%I', schemaname, sequencename), start_value, false) FROM pg_sequences;
"""


class PostgresqlTemplate:
    """Three laid databases on a cluster, of which each test gets copies.

    To copy one costs more than most tests, so a copy whose tables are as they were laid is emptied
    and used again; one whose tables a test has changed is dropped.
    """

    def __init__(self, cluster: Cluster) -> None:
        self._cluster = cluster
        self._templates = [cluster.create() for _ in STORES]
        self._free: dict[str, list[str]] = {template: [] for template in self._templates}
        with Addresses(*map(cluster.url, self._templates)).opened() as stores:
            migrate.upgrade(stores)
        for template in self._templates:
            with cluster.connected(template) as server:
                server.execute(_KEEP)

    @contextmanager
    def copied(self) -> Iterator[Addresses]:
        """Give a test its own empty stores, and take them back after use."""
        names = {template: self._take(template) for template in self._templates}
        try:
            yield Addresses(*map(self._cluster.url, names.values()))
        finally:
            for template, name in names.items():
                self._give_back(template, name)

    def _take(self, template: str) -> str:
        free = self._free[template]
        return free.pop() if free else self._cluster.create(template)

    def _give_back(self, template: str, name: str) -> None:
        """Renew a database for the next test, or drop it when it is no longer alike."""
        self._cluster.disconnect(name)
        with self._cluster.connected(name) as server:
            is_alike = server.execute("SELECT FROM house.touched").fetchone() is None
            if is_alike:
                server.execute(_RENEW)
        if is_alike:
            self._free[template].append(name)
        else:
            self._cluster.drop(name)


def _version(folder: Path) -> int:
    """Tell the version of PostgreSQL whose programs lie in `/usr/lib/postgresql/15/bin`."""
    return int(folder.parent.name)
