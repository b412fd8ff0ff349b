// What is being recorded now: kept from the first picture on, so that a phone that dies between two taps loses nothing.
import { find, keep } from "./database";
import { Holder, Sealed, openBytes, seal, sealBytes, unseal } from "./lock";
import { Arrival, Shot } from "./record";

/** A visit or finding under way. */
export interface Draft {
  id: string;
  arrival?: Arrival;
  choice: string;
  note: string;
  spot: string;
  fixNow: boolean;
  problems: Record<number, string>;
  shots: Shot[];
}

interface Row {
  id: string;
  owner: string;
  sealed: Sealed;
  pictures: Sealed[];
}

export const blank = (id: string): Draft => ({ id, choice: "", note: "", spot: "", fixNow: false, problems: {}, shots: [] });

export async function keepDraft(by: Holder, draft: Draft): Promise<void> {
  const { shots, ...rest } = draft;
  const bare = shots.map(({ bytes: _, ...shot }) => shot);
  const pictures = await Promise.all(shots.map((shot) => sealBytes(by, shot.bytes)));
  const row: Row = { id: draft.id, owner: by.owner, sealed: await seal(by, { ...rest, shots: bare }), pictures };
  await keep(["drafts"], (of) => of("drafts").put(row));
}

export async function draftOf(by: Holder, id: string): Promise<Draft> {
  const row = await find<Row>("drafts", id);
  if (!row || row.owner !== by.owner) return blank(id);
  const draft = await unseal<Draft>(by, row.sealed);
  const bytes = await Promise.all(row.pictures.map((picture) => openBytes(by, picture)));
  return { ...draft, shots: draft.shots.map((shot, at) => ({ ...shot, bytes: bytes[at] })) };
}
