// The viewfinder: what the camera sees, the last picture over it as a ghost, and the shutter under the thumb.
import * as camera from "./camera";
import { Code } from "./camera";
import { el } from "./dom";
import { Shot } from "./record";
import { say } from "./words";

export interface Wanted {
  ghost?: string;
  code: () => Promise<Code | undefined>;
  taken: (shot: Shot) => Promise<void>;
  back?: () => void;
  skip?: () => void;
}

export function viewfinder(wanted: Wanted): HTMLElement {
  const video = el("video", { muted: true, playsinline: true, "aria-label": say("camera") });
  video.muted = true;
  const ghost = wanted.ghost ? el("img", { class: "onsite-ghost", src: wanted.ghost, alt: "" }) : undefined;
  const told = el("p", { class: "onsite-camera-told", role: "status" });
  const shutter = el("button", { type: "button", class: "onsite-shutter", "data-act": "shoot", "aria-label": say("shoot"), disabled: true });
  const file = el("input", { type: "file", accept: "image/*", capture: "environment", id: "onsite-file", class: "hidden" });
  let busy = false;
  const once = async (take: (code?: Code) => Promise<Shot>) => {
    if (busy) return;
    busy = true;
    try {
      await wanted.taken(await take(await wanted.code()));
    } catch (error) {
      told.textContent = say("failed");
    } finally {
      busy = false;
    }
  };
  shutter.addEventListener("click", () => void once((code) => camera.shoot(video, code)));
  file.addEventListener("change", () => {
    const chosen = file.files && file.files[0];
    if (chosen) void once((code) => camera.chosen(chosen, code));
  });
  const page = el(
    "div",
    { class: "onsite-camera" },
    wanted.back ? el("button", { type: "button", class: "onsite-back light", onclick: wanted.back }, `‹ ${say("back")}`) : "",
    el("div", { class: "onsite-frame" }, video, ghost),
    told,
    el(
      "div",
      { class: "onsite-shoot" },
      el("span", {}, file, el("label", { for: "onsite-file", class: "onsite-side" }, say("choose-file"))),
      shutter,
      ghost ? el("button", { type: "button", class: "onsite-side", "aria-pressed": "true", onclick: (event) => ((ghost.hidden = !ghost.hidden), (event.currentTarget as HTMLElement).setAttribute("aria-pressed", String(!ghost.hidden))) }, say("ghost")) : wanted.skip ? el("span", {}) : el("span", {}),
    ),
  );
  // The element must stand in the page before the camera is asked for.
  setTimeout(() => {
    if (!camera.isSupported()) {
      told.textContent = say("no-camera-secure");
      return;
    }
    camera.open(video).then(
      () => (page.isConnected ? (shutter.disabled = false) : camera.stop()),
      () => (told.textContent = say("camera-refused")),
    );
  });
  return page;
}
