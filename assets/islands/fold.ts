// On a phone the filters are folded up until they are asked for, or narrow the list already.
export function fold(): void {
  if (!window.matchMedia("(max-width: 820px)").matches) return;
  document.querySelectorAll<HTMLDetailsElement>("details.fold[data-idle]").forEach((each) => (each.open = false));
}
