// The bar of bulk actions is there once a row is chosen, and says how many are; a box in the header chooses all.
export function bulk(): void {
  const count = document.querySelector<HTMLElement>("[data-chosen]");
  const boxes = (): HTMLInputElement[] =>
    Array.from(document.querySelectorAll<HTMLInputElement>("input[name=task][type=checkbox]"));
  const bar = count && count.closest<HTMLElement>(".bulk");
  const tell = (): void => {
    const chosen = boxes().filter((box) => box.checked).length;
    if (count) count.textContent = String(chosen);
    if (bar) bar.hidden = chosen === 0;
  };
  document.addEventListener("change", (event) => {
    const box = event.target as HTMLInputElement;
    if (box.matches("[data-all]")) boxes().forEach((each) => (each.checked = box.checked));
    if (box.matches("[data-all], input[name=task]")) tell();
  });
  tell();
  // What the browser kept over going back comes after this.
  window.addEventListener("pageshow", tell);
}
