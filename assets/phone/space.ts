// Room on the phone: how much is left, whether the browser promises to keep it, and what a browser forgets on its own.
const MB = 1024 * 1024;
/** Some browsers forget what a page kept when it was not opened for so long. */
export const FORGETS_AFTER_MS = 7 * 86_400_000;
/** A record that waits this long deserves a warning. */
export const OLD_MS = 86_400_000;
/** Below this the phone should be emptied before the next stop. */
const LOW_BYTES = 50 * MB;

export interface Space {
  usedMb: number;
  freeMb: number;
  isLow: boolean;
  isKept: boolean;
}

export async function space(): Promise<Space | undefined> {
  if (!navigator.storage || !navigator.storage.estimate) return undefined;
  const { usage = 0, quota = 0 } = await navigator.storage.estimate();
  const isKept = navigator.storage.persisted ? await navigator.storage.persisted() : false;
  const free = Math.max(0, quota - usage);
  return { usedMb: Math.ceil(usage / MB), freeMb: Math.floor(free / MB), isLow: free < LOW_BYTES, isKept };
}

/** Asks the browser to keep what is here until a person clears it. */
export async function persist(): Promise<boolean> {
  return !!(navigator.storage && navigator.storage.persist && (await navigator.storage.persist().catch(() => false)));
}
