// The rescue file: the whole queue of a person in one encrypted file, for a phone that is to be cleared, lent or repaired.
import { Bytes } from "./bytes";
import { Holder, Sealed, openBytes, seal, sealBytes, unseal } from "./lock";
import { Inside, Row, pictures, put, waiting } from "./queue";

const MAGIC = "BIHUAN-RESCUE-1\n";
const ITERATIONS = 600_000;
export const PASSPHRASE_LEAST = 8;

export class WrongPassphrase extends Error {}
export class OtherPerson extends Error {}

interface Head {
  salt: number[];
  iv: number[];
  iterations: number;
}

interface Listed {
  row: Omit<Row, "sealed" | "owner">;
  inside: Inside;
  sizes: number[];
}

async function keyOf(passphrase: string, salt: Bytes, iterations: number): Promise<CryptoKey> {
  const words = await crypto.subtle.importKey("raw", new TextEncoder().encode(passphrase.normalize("NFKC")), "PBKDF2", false, ["deriveKey"]);
  return crypto.subtle.deriveKey({ name: "PBKDF2", hash: "SHA-256", salt: salt, iterations }, words, { name: "AES-GCM", length: 256 }, false, ["encrypt", "decrypt"]);
}

function joined(pieces: Bytes[]): Bytes {
  const whole = new Uint8Array(pieces.reduce((sum, piece) => sum + piece.length, 0));
  let at = 0;
  for (const piece of pieces) {
    whole.set(piece, at);
    at += piece.length;
  }
  return whole;
}

/** Writes the queue of the holder: a head in the open, then everything under the passphrase. */
export async function write(by: Holder, passphrase: string): Promise<Blob> {
  const listed: Listed[] = [];
  const bodies: Bytes[] = [];
  for (const { sealed, owner: _, ...row } of await waiting(by)) {
    const kept = await pictures({ sealed, owner: by.owner, ...row });
    const opened = await Promise.all(kept.map((each) => openBytes(by, each)));
    listed.push({ row, inside: await unseal<Inside>(by, sealed), sizes: opened.map((each) => each.length) });
    bodies.push(...opened);
  }
  const list = new TextEncoder().encode(JSON.stringify({ person: by.person, listed }));
  const length = new Uint8Array(new Uint32Array([list.length]).buffer);
  const [salt, iv] = [crypto.getRandomValues(new Uint8Array(16)), crypto.getRandomValues(new Uint8Array(12))];
  const key = await keyOf(passphrase, salt, ITERATIONS);
  const head: Head = { salt: Array.from(salt), iv: Array.from(iv), iterations: ITERATIONS };
  const sealed = await crypto.subtle.encrypt({ name: "AES-GCM", iv }, key, joined([length, list, ...bodies]));
  return new Blob([MAGIC, JSON.stringify(head), "\n", sealed], { type: "application/octet-stream" });
}

/** Puts the records of a rescue file back into the queue; those that are there already stay as they are. Says how many it held. */
export async function read(by: Holder, file: Blob, passphrase: string): Promise<number> {
  const bytes = new Uint8Array(await file.arrayBuffer());
  const lineEnd = bytes.indexOf(10, MAGIC.length);
  if (new TextDecoder().decode(bytes.slice(0, MAGIC.length)) !== MAGIC || lineEnd < 0) throw new WrongPassphrase();
  const head: Head = JSON.parse(new TextDecoder().decode(bytes.slice(MAGIC.length, lineEnd)));
  if (!(head.iterations > 0 && head.iterations <= 10 * ITERATIONS)) throw new WrongPassphrase();
  const key = await keyOf(passphrase, Uint8Array.from(head.salt), head.iterations);
  const opened = await crypto.subtle.decrypt({ name: "AES-GCM", iv: Uint8Array.from(head.iv) }, key, bytes.slice(lineEnd + 1)).catch(() => {
    throw new WrongPassphrase();
  });
  const whole = new Uint8Array(opened);
  const length = new DataView(opened).getUint32(0, true);
  const { person, listed }: { person: string; listed: Listed[] } = JSON.parse(new TextDecoder().decode(whole.slice(4, 4 + length)));
  if (person !== by.person) throw new OtherPerson();
  const here = new Set((await waiting(by)).map((row) => row.key));
  let at = 4 + length;
  for (const { row, inside, sizes } of listed) {
    const sealed: Sealed[] = [];
    for (const size of sizes) {
      sealed.push(await sealBytes(by, whole.slice(at, at + size)));
      at += size;
    }
    if (!here.has(row.key)) await put({ ...row, owner: by.owner, sealed: await seal(by, inside) }, sealed);
  }
  return listed.length;
}
