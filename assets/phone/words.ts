// The words of the page: the server words them, in the reader's language, beside the page.
let told: Record<string, string> = {};

export function readWords(from: HTMLElement): void {
  told = JSON.parse(from.dataset.words || "{}");
}

/** The words of a key; `%name` stands for a value. */
export function say(key: string, values: Record<string, string | number> = {}): string {
  const words = told[key] || `⟦${key}⟧`;
  return words.replace(/%([a-z]+)/g, (whole, name) => (name in values ? String(values[name]) : whole));
}

/** A moment as people here write it. */
export function moment(at: number): string {
  const date = new Date(at);
  const two = (n: number) => String(n).padStart(2, "0");
  return `${two(date.getMonth() + 1)}-${two(date.getDate())} ${two(date.getHours())}:${two(date.getMinutes())}`;
}
