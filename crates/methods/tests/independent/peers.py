"""Answers questions with packages that share no code with this house.

Usage: python peers.py trend|inside  — a list of questions as JSON on the standard input, a list of answers on the output.
"""

import json
import sys


def trend(question):
    import pymannkendall

    months = [float("nan") if figure is None else figure for figure in question]
    found = pymannkendall.seasonal_test(months, period=12)
    return {"s": float(found.s), "variance": float(found.var_s), "z": float(found.z), "p": float(found.p),
            "tau": float(found.Tau), "slope": float(found.slope)}


def inside(question):
    import shapely

    areas = [shapely.Polygon(rings[0], rings[1:]) for rings in question["areas"]]
    tree = shapely.STRtree(areas)
    points = [shapely.Point(place) for place in question["points"]]
    found = [[] for _ in points]
    for point, area in zip(*tree.query(points, predicate="within")):
        found[int(point)].append(int(area))
    boxes = [shapely.box(*box) for box in question["boxes"]]
    shares = [[box.intersection(area).area / box.area for area in areas] for box in boxes]
    return {"inside": found, "shares": shares}


if __name__ == "__main__":
    answer = {"trend": trend, "inside": inside}[sys.argv[1]]
    print(json.dumps([answer(question) for question in json.load(sys.stdin)]))
