// Where the reader was: coming back to a list shows the same place, and the rows already opened look visited.
const SEEN = "bihuan-seen";

export function startPlace(rows: HTMLTableRowElement[], linkOf: (row: HTMLTableRowElement) => HTMLAnchorElement | null): void {
  if (rows.length === 0) return;
  const here = "bihuan-place:" + location.pathname + location.search;
  const seen = new Set<string>((read(SEEN) || "").split(" "));
  rows.forEach((row) => {
    const link = linkOf(row);
    if (!link) return;
    if (seen.has(link.pathname)) row.classList.add("visited");
    link.addEventListener("click", () => {
      seen.add(link.pathname);
      write(SEEN, Array.from(seen).slice(-300).join(" "));
      write(here, String(window.scrollY));
    });
  });
  // Only a way back restores the place; a fresh visit starts at the top.
  const arrival = performance.getEntriesByType("navigation")[0] as PerformanceNavigationTiming | undefined;
  const top = Number(read(here));
  if (top > 0 && arrival && arrival.type === "back_forward") window.scrollTo(0, top);
}

function read(key: string): string | null {
  try {
    return sessionStorage.getItem(key);
  } catch (_refused) {
    return null;
  }
}

function write(key: string, value: string): void {
  try {
    sessionStorage.setItem(key, value);
  } catch (_refused) {
    // A browser that keeps nothing only loses the comfort.
  }
}
