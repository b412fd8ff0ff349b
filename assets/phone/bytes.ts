// Bytes, digests and parts.
export type Bytes = Uint8Array<ArrayBuffer>;

/** A part of a picture; the server keeps parts of at most this size. */
export const PART_BYTES = 64 * 1024;

export function hex(bytes: Bytes): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

export function unhex(text: string): Bytes {
  return Uint8Array.from(text.match(/../g) || [], (pair) => parseInt(pair, 16));
}

export async function sha256(bytes: BufferSource): Promise<string> {
  return hex(new Uint8Array(await crypto.subtle.digest("SHA-256", bytes)));
}

export function random(bytes: number): string {
  return hex(crypto.getRandomValues(new Uint8Array(bytes)));
}

/** The digests of the parts of a picture, in order. */
export async function digestsOfParts(bytes: Bytes): Promise<string[]> {
  const digests: string[] = [];
  for (let from = 0; from < bytes.length; from += PART_BYTES) digests.push(await sha256(bytes.slice(from, from + PART_BYTES)));
  return digests;
}

export function part(bytes: Bytes, n: number): Bytes {
  return bytes.slice(n * PART_BYTES, (n + 1) * PART_BYTES);
}
