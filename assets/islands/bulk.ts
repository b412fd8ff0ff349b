// The bar of bulk actions says how many rows are chosen; a box in the header chooses all.
export function bulk(): void {
  const count = document.querySelector<HTMLElement>("[data-chosen]");
  const boxes = (): HTMLInputElement[] =>
    Array.from(document.querySelectorAll<HTMLInputElement>("input[name=task][type=checkbox]"));
  const tell = (): void => {
    if (count) count.textContent = String(boxes().filter((box) => box.checked).length);
  };
  document.addEventListener("change", (event) => {
    const box = event.target as HTMLInputElement;
    if (box.matches("[data-all]")) boxes().forEach((each) => (each.checked = box.checked));
    if (box.matches("[data-all], input[name=task]")) tell();
  });
  tell();
}
