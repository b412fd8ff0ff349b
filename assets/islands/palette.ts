// Ctrl-K (or ?): every place of the rail and every act of this page, narrowed by typing; otherwise it searches.
import { isWriting, lettersOf } from "./keys";

export function palette(): void {
  const find = document.querySelector<HTMLFormElement>("form.find");
  if (!find || typeof HTMLDialogElement !== "function") return;
  document.addEventListener("keydown", (event) => {
    const asked = (event.ctrlKey || event.metaKey) && !event.altKey && event.key.toLowerCase() === "k";
    if (!asked && (event.key !== "?" || isWriting(event))) return;
    event.preventDefault();
    if (!document.querySelector("dialog[open]")) open(find);
  });
}

function open(find: HTMLFormElement): void {
  const dialog = document.createElement("dialog");
  dialog.className = "palette";
  const form = document.createElement("form");
  form.action = find.action;
  const field = document.createElement("input");
  field.type = "search";
  field.name = "q";
  field.autocomplete = "off";
  const label = find.querySelector("label");
  field.setAttribute("aria-label", (label && label.textContent) || "");
  field.placeholder = (label && label.textContent) || "";
  form.append(field);
  const list = document.createElement("ul");
  const choices = offered().map(([words, href, letters]) => {
    const line = document.createElement("li");
    const link = document.createElement("a");
    link.href = href;
    link.textContent = words;
    if (letters) {
      const hint = document.createElement("kbd");
      hint.textContent = letters;
      link.append(hint);
    }
    line.append(link);
    list.append(line);
    return link;
  });
  dialog.append(form, list);
  document.body.append(dialog);
  dialog.addEventListener("close", () => dialog.remove());
  steer(field, choices);
  dialog.showModal();
  field.focus();
}

/** Words, address and letters of everything this page leads to, acts first, each once. */
function offered(): [string, string, string][] {
  const known = new Set<string>();
  const found: [string, string, string][] = [];
  const groups = [".bar .acts a", "main > .row a.button", ".rail a"];
  const links = groups.map((group) => Array.from(document.querySelectorAll<HTMLAnchorElement>(group)));
  ([] as HTMLAnchorElement[]).concat(...links).forEach((link) => {
    if (known.has(link.href)) return;
    known.add(link.href);
    const words = Array.from(link.childNodes).filter((node) => node.nodeType === Node.TEXT_NODE);
    found.push([words.map((node) => node.textContent).join("").trim(), link.href, lettersOf(link.pathname)]);
  });
  return found;
}

function steer(field: HTMLInputElement, choices: HTMLAnchorElement[]): void {
  const shown = (): HTMLAnchorElement[] => choices.filter((choice) => !(choice.parentElement as HTMLElement).hidden);
  const mark = (chosen: HTMLAnchorElement | undefined): void => {
    choices.forEach((choice) => choice.classList.toggle("chosen", choice === chosen));
    if (chosen) chosen.scrollIntoView({ block: "nearest" });
  };
  field.addEventListener("input", () => {
    const wanted = field.value.trim().toLowerCase();
    choices.forEach((choice) => {
      (choice.parentElement as HTMLElement).hidden = !(choice.textContent || "").toLowerCase().includes(wanted);
    });
    mark(shown()[0]);
  });
  field.addEventListener("keydown", (event) => {
    if (event.isComposing || event.keyCode === 229) return;
    const open = shown();
    const at = open.findIndex((choice) => choice.classList.contains("chosen"));
    if (event.key === "ArrowDown") mark(open[Math.min(at + 1, open.length - 1)]);
    else if (event.key === "ArrowUp") mark(open[Math.max(at - 1, 0)]);
    else if (event.key === "Enter" && open[at]) open[at].click();
    // Nothing fits: the form searches for what was typed.
    else return;
    event.preventDefault();
  });
  mark(choices[0]);
}
