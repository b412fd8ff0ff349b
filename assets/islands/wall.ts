// The wall of a meeting room asks for itself anew and never goes dark: when the server does not answer, what was there
// stays, and after a while turns grey. Without scripts the browser loads the whole page again instead.
const STALE_AFTER_MS = 15 * 60 * 1000;

export function wall(): void {
  const body = document.querySelector<HTMLElement>("[data-wall]");
  if (!body) return;
  let last = Date.now();
  const look = async (): Promise<void> => {
    try {
      const answer = await fetch(window.location.href, { credentials: "same-origin" });
      const text = await answer.text();
      const next = new DOMParser().parseFromString(text, "text/html").querySelector("[data-wall]");
      if (!answer.ok || !next) throw new Error("no wall");
      body.replaceChildren(...Array.from(next.childNodes));
      last = Date.now();
    } catch {
      // What stands on the wall is shown on, and says how old it is.
    }
    body.classList.toggle("stale", Date.now() - last > STALE_AFTER_MS);
  };
  window.setInterval(() => void look(), Number(body.dataset.wall || "60") * 1000);
}
