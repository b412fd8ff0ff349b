// Elements without markup in strings: nothing a record says can become part of the page.
type Child = Node | string | null | undefined | false;
type Given = Record<string, string | number | boolean | ((event: Event) => void) | undefined>;

export function el<K extends keyof HTMLElementTagNameMap>(tag: K, given: Given = {}, ...children: Child[]): HTMLElementTagNameMap[K] {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(given)) {
    if (typeof value === "function") made.addEventListener(name.slice(2), value);
    else if (value === true) made.setAttribute(name, "");
    else if (value !== false && value !== undefined) made.setAttribute(name, String(value));
  }
  made.append(...children.filter((child): child is Node | string => !!child));
  return made;
}

/** Buttons of which one is pressed; `name` is the part of their `data-` attribute. */
export function choices(name: string, kind: string, options: [string, string][], chosen: string, pick: (value: string) => void): HTMLButtonElement[] {
  const all = options.map(([value, words]) =>
    el(
      "button",
      {
        type: "button",
        class: kind,
        [`data-${name}`]: value,
        "aria-pressed": String(chosen === value),
        onclick: (event) => {
          all.forEach((chip) => chip.setAttribute("aria-pressed", String(chip === event.currentTarget)));
          pick(value);
        },
      },
      words,
    ),
  );
  return all;
}

const SVG = "http://www.w3.org/2000/svg";

export function svg(tag: string, given: Record<string, string | number>, ...children: (Node | string)[]): SVGElement {
  const made = document.createElementNS(SVG, tag);
  for (const [name, value] of Object.entries(given)) made.setAttribute(name, String(value));
  made.append(...children);
  return made;
}

/** An icon of one path, in the manner of the other pages. */
export function icon(path: string): SVGElement {
  return svg("svg", { class: "icon", viewBox: "0 0 24 24", "aria-hidden": "true" }, svg("path", { d: path }));
}
