"""Counts by town by the packages people would use. Usage: python peers.py rank FOLDER ROUNDS"""

import json
import sys
import time
from pathlib import Path

import duckdb
import polars as pl

MONTH = 7


def median(values):
    return sorted(values)[len(values) // 2]


def timed(rounds, work):
    times = []
    for _ in range(rounds):
        begun = time.perf_counter()
        work()
        times.append(time.perf_counter() - begun)
    return median(times)


def main():
    room, rounds = Path(sys.argv[2]), max(int(sys.argv[3]), 7)
    source = str(room / "tasks.csv")

    base = duckdb.connect()
    base.execute(f"CREATE TABLE task AS SELECT * FROM read_csv('{source}')")
    counts = """count(*) AS n, count(*) FILTER (WHERE finished BETWEEN 0 AND due) AS kept,
        sum(weight) FILTER (WHERE finished < 0) AS open"""
    month = f"""SELECT *, rank() OVER (ORDER BY kept / n DESC) FROM
        (SELECT town, {counts} FROM task WHERE month = {MONTH} GROUP BY town)"""
    each = f"""SELECT *, rank() OVER (PARTITION BY month ORDER BY kept / n DESC) FROM
        (SELECT month, town, {counts} FROM task GROUP BY month, town)"""

    frame = pl.read_csv(source)
    kept = ((pl.col("finished") >= 0) & (pl.col("finished") <= pl.col("due"))).sum().alias("kept")
    waits = pl.col("weight").filter(pl.col("finished") < 0).sum().alias("open")
    share = (pl.col("kept") / pl.col("n")).rank("min", descending=True)

    def polars_month():
        rows = frame.lazy().filter(pl.col("month") == MONTH).group_by("town").agg(pl.len().alias("n"), kept, waits)
        return rows.with_columns(share.alias("rank")).collect()

    def polars_all():
        rows = frame.lazy().group_by("month", "town").agg(pl.len().alias("n"), kept, waits)
        return rows.with_columns(share.over("month").alias("rank")).collect()

    print(json.dumps({
        "duckdb": {
            "month": timed(rounds, lambda: base.execute(month).fetchall()),
            "all": timed(rounds, lambda: base.execute(each).fetchall()),
        },
        "polars": {"month": timed(rounds, polars_month), "all": timed(rounds, polars_all)},
    }))


main()
