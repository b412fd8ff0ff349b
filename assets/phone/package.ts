// The task package: fetched whenever there is a network, kept sealed, read without one.
import { find, keep } from "./database";
import { Code } from "./camera";
import { Device, Holder, Sealed, seal, take, unseal } from "./lock";
import { PAGE } from "./queue";
import { Place } from "./record";
import { ask } from "./sender";

export interface Stop {
  n: number;
  unit: string;
  place: string;
  note: string;
  at: Place | null;
  arrived: boolean;
  task: [string, string, string[]] | null;
  saw: string[];
  field: string;
  photos: [string, string, string][];
  outline: [string, [number, number][]][];
  codes: string[];
}

export interface Mission {
  id: string;
  team: string;
  round: string;
  sealed: boolean;
  checklist: { item: string; key_point: string; how: string }[];
  stops: Stop[];
  hidden: number;
  done: number;
}

export interface Package {
  fields: [string, string][];
  missions: Mission[];
  fetchedAt: string;
  /** The page that fetched it, and when by its steady clock. */
  page: string;
  steadyMs: number;
}

interface Row {
  owner: string;
  sealed: Sealed;
}

/** Who is signed in; answers only with a network. */
export async function device(): Promise<Device> {
  const answer = await ask("/field/device");
  if (!answer.ok) throw new Error(String(answer.status));
  return answer.json();
}

/** Fetches the package of whoever is signed in and makes them the holder of the phone. */
export async function fetchPackage(): Promise<{ by: Holder; device: Device; got: Package }> {
  const signed = await device();
  const answer = await ask("/field/package", { method: "POST", headers: { "x-csrf": signed.csrf } });
  if (!answer.ok) throw new Error(String(answer.status));
  const told = await answer.json();
  const by = await take(told.device);
  const got: Package = { fields: told.fields, missions: told.missions, fetchedAt: new Date().toISOString(), page: PAGE, steadyMs: performance.now() };
  await store(by, got);
  return { by, device: told.device, got };
}

async function store(by: Holder, got: Package): Promise<void> {
  const row: Row = { owner: by.owner, sealed: await seal(by, got) };
  await keep(["packages"], (of) => of("packages").put(row));
}

export async function kept(by: Holder): Promise<Package | undefined> {
  const row = await find<Row>("packages", by.owner);
  return row && unseal<Package>(by, row.sealed).catch(() => undefined);
}

/** Takes a random code for one record; a code serves once. */
export async function takeCode(by: Holder, got: Package, stop: Stop): Promise<Code | undefined> {
  const code = stop.codes.shift();
  if (!code) return undefined;
  await store(by, got);
  return { code, fetchedAt: got.fetchedAt, steadyMs: got.page === PAGE ? got.steadyMs : undefined };
}

/** A stop that was reported from here is done on this phone, before the server says so. */
export async function leave(by: Holder, got: Package, mission: Mission, stop: Stop): Promise<void> {
  mission.stops = mission.stops.filter((each) => each !== stop);
  mission.done += 1;
  await store(by, got);
}

/** A report that was taken back leaves its stop open. */
export async function comeBack(by: Holder, got: Package, mission: Mission, stop: Stop): Promise<void> {
  mission.stops.push(stop);
  mission.done -= 1;
  await store(by, got);
}
