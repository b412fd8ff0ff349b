// A new finding in three taps: the shutter, the field, save. The place comes from the position; the desk words the rest.
import { App } from "./app";
import { Code } from "./camera";
import { isFull } from "./database";
import { choices, el } from "./dom";
import { Draft, blank, draftOf, keepDraft } from "./draft";
import { Mission, Stop, takeCode } from "./package";
import { distance, fix, watch } from "./place";
import { UNDO_MS, add, undo } from "./queue";
import { Finding } from "./record";
import { viewfinder } from "./viewfinder";
import { say } from "./words";

const ID = "new";

interface Target {
  mission: Mission;
  stop: Stop;
}

/** The stop that a finding belongs to: the nearest of those the team knows. */
function target(app: App): Target | undefined {
  const here = fix();
  const known: (Target & { away: number })[] = [];
  for (const mission of app.got ? app.got.missions : []) {
    for (const stop of mission.stops) {
      const metres = here && stop.at ? distance(here.place, stop.at) : undefined;
      known.push({ mission, stop, away: metres === undefined ? Infinity : metres });
    }
  }
  return known.sort((one, other) => one.away - other.away)[0];
}

export function finding(app: App): HTMLElement {
  watch(() => undefined);
  const at = target(app);
  if (!app.by || !at) return el("div", { class: "onsite-list" }, el("div", { class: "card empty" }, el("h2", {}, say("none")), el("p", {}, say(app.by ? "none-text" : "locked"))));
  const by = app.by;
  let code: Code | undefined;
  const page = viewfinder({
    code: async () => (code = code || (app.got && (await takeCode(by, app.got, at.stop)))),
    taken: async (shot) => {
      const draft = blank(ID);
      draft.shots.push(shot);
      await keepDraft(by, draft).catch((error) => app.say(say(isFull(error) ? "no-space" : "failed"), 8_000));
      app.enter(() => chips(app, at, draft));
    },
  });
  // A phone that died after the shutter comes back to what it had taken.
  void draftOf(by, ID).then((draft) => draft.shots.length > 0 && page.isConnected && app.enter(() => chips(app, at, draft)));
  return page;
}

function chips(app: App, at: Target, draft: Draft): HTMLElement {
  const save = el("button", { type: "button", class: "main onsite-big", "data-act": "save", disabled: !draft.choice, onclick: () => void store(app, at, draft) }, say("save"));
  const fields = app.got ? app.got.fields : [];
  const each = choices("field", "onsite-chip small", fields, draft.choice, (name) => {
    draft.choice = name;
    save.disabled = false;
  });
  const shot = draft.shots[0];
  const url = URL.createObjectURL(new Blob([shot.bytes], { type: "image/jpeg" }));
  const facts = el("textarea", { id: "onsite-facts", rows: 3, onchange: () => (draft.note = facts.value) });
  const fixNow = el("input", { id: "onsite-fix-now", type: "checkbox", onchange: () => (draft.fixNow = fixNow.checked) });
  return el(
    "div",
    { class: "onsite-sheet" },
    el(
      "div",
      { class: "onsite-scroll" },
      el("button", { type: "button", class: "onsite-back", onclick: () => app.open("stops") }, `‹ ${say("back")}`),
      el("h2", {}, say("new")),
      el("p", { class: "small quiet" }, `${at.stop.unit} · ${at.stop.place}`),
      el("div", { class: "onsite-shots" }, el("img", { src: url, alt: say("photos"), onload: () => URL.revokeObjectURL(url) })),
      el("details", { class: "onsite-more" }, el("summary", {}, say("more")), el("div", { class: "field" }, el("label", { for: "onsite-facts" }, say("facts")), facts), el("div", { class: "choice" }, fixNow, el("label", { for: "onsite-fix-now" }, say("fix-now")))),
    ),
    el("div", { class: "onsite-foot" }, el("div", { class: "onsite-chips many", role: "group", "aria-label": say("choose-field") }, ...each), save),
  );
}

async function store(app: App, at: Target, draft: Draft): Promise<void> {
  if (!app.by || !draft.choice) return;
  const by = app.by;
  const finding: Finding = { kind: "finding", field: draft.choice, facts: draft.note.trim(), spot: "", place: draft.shots[0].capture.place, fix_now: draft.fixNow };
  try {
    const row = await add(by, at.mission.id, at.stop.n, finding, at.stop.place, draft.shots, UNDO_MS, draft.id);
    app.open("new");
    await app.recount();
    void app.sender.kick();
    app.say(say("saved", { place: at.stop.place }), UNDO_MS, {
      words: say("undo"),
      act: () => void undo(row).then(() => keepDraft(by, draft)).then(() => app.recount()).then(() => app.enter(() => chips(app, at, draft))),
    });
  } catch (error) {
    app.say(say(isFull(error) ? "no-space" : "failed"), 10_000);
  }
}
