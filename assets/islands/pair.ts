// Before and after in one frame: a slider uncovers the later photo. Without scripts the two stand side by side.
// The slider is an ordinary range field, so arrow keys, touch and screen readers work by themselves.
export function pair(): void {
  document.querySelectorAll<HTMLElement>(".pair").forEach((frame) => {
    const figures = frame.querySelectorAll("figure");
    const captions = Array.from(frame.querySelectorAll("figcaption")).map((caption) => (caption.textContent || "").trim());
    if (figures.length !== 2 || frame.querySelectorAll("img").length !== 2) return;
    const range = document.createElement("input");
    range.type = "range";
    range.min = "0";
    range.max = "100";
    range.value = "50";
    range.setAttribute("aria-label", captions.join(" ↔ "));
    const show = (): void => frame.style.setProperty("--uncovered", range.value + "%");
    range.addEventListener("input", show);
    frame.classList.add("sliding");
    frame.append(range);
    show();
  });
}
