"""Spark Connect servers for the tests, and how two engines' answers are compared."""

from __future__ import annotations

import math
import os
import shutil
import socket
import subprocess
import time
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

import polars as pl
import polars.selectors as cs
import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator

# A server for a few thousand rows: what saves time on a large study costs it here.
SPARK_SETTINGS = {
    "spark.connect.grpc.binding.address": "127.0.0.1",
    "spark.ui.enabled": "false",
    "spark.sql.shuffle.partitions": "1",
    "spark.sql.codegen.wholeStage": "false",
    "spark.sql.codegen.factoryMode": "NO_CODEGEN",
    "spark.driver.extraJavaOptions": "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC",
}


def missing(reason: str) -> None:
    """Skip where an engine is not there; in CI that is a failure."""
    if os.environ.get("CI"):
        pytest.fail(f"CI tests every engine: {reason}")
    pytest.skip(reason)


@contextmanager
def sail() -> Iterator[str]:
    """Run Sail, a Spark Connect server without Java, and give its address."""
    if not (find_spec("pysail") and find_spec("pyspark")):
        missing("pip install 'timewaste[engines]' brings Sail")
    os.environ.setdefault("RUST_LOG", "off")
    from pysail.spark import SparkConnectServer

    server = SparkConnectServer("127.0.0.1", 0)
    server.start(background=True)
    try:
        yield "sc://{}:{}".format(*server.listening_address)
    finally:
        server.stop()


@contextmanager
def spark(folder: Path) -> Iterator[str]:
    """Run the Spark of SPARK_HOME and give its address; what it writes of its own goes to `folder`."""
    home = os.environ.get("SPARK_HOME")
    if not find_spec("pyspark"):
        missing("pip install 'timewaste[engines]' brings the client of Spark Connect")
    if not (home and (Path(home) / "bin" / "spark-submit").is_file()):
        missing("SPARK_HOME names no Spark: pip install pyspark into an environment of its own brings one")
    if not (os.environ.get("JAVA_HOME") or shutil.which("java")):
        missing("there is no Java")
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = probe.getsockname()[1]
    settings = SPARK_SETTINGS | {"spark.connect.grpc.binding.port": str(port), "spark.local.dir": str(folder)}
    with (folder / "server.log").open("w") as log:
        server = subprocess.Popen(
            [
                Path(str(home)) / "bin" / "spark-submit", "--master", "local[2]", "--name", "timewaste tests",
                "--class", "org.apache.spark.sql.connect.service.SparkConnectServer",
                *(word for name, value in settings.items() for word in ("--conf", f"{name}={value}")),
            ],
            cwd=folder, stdout=log, stderr=subprocess.STDOUT,
        )  # fmt: skip
    try:
        _wait_for(port, server, folder / "server.log")
        yield f"sc://127.0.0.1:{port}"
    finally:
        server.terminate()
        server.wait()


def _wait_for(port: int, server: subprocess.Popen[bytes], log: Path) -> None:
    for _ in range(1200):
        assert server.poll() is None, log.read_text()[-2000:]
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            time.sleep(0.1)
        else:
            return
    pytest.fail(f"the server did not come up:\n{log.read_text()[-2000:]}")


def differences(got: pl.DataFrame, want: pl.DataFrame, *, ordered: bool) -> list[str]:
    """Return what two answers to one question differ in: columns, kinds, rows; fractions to one in 10^9."""
    got, want = (_uniform(frame) for frame in (got, want))
    if got.schema != want.schema:
        kinds = {name: (got.schema.get(name), want.schema.get(name)) for name in {*got.columns, *want.columns}}
        return [f"{name}: {one}, not {other}" for name, (one, other) in sorted(kinds.items()) if one != other] or [
            f"columns in the order {got.columns}, not {want.columns}"
        ]
    if got.height != want.height:
        return [f"{got.height} rows, not {want.height}"]
    if not ordered:
        fractions = want.select(cs.float()).columns
        keys = [*want.select(~cs.float()).columns, *fractions]  # a last digit must not decide on the order
        got, want = (frame.sort(keys, nulls_last=True) if keys else frame for frame in (got, want))
    return [
        f"row {number}, {name}: {one!r}, not {other!r}"
        for name in want.columns
        for number, (one, other) in enumerate(zip(got[name].to_list(), want[name].to_list(), strict=True))
        if not _equal(one, other)
    ]


def _equal(one: object, other: object) -> bool:
    if isinstance(one, float) and isinstance(other, float):
        return math.isclose(one, other, rel_tol=1e-9) or (math.isnan(one) and math.isnan(other))
    return one == other


def _uniform(frame: pl.DataFrame) -> pl.DataFrame:
    """Return the frame with whole numbers in 64 bits, and moments without the zone, which is UTC on both sides."""
    return frame.with_columns(cs.integer().cast(pl.Int64), cs.datetime().dt.replace_time_zone(None))
