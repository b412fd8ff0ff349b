// A form is sent once: a second click while the first is under way does nothing. The server would see one act anyway.
export function once(): void {
  document.addEventListener("submit", (event) => {
    const form = event.target as HTMLFormElement;
    // Not `form.method`: a field of that name would stand before it.
    if ((form.getAttribute("method") || "").toLowerCase() !== "post") return;
    if (form.dataset.sent) {
      event.preventDefault();
      return;
    }
    form.dataset.sent = "yes";
    form.querySelectorAll<HTMLButtonElement>("button").forEach((button) => button.setAttribute("aria-busy", "true"));
  });
  // Coming back by the browser's button shows the page from memory: let it be sent again.
  window.addEventListener("pageshow", () => {
    document.querySelectorAll<HTMLFormElement>("form[data-sent]").forEach((form) => {
      delete form.dataset.sent;
      form.querySelectorAll("button").forEach((button) => button.removeAttribute("aria-busy"));
    });
  });
}
