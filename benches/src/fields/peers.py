"""The same work by the packages people would use. Reads arrays that the benchmark wrote; prints seconds and what was found.

Usage: python peers.py water|fire FOLDER ROUNDS
"""

import json
import sys
import time
from pathlib import Path


def median(values):
    return sorted(values)[len(values) // 2]


def water(room, rounds):
    import numpy as np
    import pandas as pd

    standard = json.loads((room / "standard.json").read_text())
    frame = pd.DataFrame({
        "section": np.fromfile(room / "section", np.uint32), "month": np.fromfile(room / "month", np.int32),
        "item": np.fromfile(room / "item", np.uint8), "value": np.fromfile(room / "value", np.float64),
    })
    ph = next(item["place"] for item in standard if item["direction"] == "range")

    def once():
        data = frame
        values = data["value"].to_numpy(copy=True)
        is_ph = (data["item"] == ph).to_numpy()
        values[is_ph] = 10.0 ** -values[is_ph]
        data = data.assign(value=values)
        means = data.groupby(["section", "month", "item"], sort=False)["value"].mean().unstack("item")
        means[ph] = -np.log10(means[ph])
        worst = np.zeros(len(means), np.int8)
        index = np.zeros(len(means))
        for item in standard:
            mean = means[item["place"]].to_numpy()
            value = np.round(mean, item["decimals"])
            limits = np.array(item["limits"])
            if item["direction"] == "range":
                found = np.where((value >= limits[0]) & (value <= limits[1]), 0, 5)
                index += np.where(mean <= 7, 7 - mean, (mean - 7) / 2)
            elif item["direction"] == "least":
                found = np.searchsorted(-limits, -value, side="left")
                index += limits[2] / mean
            else:
                found = np.searchsorted(limits, value, side="left")
                index += mean / limits[2]
            worst = np.maximum(worst, found.astype(np.int8))
        return worst, index

    times = []
    for _ in range(rounds):
        begun = time.perf_counter()
        worst, index = once()
        times.append(time.perf_counter() - begun)
    return {"seconds": median(times), "classes": np.bincount(worst, minlength=6).tolist(), "index": float(index.sum())}


def fire(room, rounds):
    import numpy as np
    import shapely

    corners = np.fromfile(room / "corners", np.float64).reshape(-1, 40, 2)
    areas = shapely.polygons(corners)
    shapely.prepare(areas)
    points = shapely.points(np.fromfile(room / "points", np.float64).reshape(-1, 2))
    tree = shapely.STRtree(areas)
    best, hits = {}, 0
    for _ in range(rounds):
        begun = time.perf_counter()
        hits = len(tree.query(points, predicate="within")[0])
        best.setdefault("tree of areas", []).append(time.perf_counter() - begun)
        begun = time.perf_counter()
        shapely.STRtree(points).query(areas, predicate="contains")
        best.setdefault("tree of points", []).append(time.perf_counter() - begun)
    return {"seconds": min(median(times) for times in best.values()), "hits": hits}


if __name__ == "__main__":
    print(json.dumps({"water": water, "fire": fire}[sys.argv[1]](Path(sys.argv[2]), int(sys.argv[3]))))
