// Keys on every page and on lists: j and k move, Enter opens, x selects, e does what is due, / searches, g and a
// letter goes somewhere. Never while somebody is typing or an input method is composing.
import { startPlace } from "./place";

const PLACES: { [letter: string]: string } = {
  t: "/",
  p: "/tasks",
  r: "/desk",
  i: "/intake",
  n: "/notices",
  s: "/sustain",
  u: "/office",
  l: "/ledger",
};

let composing = false;
document.addEventListener("compositionstart", () => (composing = true), true);
document.addEventListener("compositionend", () => (composing = false), true);

/** True while a press belongs to a text field, an input method or a dialog. */
export function isWriting(event: KeyboardEvent): boolean {
  // Older Chromium says 229 instead of `isComposing` while a Chinese input method is open.
  if (composing || event.isComposing || event.keyCode === 229) return true;
  if (event.ctrlKey || event.metaKey || event.altKey || document.querySelector("dialog[open]")) return true;
  const field = (event.target as HTMLElement).closest("input, textarea, select, [contenteditable]");
  const kind = field ? (field as HTMLInputElement).type : "";
  return field !== null && kind !== "checkbox" && kind !== "radio";
}

/** The letters that lead to a place of the rail, for the palette. */
export function lettersOf(path: string): string {
  const letter = Object.keys(PLACES).find((key) => PLACES[key] === path);
  return letter ? "g " + letter : "";
}

export function keys(): void {
  const rows = Array.from(document.querySelectorAll<HTMLTableRowElement>("table[data-keys] tbody tr"));
  let waitingUntil = 0;
  let at = -1;
  const select = (next: number): void => {
    if (rows.length === 0) return;
    if (rows[at]) rows[at].removeAttribute("aria-selected");
    at = Math.max(0, Math.min(rows.length - 1, next));
    rows[at].setAttribute("aria-selected", "true");
    const link = linkOf(rows[at]);
    if (link) link.focus({ preventScroll: true });
    rows[at].scrollIntoView({ block: "nearest" });
  };
  startPlace(rows, linkOf);
  rows.forEach((row) => row.addEventListener("click", (event) => openRow(row, event)));

  document.addEventListener("keydown", (event) => {
    if (isWriting(event)) return;
    if (Date.now() < waitingUntil) {
      waitingUntil = 0;
      const place = PLACES[event.key];
      // Only where this post may go: the rail shows no other room.
      const link = place ? document.querySelector<HTMLAnchorElement>('.rail a[href="' + place + '"]') : null;
      if (link) {
        event.preventDefault();
        link.click();
      }
      return;
    }
    const box = rows[at] ? rows[at].querySelector<HTMLInputElement>("input[type=checkbox]") : null;
    const due = document.querySelector<HTMLElement>(".bar .acts .button:not(.second)");
    const find = document.querySelector<HTMLInputElement>("form.find input");
    if (event.key === "g") waitingUntil = Date.now() + 1500;
    else if (event.key === "/" && find) find.select();
    else if (event.key === "j") select(at + 1);
    else if (event.key === "k") select(at - 1);
    else if (event.key === "x" && box) box.click();
    else if (event.key === "e" && due) due.click();
    else return;
    event.preventDefault();
  });
}

function linkOf(row: HTMLTableRowElement): HTMLAnchorElement | null {
  return row.querySelector<HTMLAnchorElement>("td.title a");
}

/** The whole row opens, unless something in it was meant or text was being marked. */
function openRow(row: HTMLTableRowElement, event: MouseEvent): void {
  const link = linkOf(row);
  const marked = String(window.getSelection() || "") !== "";
  if (!link || marked || (event.target as HTMLElement).closest("a, input, button, label, select")) return;
  if (event.ctrlKey || event.metaKey) window.open(link.href, "_blank", "noopener");
  else link.click();
}
