#!/usr/bin/env python3
"""Verifies a bihuan ledger export or dossier, independently of bihuan.

    verify.py [--keys FILE] [--checkpoint FILE] EXPORT_DIR_OR_ZIP
    verify.py [--keys FILE] [--checkpoint FILE] DOSSIER_DIR_OR_ZIP

Follows docs/ledger/format.md and shares no code with bihuan; needs Python 3.9 and nothing else. Exit status 0: everything
holds. 1: it does not, and the first bad place is named. 2: called wrongly.

--keys        verifier keys you got from somewhere you trust; those in the package are then not believed
--checkpoint  signed checkpoints you kept yourself; the history in the package must agree with them
"""
import base64
import hashlib
import json
import os
import re
import sys
import zipfile

HEX64 = re.compile(r"[0-9a-f]{64}\Z")
GENESIS = "0" * 64
DEPTH_MAX = 64
FIELDS = {"area": str, "at": int, "body": object, "kind": str, "person": str, "post": str, "prev": str, "seq": int, "subject": str}


class Bad(Exception):
    """The first bad place."""


def require(condition, place, problem):
    if not condition:
        raise Bad(f"{place}: {problem}")


# ---- canonical JSON: sorted plain-ASCII keys, no white space, integers of 64 bits only ----

def not_an_integer(text):
    raise ValueError(f"{text} is not an integer")


def check_value(value, depth=1):
    """Raises ValueError for what canonical form refuses although JSON allows it."""
    if isinstance(value, (dict, list)):
        if depth > DEPTH_MAX:
            raise ValueError("nested too deeply")
        for item in value.values() if isinstance(value, dict) else value:
            check_value(item, depth + 1)
    if isinstance(value, dict):
        for key in value:
            if not all(" " <= c <= "~" and c not in '"\\' for c in key):
                raise ValueError(f"key {key!r} is not plain ASCII")
    if isinstance(value, int) and not -(2**63) <= value < 2**64:
        raise ValueError("an integer does not fit 64 bits")


def read_entry(line, place):
    """The entry in these bytes, if they are its one canonical spelling."""
    try:
        entry = json.loads(line.decode("utf-8"), parse_float=not_an_integer, parse_constant=not_an_integer)
        check_value(entry)
        again = json.dumps(entry, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode("utf-8")
    except (ValueError, RecursionError) as error:
        raise Bad(f"{place}: not canonical: {error}") from None
    require(again == line, place, "not canonical: another spelling of the same value")
    require(isinstance(entry, dict) and entry.keys() == FIELDS.keys(), place, "not an entry: wrong set of fields")
    for name, kind in FIELDS.items():
        fits = isinstance(entry[name], kind) and not (kind is int and isinstance(entry[name], bool))
        require(fits, place, f"not an entry: field {name} has the wrong type")
    require(HEX64.match(entry["prev"]) and 0 <= entry["seq"] and -(2**63) <= entry["at"] < 2**63, place, "not an entry: prev or at is impossible")
    return entry


def references(value):
    """Contents an entry refers to: members named sha256 that hold 64 hexadecimal digits."""
    if isinstance(value, dict):
        own = value.get("sha256")
        if isinstance(own, str) and HEX64.match(own):
            yield own
        for member in value.values():
            yield from references(member)
    elif isinstance(value, list):
        for item in value:
            yield from references(item)


# ---- hashes and the Merkle tree of RFC 9162 ----

def leaf_hash(entry_bytes):
    return hashlib.sha256(b"\x00" + entry_bytes).digest()


def node_hash(left, right):
    return hashlib.sha256(b"\x01" + left + right).digest()


def grow(nodes, size, leaf):
    """Appends a leaf to the roots of the perfect subtrees (largest first) of a tree with `size` leaves."""
    while size & 1:
        leaf = node_hash(nodes.pop(), leaf)
        size >>= 1
    nodes.append(leaf)


def root_of(nodes):
    if not nodes:
        return hashlib.sha256(b"").digest()
    root = nodes[-1]
    for left in reversed(nodes[:-1]):
        root = node_hash(left, root)
    return root


def root_from_proof(leaf, index, size, proof):
    """RFC 9162 section 2.1.3.2; None if the proof has the wrong length."""
    last, root = size - 1, leaf
    for other in proof:
        if last == 0:
            return None
        if index & 1 or index == last:
            root = node_hash(other, root)
            while not index & 1 and index:
                index, last = index >> 1, last >> 1
        else:
            root = node_hash(root, other)
        index, last = index >> 1, last >> 1
    return root if last == 0 else None


# ---- Ed25519 verification, RFC 8032 section 5.1.7, on extended coordinates (X, Y, Z, T) ----

P = 2**255 - 19
ORDER = 2**252 + 27742317777372353535851937790883648493
D = -121665 * pow(121666, P - 2, P) % P


def add(a, b):
    e, f = (a[1] - a[0]) * (b[1] - b[0]) % P, (a[1] + a[0]) * (b[1] + b[0]) % P
    c, d = 2 * a[3] * b[3] * D % P, 2 * a[2] * b[2] % P
    return ((f - e) * (d - c) % P, (d + c) * (f + e) % P, (d - c) * (d + c) % P, (f - e) * (f + e) % P)


def multiply(scalar, point):
    result = (0, 1, 1, 0)
    while scalar:
        if scalar & 1:
            result = add(result, point)
        point, scalar = add(point, point), scalar >> 1
    return result


def decode_point(encoded):
    number = int.from_bytes(encoded, "little")
    y, sign = number & (2**255 - 1), number >> 255
    square = (y * y - 1) * pow(D * y * y + 1, P - 2, P) % P
    x = pow(square, (P + 3) // 8, P)
    if (x * x - square) % P:
        x = x * pow(2, (P - 1) // 4, P) % P
    if y >= P or (x * x - square) % P or (x == 0 and sign):
        return None
    x = P - x if x & 1 != sign else x
    return (x, y, 1, x * y % P)


BASE = decode_point((4 * pow(5, P - 2, P) % P).to_bytes(32, "little"))


def signature_fits(public, message, signature):
    point, s = decode_point(public), int.from_bytes(signature[32:], "little")
    if point is None or len(signature) != 64 or s >= ORDER:
        return False
    h = int.from_bytes(hashlib.sha512(signature[:32] + public + message).digest(), "little") % ORDER
    x, y, z, _ = add(multiply(s, BASE), multiply(ORDER - h, point))  # s·B − h·A must be the R of the signature
    x, y = x * pow(z, P - 2, P) % P, y * pow(z, P - 2, P) % P
    return (y | (x & 1) << 255).to_bytes(32, "little") == signature[:32]


# ---- C2SP signed notes and checkpoints ----

def read_keys(text):
    """{(name, id): public key} from lines `name+id+base64(0x01 public key)`."""
    keys = {}
    for line in filter(None, text.split("\n")):
        try:
            name, key_id, encoded = line.split("+", 2)
            typed = base64.b64decode(encoded, validate=True)
        except ValueError:
            raise Bad(f"keys: {line!r} is not a verifier key") from None
        require(typed[:1] == b"\x01" and len(typed) == 33, "keys", f"{name} is not an Ed25519 key")
        digest = hashlib.sha256(name.encode("utf-8") + b"\n" + typed).hexdigest()
        require(digest[:8] == key_id, "keys", f"the id of {name} does not belong to its key")
        keys[name, key_id] = typed[1:]
    return keys


def open_checkpoint(text, signatures, keys, origin, place):
    """(size, root) of a checkpoint whose text and signature block are given, if the chain's own key signed it."""
    signers = set()
    for line in signatures.split("\n"):
        try:
            dash, name, encoded = line.split(" ")
            blob = base64.b64decode(encoded, validate=True)
        except ValueError:
            raise Bad(f"{place}: a signature line cannot be read") from None
        require(dash == "\u2014" and len(blob) > 4, place, "a signature line cannot be read")
        public = keys.get((name, blob[:4].hex()))
        if public is not None:  # signatures by unknown keys are ignored
            require(signature_fits(public, text.encode("utf-8"), blob[4:]), place, f"the signature by {name} does not fit")
            signers.add(name)
    require(origin in signers, place, f"no signature by a known key of {origin}")
    lines = text.split("\n")
    require(len(lines) >= 4 and lines[0] == origin, place, f"the origin is not {origin}")
    require(re.match(r"(0|[1-9][0-9]*)\Z", lines[1]), place, "the size is not a number")
    try:
        root = base64.b64decode(lines[2], validate=True)
    except ValueError:
        root = b""
    require(len(root) == 32, place, "the root is not 32 bytes in base64")
    return int(lines[1]), root


def read_checkpoints(text, keys, origin, name):
    """All (size, root) of a file: blocks of text and of signatures alternate, an empty line between two blocks."""
    if not text:
        return []
    require(text.endswith("\n"), name, "the last line is cut off")
    blocks = text[:-1].split("\n\n")
    require(len(blocks) % 2 == 0, name, "the last checkpoint has no signatures")
    pairs = zip(blocks[0::2], blocks[1::2])
    return [open_checkpoint(a + "\n", b, keys, origin, f"{name} {number}") for number, (a, b) in enumerate(pairs, 1)]


# ---- packages: a folder or a ZIP file ----

class Package:
    """The files below a folder, or below the topmost proof.json or export.json of a ZIP file."""
    def __init__(self, path):
        self.zip = None if os.path.isdir(path) else zipfile.ZipFile(path)
        self.top = path.replace(os.sep, "/").rstrip("/") + "/"
        if self.zip is None:
            found = [os.path.join(folder, name) for folder, _, names in os.walk(path) for name in names]
            found = [name.replace(os.sep, "/") for name in found]
        else:
            found = [name for name in self.zip.namelist() if not name.endswith("/")]
            require(len(found) == len(set(found)), path, "two files have the same name")
            roots = [name for name in found if name.split("/")[-1] in ("proof.json", "export.json")]
            self.top = min(roots, key=lambda name: name.count("/"), default="").rpartition("/")[0]
            self.top += "/" if self.top else ""
        self.names = {name[len(self.top):] for name in found if name.startswith(self.top)}

    def open(self, name):
        return self.zip.open(self.top + name) if self.zip else open(self.top + name, "rb")

    def text(self, name):
        require(name in self.names, name, "it is missing")
        with self.open(name) as file:
            return file.read().decode("utf-8")


def read_description(package, name, expected_format):
    try:
        description = json.loads(package.text(name))
    except ValueError as error:
        raise Bad(f"{name}: {error}") from None
    require(isinstance(description, dict), name, "it is not an object")
    for key, value in {"format": expected_format, "hash": "sha256", "signature": "ed25519"}.items():
        require(description.get(key) == value, name, f"{key} is {description.get(key)!r}, this program knows {value!r}")
    return description


def digest_file(package, name):
    digest, size = hashlib.sha256(), 0
    with package.open(name) as file:
        for piece in iter(lambda: file.read(1 << 20), b""):
            digest.update(piece)
            size += len(piece)
    return digest.hexdigest(), size


def check_references(wanted, present, withheld):
    """wanted: {content: first entry that refers to it}"""
    for content, sequence in sorted(wanted.items(), key=lambda item: item[1]):
        there = content in present or content in withheld
        require(there, f"entry {sequence}", f"the file with SHA-256 {content} is neither there nor declared as withheld")


# ---- the two kinds of package ----

def verify_export(package, trusted, kept):
    description = read_description(package, "export.json", "bihuan-ledger-1")
    area = description["area"]
    keys = trusted or read_keys(package.text("keys.txt"))
    signed = read_checkpoints(package.text("checkpoints.txt"), keys, f"bihuan/{area}", "checkpoint")
    expected = {}
    for size, root in signed + read_checkpoints(kept, keys, f"bihuan/{area}", "kept checkpoint"):
        require(expected.setdefault(size, root) == root, f"entry {size - 1}", "two checkpoints of one size differ: two histories were signed")
    require(expected.get(0, root_of([])) == root_of([]), "checkpoint", "the root of the empty tree is wrong")

    size, previous, last_at, nodes, wanted = 0, GENESIS, -(2**63), [], {}
    require("ledger.jsonl" in package.names, "ledger.jsonl", "it is missing")
    with package.open("ledger.jsonl") as file:
        for line in file:
            place = f"entry {size}"
            require(line.endswith(b"\n"), place, "the line is cut off")
            entry = read_entry(line[:-1], place)
            require(entry["area"] == area, place, f"it belongs to area {entry['area']!r}")
            require(entry["seq"] == size, place, f"sequence {entry['seq']} stands in its place")
            require(entry["prev"] == previous, place, "prev is not the hash of the entry before")
            require(entry["at"] >= last_at, place, "its time lies before the entry before")
            leaf = leaf_hash(line[:-1])
            grow(nodes, size, leaf)
            size, previous, last_at = size + 1, leaf.hex(), entry["at"]
            if size in expected:
                require(root_of(nodes) == expected[size], place, "a checkpoint over the entries up to here has another root")
            for content in references(entry["body"]):
                wanted.setdefault(content, size - 1)
    covered = max(expected, default=0)
    for demanded in (covered, description["size"]):
        require(demanded <= size, f"entry {size}", f"the chain ends before it, there should be {demanded} entries")
    require(description["size"] == size, "export.json", f"it speaks of {description['size']} entries, there are {size}")
    require(covered == size, f"entry {covered}", "no checkpoint covers it")

    present = {name[len("evidence/"):] for name in package.names if name.startswith("evidence/")}
    for name in sorted(present):
        require(name in wanted, f"file evidence/{name}", "no entry refers to it")
        require(digest_file(package, f"evidence/{name}")[0] == name, f"file evidence/{name}", "its content does not fit its name")
    check_references(wanted, present, set(description["withheld"]))
    print(f"area {area}: {size} entries, canonical and chained; head {previous}")
    print(f"root {base64.b64encode(root_of(nodes)).decode()} (hex {root_of(nodes).hex()})")
    print(f"{len(signed)} signed checkpoints agree, the last one covers every entry")
    print(f"{len(present)} evidence files fit their names; {len(description['withheld'])} withheld")
    return keys


def verify_dossier(package, trusted, kept):
    proof = read_description(package, "proof.json", "bihuan-proof-1")
    area = proof["area"]
    keys = trusted or read_keys("\n".join(proof["keys"]))
    checkpoints = read_checkpoints(proof["checkpoint"], keys, f"bihuan/{area}", "checkpoint")
    require(len(checkpoints) == 1, "proof.json", "it needs exactly one checkpoint")
    size, root = checkpoints[0]
    for kept_size, kept_root in read_checkpoints(kept, keys, f"bihuan/{area}", "kept checkpoint"):
        require(kept_size != size or kept_root == root, "checkpoint 1", "a kept checkpoint of the same size has another root")

    wanted, following = {}, 0
    for item in proof["entries"]:
        line, sequence, place = item["entry"].encode("utf-8"), item["seq"], f"entry {item['seq']}"
        entry = read_entry(line, place)
        require(entry["area"] == area and entry["seq"] == sequence, place, "it stands for another area or sequence")
        require(following <= sequence < size, place, "not in ascending order, or behind the checkpoint")
        following = sequence + 1
        hashes = [bytes.fromhex(text) for text in item["inclusion"]]
        require(root_from_proof(leaf_hash(line), sequence, size, hashes) == root, place, "the proof does not lead to the root")
        for content in references(entry["body"]):
            wanted.setdefault(content, sequence)

    listed = {}
    for file in proof["files"]:
        path, place = file["path"], f"file {file['path']}"
        safe = not re.search(r"[\\:\0]", path) and not {"", ".", ".."} & set(path.split("/"))
        require(safe and path != "proof.json" and path not in listed, place, "its path is unsafe or listed twice")
        require(path in package.names, place, "it is missing")
        require(digest_file(package, path) == (file["sha256"], file["size"]), place, "its content is not the listed one")
        listed[path] = file["sha256"]
    for path in sorted(package.names - listed.keys() - {"proof.json"}):
        raise Bad(f"file {path}: it is not listed")
    check_references(wanted, set(listed.values()), set(proof["withheld"]))
    proved = sum(content in wanted for content in listed.values())
    print(f"area {area}: {len(proof['entries'])} entries stand in the ledger of {size} entries, root {root.hex()}")
    print(f"{proved} files are named by these entries, {len(listed) - proved} are listed only; {len(proof['withheld'])} withheld")
    return keys


def main(arguments):
    options = {"--keys": None, "--checkpoint": None}
    while len(arguments) >= 2 and arguments[0] in options:
        with open(arguments[1], encoding="utf-8", newline="") as file:
            options[arguments[0]] = file.read()
        arguments = arguments[2:]
    if len(arguments) != 1 or not os.path.exists(arguments[0]):
        print(__doc__, file=sys.stderr)
        return 2
    try:
        package = Package(arguments[0])
        for option, text in options.items():
            require(text is None or text.strip(), option, "the file is empty")
        trusted = read_keys(options["--keys"] or "")
        verify = verify_dossier if "proof.json" in package.names else verify_export
        keys = verify(package, trusted, options["--checkpoint"] or "")
    except Bad as bad:
        print(f"BAD  {bad}")
        return 1
    except (KeyError, TypeError, ValueError, AttributeError, RecursionError, OSError, zipfile.BadZipFile) as error:
        print(f"BAD  the package is malformed: {type(error).__name__}: {error}")
        return 1
    for name, key_id in keys:
        print(f"key {name}+{key_id}: " + ("given by you" if trusted else "from the package itself; compare it with one you trust"))
    print("GOOD everything holds")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
