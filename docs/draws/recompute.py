#!/usr/bin/env python3
"""Repeats a look-back draw (pps-sys-v1), independently of bihuan.

    recompute.py FRAME.json SEED     draws, prints what was drawn, the reserves, and the digest of the frame
    recompute.py DRAW.json           repeats a published draw and compares; exit status 1 when it differs
    recompute.py DRAW.json ABSENT.json
                                     the same, and who takes the place of what could not be looked at

Follows docs/draws/look-back.md and shares no code with bihuan; needs Python 3.9 and nothing else.
"""
import hashlib
import json
import math
import sys


def sha256(text):
    return hashlib.sha256(text.encode("utf-8")).hexdigest()


def head(text):
    return int(sha256(text)[:16], 16)


def weight(unit):
    product = math.prod(factor["times"] for factor in unit.get("factors", []))
    return product if unit.get("weight") is None else unit["weight"]


def canonical(frame):
    by_id = lambda row: row["id"].encode("utf-8")
    lines = ["bihuan-frame-v1"]
    lines += [f"title\t{frame.get('title', '')}", f"draw\t{frame['draw']}", f"reserves\t{frame.get('reserves', 0)}"]
    for unit in sorted(frame["units"], key=by_id):
        factors = ";".join(f"{factor['what']}={factor['times']}" for factor in unit.get("factors", []))
        lines.append(f"unit\t{unit['id']}\t{weight(unit)}\t{unit.get('field', '')}\t{factors}")
    for kind in ("excluded", "purposive"):
        for apart in sorted(frame.get(kind, []), key=by_id):
            lines.append(f"{kind}\t{apart['id']}\t{apart['reason']}")
    return "\n".join(lines) + "\n"


def draw(frame, seed):
    rest = {unit["id"]: weight(unit) for unit in frame["units"]}
    certain = []
    while True:
        m, total = frame["draw"] - len(certain), sum(rest.values())
        now = [id for id, w in rest.items() if m > 0 and w * m >= total]
        if not now:
            break
        certain += now
        for id in now:
            del rest[id]
    order = sorted(rest, key=lambda id: sha256(f"{seed}|order|{id}"))
    # The tick stands for tick / 2^64: the walk is done on whole numbers, as in the method.
    tick, since, walked = head(f"{seed}|start") * total, 0, []
    for id in order:
        if since * m << 64 <= tick < (since + rest[id]) * m << 64:
            walked.append(id)
            tick += total << 64
        since += rest[id]
    left, reserves = [id for id in order if id not in walked], []
    for number in range(1, frame.get("reserves", 0) + 1):
        tick, since = head(f"{seed}|reserve|{number}") * sum(rest[id] for id in left), 0
        for id in left:
            since += rest[id]
            if tick < since << 64:
                reserves.append(id)
                left.remove(id)
                break
    return sorted(certain, key=lambda id: id.encode("utf-8")) + walked, reserves


def step_in(drawn, reserves, absences):
    """The n-th absence takes the n-th reserve; a reserve that is absent is an absence like any other."""
    sample, left, stepped = set(drawn), list(reserves), []
    for absence in absences:
        if absence["id"] not in sample or not absence["reason"].strip():
            raise SystemExit(f"no absence: {absence['id']}")
        sample.remove(absence["id"])
        stepped.append(left.pop(0) if left else None)
        sample.update(stepped[-1:])
    return stepped


def load(path):
    with open(path, encoding="utf-8") as file:
        return json.load(file)


def main(arguments):
    if len(arguments) not in (1, 2):
        print(__doc__, file=sys.stderr)
        return 2
    given = load(arguments[0])
    published = given if "drawn" in given else None
    if published is None and len(arguments) != 2:
        print(__doc__, file=sys.stderr)
        return 2
    frame, seed = (given, arguments[1]) if published is None else (given["frame"], given["seed"])
    drawn, reserves = draw(frame, seed)
    found = {"frame_sha256": sha256(canonical(frame)), "drawn": drawn, "reserves": reserves}
    print(json.dumps(found, ensure_ascii=False))
    if published is None:
        return 0
    wrong = [part for part in found if found[part] != published[part]]
    if len(arguments) == 2:
        absences = load(arguments[1])
        for absence, reserve in zip(absences, step_in(drawn, reserves, absences)):
            print(json.dumps({"absent": absence["id"], "reserve": reserve}, ensure_ascii=False))
            if absence.get("reserve", reserve) != reserve:
                wrong.append(f"reserve of {absence['id']}")
    for part in wrong:
        print(f"differs: {part}")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
