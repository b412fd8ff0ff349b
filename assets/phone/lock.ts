// Whose phone it is now. What is kept is sealed under a key that the server gives to the person who signed in; when they hand
// the phone over, the key goes and the records stay, unreadable until the same person is back.
import { Bytes, sha256, unhex } from "./bytes";
import { find, keep } from "./database";

/** What the server says of the person who is signed in. */
export interface Device {
  person: string;
  name: string;
  csrf: string;
  key: string;
  lease_until: string;
  now: string;
}

export interface Holder {
  id: "holder";
  owner: string;
  person: string;
  name: string;
  key: CryptoKey;
  /** Milliseconds by the phone's clock after which the key is dropped. */
  leaseUntil: number;
}

export interface Sealed {
  iv: Bytes;
  data: ArrayBuffer;
}

/** The holder of the phone, if somebody holds it and their lease is not over. */
export async function holder(): Promise<Holder | undefined> {
  const found = await find<Holder>("keys", "holder");
  if (found && found.leaseUntil < Date.now()) {
    await handOver();
    return undefined;
  }
  return found;
}

/** Takes the phone for whoever is signed in; whoever held it before holds it no longer. */
export async function take(device: Device): Promise<Holder> {
  const key = await crypto.subtle.importKey("raw", unhex(device.key), "AES-GCM", false, ["encrypt", "decrypt"]);
  const owner = (await sha256(new TextEncoder().encode(`bihuan|${device.person}`))).slice(0, 24);
  const lease = Date.parse(device.lease_until) - Date.parse(device.now);
  const taken: Holder = { id: "holder", owner, person: device.person, name: device.name, key, leaseUntil: Date.now() + lease };
  await keep(["keys"], (of) => of("keys").put(taken));
  return taken;
}

/** Drops the key. */
export function handOver(): Promise<void> {
  return keep(["keys"], (of) => of("keys").delete("holder"));
}

export async function sealBytes(by: Holder, bytes: BufferSource): Promise<Sealed> {
  const iv = crypto.getRandomValues(new Uint8Array(12));
  return { iv, data: await crypto.subtle.encrypt({ name: "AES-GCM", iv }, by.key, bytes) };
}

export async function openBytes(by: Holder, sealed: Sealed): Promise<Bytes> {
  return new Uint8Array(await crypto.subtle.decrypt({ name: "AES-GCM", iv: sealed.iv }, by.key, sealed.data));
}

export function seal(by: Holder, value: unknown): Promise<Sealed> {
  return sealBytes(by, new TextEncoder().encode(JSON.stringify(value)));
}

export async function unseal<T>(by: Holder, sealed: Sealed): Promise<T> {
  return JSON.parse(new TextDecoder().decode(await openBytes(by, sealed)));
}
