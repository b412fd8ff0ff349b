// The queue: a record is in it from the tap that saves it until the server's receipt is kept in its place.
import { Bytes, digestsOfParts, random } from "./bytes";
import { all, find, keep } from "./database";
import { Holder, Sealed, openBytes, seal, sealBytes, unseal } from "./lock";
import { Sent, Shot, What } from "./record";

/** How long a record waits for second thoughts before it is sent. */
export const UNDO_MS = 10_000;

/** A record as the phone keeps it. */
export interface Row {
  key: string;
  owner: string;
  n: number;
  madeAt: number;
  holdUntil: number;
  photos: number;
  bytes: number;
  sealed: Sealed;
  refused?: string;
}

/** A receipt: where in the ledger the record stands. */
export interface Receipt {
  key: string;
  owner: string;
  sequence: number;
  hash: string;
  at: string;
  madeAt: number;
  differs: boolean;
  sealed: Sealed;
}

interface PhotoRow extends Sealed {
  id: string;
  record: string;
}

/** What the lists show of a record, kept sealed with it. */
export interface Inside {
  sent: Sent;
  title: string;
  page: string;
  steadyMs: number[];
}

export const PAGE = random(8);

async function numbered(): Promise<{ device: string; n: number }> {
  const known = await find<{ id: string; device: string; n: number }>("meta", "device");
  const next = { id: "device", device: known ? known.device : random(8), n: known ? known.n + 1 : 1 };
  await keep(["meta"], (of) => of("meta").put(next));
  return next;
}

/** Puts a record with its pictures into the queue; it is there whole, on the disk, or not at all. */
export async function add(by: Holder, mission: string, stop: number, what: What, title: string, shots: Shot[], undoMs = UNDO_MS, draft = ""): Promise<Row> {
  const { device, n } = await numbered();
  const key = random(16);
  const now = new Date();
  const made = { at: now.toISOString(), device, n, key, sent_at: now.toISOString() };
  const photos = await Promise.all(shots.map(async (shot) => ({ capture: shot.capture, parts: await digestsOfParts(shot.bytes) })));
  const inside: Inside = { sent: { ...what, mission, stop, made, photos }, title, page: PAGE, steadyMs: shots.map((shot) => (shot.page === PAGE ? shot.steadyMs : -1)) };
  const bytes = shots.reduce((sum, shot) => sum + shot.bytes.length, 0);
  const sealed = await seal(by, inside);
  const pictures = await Promise.all(shots.map((shot) => sealBytes(by, shot.bytes)));
  const row: Row = { key, owner: by.owner, n, madeAt: now.getTime(), holdUntil: now.getTime() + undoMs, photos: shots.length, bytes, sealed };
  await put(row, pictures, draft);
  return row;
}

/** Keeps a row with its sealed pictures, and lets go of the draft it came from. */
export function put(row: Row, pictures: Sealed[], draft = ""): Promise<void> {
  return keep(["records", "photos", "drafts"], (of) => {
    of("records").put(row);
    pictures.forEach((picture, at) => of("photos").put({ id: `${row.key}/${at}`, record: row.key, ...picture }));
    if (draft) of("drafts").delete(draft);
  });
}

/** Records of a holder that wait, the oldest first. */
export async function waiting(by: Holder): Promise<Row[]> {
  const rows = (await all<Row>("records")).filter((row) => row.owner === by.owner);
  return rows.sort((one, other) => one.madeAt - other.madeAt || one.n - other.n);
}

/** How many records of somebody else wait here, locked. */
export async function ofOthers(owner: string): Promise<number> {
  return (await all<Row>("records")).filter((row) => row.owner !== owner).length;
}

export const inside = (by: Holder, row: { sealed: Sealed }): Promise<Inside> => unseal<Inside>(by, row.sealed);

export async function picture(by: Holder, row: Row, at: number): Promise<Bytes> {
  const found = await find<PhotoRow>("photos", `${row.key}/${at}`);
  if (!found) throw new Error(`the picture ${at} of ${row.key} is gone`);
  return openBytes(by, found);
}

/** Sealed pictures of a row as they are kept. */
export async function pictures(row: Row): Promise<PhotoRow[]> {
  const found = await Promise.all(Array.from({ length: row.photos }, (_, at) => find<PhotoRow>("photos", `${row.key}/${at}`)));
  return found.filter((each): each is PhotoRow => !!each);
}

function drop(of: (store: "records" | "photos") => IDBObjectStore, row: Row): void {
  of("records").delete(row.key);
  for (let at = 0; at < row.photos; at += 1) of("photos").delete(`${row.key}/${at}`);
}

/** Puts the receipt in the place of the record. */
export async function receive(by: Holder, row: Row, title: string, told: { sequence: number; hash: string; at: string; differs: boolean }): Promise<void> {
  const sealed = await seal(by, { title });
  const receipt: Receipt = { key: row.key, owner: by.owner, sequence: told.sequence, hash: told.hash, at: told.at, differs: told.differs, madeAt: row.madeAt, sealed };
  await keep(["records", "photos", "receipts"], (of) => {
    of("receipts").put(receipt);
    drop(of, row);
  });
}

export async function receipts(by: Holder): Promise<Receipt[]> {
  const rows = (await all<Receipt>("receipts")).filter((row) => row.owner === by.owner);
  return rows.sort((one, other) => other.sequence - one.sequence);
}

/** Notes why the server refused a record; it stays until a person decides. */
export function refuse(row: Row, words: string): Promise<void> {
  return keep(["records"], (of) => of("records").put({ ...row, refused: words }));
}

export function retry(row: Row): Promise<void> {
  const { refused: _, ...again } = row;
  return keep(["records"], (of) => of("records").put({ ...again, holdUntil: 0 }));
}

/** Takes a record back before it was sent. */
export function undo(row: Row): Promise<void> {
  return keep(["records", "photos"], (of) => drop(of, row));
}
