// The page of the phone (外业手机页).
import { App } from "./app";
import { el } from "./dom";
import { finding } from "./finding";
import { outbox } from "./outbox";
import { persist } from "./space";
import { stops } from "./stops";
import { readWords, say } from "./words";

async function keepPage(app: App): Promise<void> {
  if (!navigator.serviceWorker) return;
  app.isReady = !!navigator.serviceWorker.controller;
  try {
    await navigator.serviceWorker.register("/field-worker.js", { scope: "/field" });
    await navigator.serviceWorker.ready;
    app.isReady = true;
    app.frame();
  } catch (refused) {
    // Without a worker the page works as long as it stays open; the head says so.
  }
}

const root = document.getElementById("onsite");
if (root) {
  readWords(root);
  if (!window.crypto || !crypto.subtle || !window.indexedDB) {
    root.append(el("div", { class: "card" }, el("p", {}, say("no-camera-secure")), el("a", { class: "button", href: "/missions" }, say("stops"))));
  } else {
    const app = new App(root);
    app.add("stops", () => stops(app));
    app.add("new", () => finding(app));
    app.add("queue", () => outbox(app));
    void app.start();
    void keepPage(app);
    void persist();
  }
}
