// What the phone keeps: one IndexedDB, in which everything but counts and times is sealed under its holder's key.
const NAME = "bihuan-field";
const STORES = { keys: "id", packages: "owner", records: "key", photos: "id", receipts: "key", drafts: "id", meta: "id" } as const;
export type Store = keyof typeof STORES;

let opened: Promise<IDBDatabase> | undefined;

function open(): Promise<IDBDatabase> {
  if (!opened) {
    opened = new Promise((resolve, reject) => {
      const asked = indexedDB.open(NAME, 1);
      asked.onupgradeneeded = () => {
        for (const [store, keyPath] of Object.entries(STORES)) asked.result.createObjectStore(store, { keyPath });
      };
      asked.onsuccess = () => {
        // Another page that needs a newer form of the database is not held up.
        asked.result.onversionchange = () => asked.result.close();
        asked.result.onclose = () => (opened = undefined);
        resolve(asked.result);
      };
      asked.onerror = () => reject(asked.error);
    });
    opened.catch(() => (opened = undefined));
  }
  return opened;
}

/** Runs `work` in one transaction: all of it is kept, on the disk, or nothing. */
export async function keep(stores: Store[], work: (of: (store: Store) => IDBObjectStore) => void): Promise<void> {
  const database = await open();
  return new Promise((resolve, reject) => {
    const transaction = database.transaction(stores, "readwrite", { durability: "strict" });
    transaction.oncomplete = () => resolve();
    transaction.onabort = () => reject(transaction.error || new DOMException("aborted", "AbortError"));
    try {
      work((store) => transaction.objectStore(store));
    } catch (error) {
      transaction.abort();
      reject(error);
    }
  });
}

function ask<T>(store: Store, question: (of: IDBObjectStore) => IDBRequest): Promise<T> {
  return open().then(
    (database) =>
      new Promise((resolve, reject) => {
        const asked = question(database.transaction(store).objectStore(store));
        asked.onsuccess = () => resolve(asked.result as T);
        asked.onerror = () => reject(asked.error);
      }),
  );
}

export const find = <T>(store: Store, key: string): Promise<T | undefined> => ask(store, (of) => of.get(key));
export const all = <T>(store: Store): Promise<T[]> => ask(store, (of) => of.getAll());

/** Whether the phone refused for want of room. */
export function isFull(error: unknown): boolean {
  return error instanceof DOMException && (error.name === "QuotaExceededError" || error.name === "AbortError");
}
