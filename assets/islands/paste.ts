// Paste from Excel: the HTML of the clipboard keeps merged cells and line breaks, so it is taken where there is any.
export function paste(): void {
  document.querySelectorAll<HTMLTextAreaElement>("textarea[name=pasted]").forEach((area) => {
    area.addEventListener("paste", (event) => {
      const html = event.clipboardData && event.clipboardData.getData("text/html");
      if (!html || html.indexOf("<table") < 0) return;
      event.preventDefault();
      area.value = html;
    });
  });
}
