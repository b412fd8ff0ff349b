// The stops of today: one card each; a tap opens the stop.
import { App } from "./app";
import { el } from "./dom";
import { Mission, Stop } from "./package";
import { distance, fix, watch } from "./place";
import { openStop } from "./visit";
import { moment, say } from "./words";

export function stops(app: App): HTMLElement {
  const page = el("div", { class: "onsite-list" });
  watch(() => page.isConnected && page.querySelectorAll<HTMLElement>("[data-away]").forEach((each) => (each.textContent = away(JSON.parse(each.dataset.away || "null")))));
  if (!app.by) {
    const key = app.sender.standing === "signed-out" ? "locked" : "lease-over";
    page.append(el("div", { class: "card" }, el("p", {}, say(key)), el("a", { class: "button onsite-big", href: "/sign-in?back=%2Ffield" }, say("sign-in"))));
    return page;
  }
  const missions = app.got ? app.got.missions : [];
  if (missions.length === 0) page.append(el("div", { class: "card empty" }, el("h2", {}, say("none")), el("p", {}, say("none-text"))));
  for (const mission of missions) page.append(of(app, mission));
  if (app.got) page.append(el("p", { class: "small quiet" }, `${say("refresh")} ${moment(Date.parse(app.got.fetchedAt))}`));
  return page;
}

function of(app: App, mission: Mission): HTMLElement {
  const total = mission.done + mission.stops.length + mission.hidden;
  const section = el("section", {}, el("h2", {}, `${mission.team} · ${mission.round}`), el("p", { class: "small quiet" }, say("progress", { done: mission.done, total })));
  for (const stop of mission.stops) section.append(card(app, mission, stop));
  if (mission.hidden > 0) section.append(el("p", { class: "quiet" }, say(mission.stops.length > 0 ? "hidden" : "next-after-sending", { n: mission.hidden })));
  return section;
}

function card(app: App, mission: Mission, stop: Stop): HTMLElement {
  const photo = stop.photos[0];
  const promised = stop.task ? stop.task[2][0] || stop.task[1] : stop.note;
  return el(
    "button",
    { type: "button", class: "onsite-stop", "data-stop": `${mission.id}/${stop.n}`, onclick: () => openStop(app, mission, stop) },
    el("span", { class: "onsite-stop-words" }, el("strong", {}, stop.place), el("span", { class: "quiet" }, stop.unit, " · ", el("span", { "data-away": JSON.stringify(stop.at) }, away(stop.at))), promised ? el("span", { class: "onsite-promise" }, promised) : ""),
    photo ? el("img", { src: `data:image/jpeg;base64,${photo[1]}`, alt: "" }) : "",
  );
}

function away(at: Stop["at"]): string {
  const here = fix();
  if (!at) return say("no-point");
  const metres = here && distance(here.place, at);
  if (metres === undefined) return say("no-fix");
  return say("distance", { d: metres < 1_000 ? `${metres} m` : `${(metres / 1_000).toFixed(1)} km` });
}
