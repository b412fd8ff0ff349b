// The queue as a person sees it: what waits, what was taken, the rescue file, the room on the phone, and handing it over.
import { App } from "./app";
import { el } from "./dom";
import { Row, inside, receipts, retry, undo } from "./queue";
import * as rescue from "./rescue";
import { FORGETS_AFTER_MS, OLD_MS, persist, space } from "./space";
import { unseal } from "./lock";
import { moment, say } from "./words";

const RECEIPTS_SHOWN = 50;

export function outbox(app: App): HTMLElement {
  const by = app.by;
  const page = el("div", { class: "onsite-list" });
  if (app.others > 0) page.append(el("p", { class: "note" }, say("others", { n: app.others })));
  if (!by) {
    page.append(el("div", { class: "card" }, el("p", {}, say("locked")), el("a", { class: "button onsite-big", href: "/sign-in?back=%2Ffield" }, say("sign-in"))));
    return page;
  }
  const oldest = app.rows.length > 0 ? Date.now() - app.rows[0].madeAt : 0;
  if (oldest > OLD_MS) page.append(el("p", { class: "onsite-alert", role: "alert" }, say("old", { h: Math.floor(oldest / 3_600_000) })));
  page.append(el("h2", {}, `${say("queue")} (${app.rows.length})`));
  if (app.rows.length === 0) page.append(el("p", { class: "quiet" }, say("queue-empty")));
  for (const row of app.rows) page.append(line(app, row));
  if (app.rows.length > 0) page.append(el("button", { type: "button", class: "main onsite-big", "data-act": "send", onclick: () => void app.sender.kick(true) }, say("send-now")));
  const taken = el("section", {}, el("h2", {}, say("receipts")));
  page.append(rescueOf(app), taken, room(), handing(app));
  void receipts(by).then(async (rows) => {
    if (rows.length === 0) taken.append(el("p", { class: "quiet" }, say("no-receipts")));
    for (const row of rows.slice(0, RECEIPTS_SHOWN)) {
      const { title } = await unseal<{ title: string }>(by, row.sealed);
      taken.append(
        el("div", { class: "onsite-line", "data-receipt": row.sequence }, el("strong", {}, title), el("span", { class: "small quiet" }, say("receipt", { n: row.sequence, hash: row.hash.slice(0, 12), at: moment(Date.parse(row.at)) })), row.differs && el("span", { class: "tag late" }, say("differs"))),
      );
    }
  });
  return page;
}

function line(app: App, row: Row): HTMLElement {
  const words = el("strong", {}, "…");
  const kind = el("span", { class: "small quiet" });
  if (app.by) {
    void inside(app.by, row).then((kept) => {
      words.textContent = kept.title;
      kind.textContent = `${say(`kind-${kept.sent.kind}`)} · ${moment(row.madeAt)} · ${say("photos")} ${row.photos} · ${Math.ceil(row.bytes / 1024)} kB`;
    });
  }
  const made = el("div", { class: "onsite-line", "data-waiting": row.key }, words, kind);
  if (row.refused) {
    made.append(
      el("span", { class: "onsite-refused" }, say("refused", { why: row.refused })),
      el("div", { class: "row" }, el("button", { type: "button", class: "second", onclick: () => void retry(row).then(() => app.sender.kick(true)) }, say("retry")), el("button", { type: "button", class: "second", onclick: () => confirm(say("remove")) && void undo(row).then(() => app.recount()) }, say("undo"))),
    );
  }
  return made;
}

/** The form of the rescue file: one passphrase, to write it and to read it back. */
function rescueOf(app: App): HTMLElement {
  const passphrase = el("input", { id: "onsite-passphrase", type: "password", autocomplete: "new-password", minlength: rescue.PASSPHRASE_LEAST });
  const file = el("input", { id: "onsite-rescue-file", type: "file", class: "hidden" });
  const told = el("p", { role: "status", class: "small" });
  const checked = () => {
    if (passphrase.value.length >= rescue.PASSPHRASE_LEAST) return true;
    told.textContent = say("passphrase-short", { n: rescue.PASSPHRASE_LEAST });
    passphrase.focus();
    return false;
  };
  const write = async () => {
    if (!app.by || !checked()) return;
    const url = URL.createObjectURL(await rescue.write(app.by, passphrase.value));
    const link = el("a", { href: url, download: `field-${new Date().toISOString().slice(0, 16).replace(/[:T]/g, "")}.rescue` });
    link.click();
    setTimeout(() => URL.revokeObjectURL(url), 60_000);
    told.textContent = say("exported", { n: app.rows.length });
  };
  file.addEventListener("change", async () => {
    const chosen = file.files && file.files[0];
    file.value = "";
    if (!chosen || !app.by || !checked()) return;
    try {
      const count = await rescue.read(app.by, chosen, passphrase.value);
      await app.recount();
      app.say(say("imported", { n: count }), 8_000);
      void app.sender.kick();
    } catch (error) {
      told.textContent = say(error instanceof rescue.OtherPerson ? "rescue-other" : "rescue-wrong");
    }
  });
  return el(
    "details",
    { class: "card onsite-rescue" },
    el("summary", {}, say("rescue")),
    el("p", {}, say("rescue-text")),
    el("div", { class: "field" }, el("label", { for: "onsite-passphrase" }, say("passphrase")), passphrase),
    el("div", { class: "row" }, el("button", { type: "button", "data-act": "export", onclick: () => void write() }, say("export")), file, el("button", { type: "button", class: "second", "data-act": "import", onclick: () => checked() && file.click() }, say("import"))),
    told,
  );
}

function room(): HTMLElement {
  const made = el("section", { class: "onsite-room" });
  void space().then((found) => {
    if (!found) return;
    made.append(el("p", { class: found.isLow ? "onsite-alert" : "small quiet" }, say(found.isLow ? "space-low" : "space", { used: found.usedMb, free: found.freeMb })));
    if (found.isKept) return;
    const days = FORGETS_AFTER_MS / 86_400_000;
    made.append(el("p", { class: "note" }, say("seven-days", { n: days })), el("button", { type: "button", class: "second", onclick: (event) => void persist().then((kept) => ((event.target as HTMLElement).textContent = say(kept ? "ready" : "not-kept"))) }, say("persist")));
  });
  return made;
}

function handing(app: App): HTMLElement {
  return el("section", { class: "card" }, el("h2", {}, say("hand-over")), el("p", {}, say("hand-over-text")), el("button", { type: "button", class: "second onsite-big", "data-act": "hand-over", onclick: () => void app.handOver() }, say("hand-over")));
}
