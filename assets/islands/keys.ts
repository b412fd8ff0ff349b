// Keys on lists: j and k move, Enter opens, x selects, / searches, g then t goes to today. Never while typing or composing.
export function keys(): void {
  let composing = false;
  let waitingForGo = false;
  document.addEventListener("compositionstart", () => (composing = true));
  document.addEventListener("compositionend", () => (composing = false));
  const rows = Array.from(document.querySelectorAll<HTMLTableRowElement>("table[data-keys] tbody tr"));
  let at = -1;
  const select = (next: number): void => {
    if (rows.length === 0) return;
    if (rows[at]) rows[at].removeAttribute("aria-selected");
    at = Math.max(0, Math.min(rows.length - 1, next));
    rows[at].setAttribute("aria-selected", "true");
    rows[at].scrollIntoView({ block: "nearest" });
  };
  const seenKey = "bihuan-seen";
  const seen = new Set<string>((sessionStorage.getItem(seenKey) || "").split(" "));
  rows.forEach((row) => {
    const link = row.querySelector<HTMLAnchorElement>("td.title a");
    if (!link) return;
    if (seen.has(link.pathname)) row.classList.add("visited");
    link.addEventListener("click", () => {
      seen.add(link.pathname);
      sessionStorage.setItem(seenKey, Array.from(seen).slice(-300).join(" "));
    });
    row.addEventListener("click", (event) => {
      const target = event.target as HTMLElement;
      if (target.closest("a, input, button, label")) return;
      link.click();
    });
  });
  document.addEventListener("keydown", (event) => {
    const target = event.target as HTMLElement;
    const typing = target.closest("input, textarea, select, [contenteditable]");
    if (composing || event.isComposing || event.ctrlKey || event.metaKey || event.altKey || typing) return;
    if (waitingForGo) {
      waitingForGo = false;
      if (event.key === "t") location.assign("/");
      if (event.key === "p") location.assign("/tasks");
      return;
    }
    if (event.key === "/") {
      const find = document.querySelector<HTMLInputElement>("form.find input");
      if (find) {
        event.preventDefault();
        find.focus();
      }
    } else if (event.key === "g") waitingForGo = true;
    else if (event.key === "j") select(at + 1);
    else if (event.key === "k") select(at - 1);
    else if (event.key === "Enter" && rows[at] && target === document.body) {
      const link = rows[at].querySelector<HTMLAnchorElement>("td.title a");
      if (link) link.click();
    } else if (event.key === "x" && rows[at]) {
      const box = rows[at].querySelector<HTMLInputElement>("input[type=checkbox]");
      if (box) {
        box.checked = !box.checked;
        box.dispatchEvent(new Event("change", { bubbles: true }));
      }
    }
  });
}
