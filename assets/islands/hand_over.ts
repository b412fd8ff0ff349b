// Signing out hands the phone over: the key of what the field page keeps is dropped, so that the next person cannot read it.
export function handOver(): void {
  document.addEventListener("submit", (event) => {
    const form = event.target as HTMLFormElement;
    if (form.getAttribute("action") !== "/sign-out" || !window.indexedDB) return;
    const asked = indexedDB.open("bihuan-field");
    // A phone that never opened the field page gets no empty database.
    asked.onupgradeneeded = () => asked.transaction && asked.transaction.abort();
    asked.onsuccess = () => {
      const database = asked.result;
      if (database.objectStoreNames.contains("keys")) database.transaction("keys", "readwrite").objectStore("keys").delete("holder");
      database.close();
    };
  });
}
