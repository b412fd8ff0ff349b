// The five taps of a stop: its card, there (到场), the shutter, what was seen, save.
import { App } from "./app";
import { Code } from "./camera";
import { isFull } from "./database";
import { choices, el } from "./dom";
import { Draft, blank, draftOf, keepDraft } from "./draft";
import { sketch } from "./map";
import { Mission, Stop, comeBack, leave, takeCode } from "./package";
import { distance, fix, watch } from "./place";
import { UNDO_MS, add, undo } from "./queue";
import { Visit } from "./record";
import { viewfinder } from "./viewfinder";
import { moment, say } from "./words";

/** Further from the point than this is worth a word. */
const FAR_M = 200;
const ENTRIES = ["unannounced", "told_on_site", "announced"];
const words = (name: string) => name.replace(/_/g, "-");

/** One visit as it is being recorded. */
interface Now {
  app: App;
  mission: Mission;
  stop: Stop;
  draft: Draft;
  code?: Code;
}

export async function openStop(app: App, mission: Mission, stop: Stop): Promise<void> {
  if (!app.by) return;
  const draft = await draftOf(app.by, `${mission.id}/${stop.n}`);
  const now: Now = { app, mission, stop, draft };
  if (draft.shots.length > 0) app.enter(() => verdict(now));
  else app.enter(() => before(now));
}

function back(to: () => void): HTMLElement {
  return el("button", { type: "button", class: "onsite-back", onclick: to }, `‹ ${say("back")}`);
}

/** What is to be known at the stop, and the button that says "I am there". */
function before(now: Now): HTMLElement {
  const { app, mission, stop } = now;
  const map = el("div", {});
  const draw = () => {
    const here = fix();
    const drawn = sketch(stop, here && here.place, { stop: stop.place, me: say("me") });
    map.replaceChildren(drawn || "");
  };
  const standing = el("p", { class: "onsite-fix", "aria-live": "polite" });
  const tell = () => {
    const here = fix();
    const metres = here && stop.at ? distance(here.place, stop.at) : undefined;
    standing.className = metres !== undefined && metres > FAR_M ? "onsite-fix far" : "onsite-fix";
    standing.textContent = !here ? say("no-fix") : metres === undefined ? say("fix", { a: here.place.accuracy_m || 0 }) : say(metres > FAR_M ? "far" : "fix", { a: here.place.accuracy_m || 0, d: metres });
  };
  watch(() => map.isConnected && (draw(), tell()));
  draw();
  tell();
  const photo = stop.photos[0];
  return el(
    "div",
    { class: "onsite-sheet" },
    el(
      "div",
      { class: "onsite-scroll" },
      back(() => app.open("stops")),
      el("h2", {}, stop.place),
      el("p", { class: "quiet" }, stop.unit),
      standing,
      stop.note ? el("p", { class: "note" }, stop.note) : "",
      map,
      stop.task ? el("section", {}, el("h3", {}, say("promised")), el("p", {}, `${stop.task[0]} ${stop.task[1]}`), el("ul", {}, ...stop.task[2].map((each) => el("li", {}, each)))) : "",
      photo ? el("figure", { class: "onsite-last" }, el("img", { src: `data:image/jpeg;base64,${photo[1]}`, alt: say("last-photo") }), el("figcaption", { class: "small quiet" }, `${say("last-photo")} · ${photo[2]}`)) : "",
      mission.checklist.length > 0 ? el("details", {}, el("summary", {}, say("checklist")), el("ol", {}, ...mission.checklist.map((each) => el("li", {}, each.key_point ? `${each.item}：${each.key_point}` : each.item, el("span", { class: "small quiet" }, ` ${each.how}`))))) : "",
    ),
    el("div", { class: "onsite-foot" }, el("button", { type: "button", class: "main onsite-big", "data-act": "arrive", onclick: () => arrive(now) }, say("arrive"))),
  );
}

function arrive(now: Now): void {
  const here = fix();
  now.draft = blank(now.draft.id);
  now.draft.arrival = { at: new Date().toISOString(), entry: "unannounced", escorted: false, place: here && here.place };
  now.app.enter(() => camera(now));
}

function camera(now: Now): HTMLElement {
  const photo = now.stop.photos[0];
  return viewfinder({
    ghost: photo && `data:image/jpeg;base64,${photo[1]}`,
    code: async () => {
      const { app, stop } = now;
      if (!now.code && app.by && app.got) now.code = await takeCode(app.by, app.got, stop);
      return now.code;
    },
    back: () => now.app.enter(() => (now.draft.shots.length > 0 ? verdict(now) : before(now))),
    skip: () => now.app.enter(() => verdict(now)),
    taken: async (shot) => {
      now.draft.shots.push(shot);
      await remember(now);
      now.app.enter(() => verdict(now));
    },
  });
}

async function remember(now: Now): Promise<void> {
  if (!now.app.by) return;
  await keepDraft(now.app.by, now.draft).catch((error) => now.app.say(say(isFull(error) ? "no-space" : "failed"), 8_000));
}

/** What was seen, in one tap; everything else is there for whoever wants it. */
function verdict(now: Now): HTMLElement {
  const { app, stop, draft, mission } = now;
  const save = el("button", { type: "button", class: "main onsite-big", "data-act": "save", disabled: !draft.choice, onclick: () => void store(now) }, say("save"));
  const each = choices("saw", "onsite-chip", stop.saw.map((saw) => [saw, say(`saw-${words(saw)}`)]), draft.choice, (saw) => {
    draft.choice = saw;
    save.disabled = false;
    void remember(now);
  });
  const arrival = draft.arrival;
  return el(
    "div",
    { class: "onsite-sheet" },
    el(
      "div",
      { class: "onsite-scroll" },
      back(() => app.open("stops")),
      el("h2", {}, stop.place),
      arrival ? el("p", { class: "small quiet" }, `${say("arrived")} ${moment(Date.parse(arrival.at))}`, arrival.place ? ` · ±${arrival.place.accuracy_m || 0} m` : ` · ${say("no-fix")}`) : "",
      shots(now, () => app.enter(() => camera(now))),
      el("details", { class: "onsite-more" }, el("summary", {}, say("more")), ...more(now), ...checklist(now, mission)),
    ),
    el("div", { class: "onsite-foot" }, el("div", { class: "onsite-chips", role: "group", "aria-label": say("saw") }, ...each), save),
  );
}

function shots(now: Now, another: () => void): HTMLElement {
  const pictures = now.draft.shots.map((shot) => {
    const url = URL.createObjectURL(new Blob([shot.bytes], { type: "image/jpeg" }));
    return el("img", { src: url, alt: say("photos"), onload: () => URL.revokeObjectURL(url) });
  });
  return el("div", { class: "onsite-shots" }, ...pictures, el("button", { type: "button", onclick: another }, `+ ${say("camera")}`));
}

function more(now: Now): HTMLElement[] {
  const { draft } = now;
  const arrival = draft.arrival;
  const note = el("textarea", { id: "onsite-note", rows: 3, onchange: () => ((draft.note = note.value), void remember(now)) });
  note.value = draft.note;
  const entry = el("select", { id: "onsite-entry", onchange: () => arrival && ((arrival.entry = entry.value), void remember(now)) }, ...ENTRIES.map((each) => el("option", { value: each, selected: !!arrival && arrival.entry === each }, say(`entry-${words(each)}`))));
  const escorted = el("input", { id: "onsite-escorted", type: "checkbox", checked: !!arrival && arrival.escorted, onchange: () => arrival && ((arrival.escorted = escorted.checked), void remember(now)) });
  return [
    el("div", { class: "field" }, el("label", { for: "onsite-note" }, say("note")), note),
    el("div", { class: "field" }, el("label", { for: "onsite-entry" }, say("entry")), entry),
    el("div", { class: "choice" }, escorted, el("label", { for: "onsite-escorted" }, say("escorted"))),
  ];
}

/** Items of the checklist that showed a problem; the rest is in order. */
function checklist(now: Now, mission: Mission): HTMLElement[] {
  const { draft } = now;
  return mission.checklist.map((item, n) => {
    const line = el("input", { id: `onsite-item-${n}`, type: "text", autocomplete: "off", onchange: () => ((draft.problems[n] = line.value.trim()), void remember(now)) });
    line.value = draft.problems[n] || "";
    return el("div", { class: "field" }, el("label", { for: `onsite-item-${n}` }, item.key_point ? `${item.item}：${item.key_point}` : item.item), line);
  });
}

async function store(now: Now): Promise<void> {
  const { app, mission, stop, draft } = now;
  if (!app.by || !app.got || !draft.arrival) return;
  const problems = Object.values(draft.problems).some((each) => each);
  const answers = problems ? mission.checklist.map((_, n) => (draft.problems[n] ? { result: "problem", note: draft.problems[n] } : { result: "fine" })) : [];
  const visit: Visit = { kind: "visit", arrival: draft.arrival, saw: draft.choice, note: draft.note.trim(), answers, field: stop.field };
  try {
    const row = await add(app.by, mission.id, stop.n, visit, stop.place, draft.shots, UNDO_MS, draft.id);
    await leave(app.by, app.got, mission, stop);
    const { by, got } = { by: app.by, got: app.got };
    app.open("stops");
    await app.recount();
    void app.sender.kick();
    app.say(say("saved", { place: stop.place }), UNDO_MS, {
      words: say("undo"),
      act: () => void undo(row).then(() => comeBack(by, got, mission, stop)).then(() => keepDraft(by, draft)).then(() => app.recount()).then(() => app.enter(() => verdict(now))),
    });
  } catch (error) {
    app.say(say(isFull(error) ? "no-space" : "failed"), 10_000);
  }
}
