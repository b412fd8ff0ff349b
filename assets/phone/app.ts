// What the views share: who holds the phone, their package, the queue, and the frame around every view.
import { el, icon } from "./dom";
import { Holder, handOver, holder } from "./lock";
import * as camera from "./camera";
import { Package, device, fetchPackage, kept } from "./package";
import { Row, inside, ofOthers, waiting } from "./queue";
import { Sender, isSignedOut } from "./sender";
import { say } from "./words";

export type View = "stops" | "new" | "queue";
const TAB = "bihuan-field-tab";
const ICONS: Record<View, string> = {
  stops: "M12 21s-7-6.4-7-11a7 7 0 0 1 14 0c0 4.6-7 11-7 11zM12 12.5a2.5 2.5 0 1 0 0-5 2.5 2.5 0 0 0 0 5z",
  new: "M4 8h3l2-3h6l2 3h3v11H4zM12 16.5a3.5 3.5 0 1 0 0-7 3.5 3.5 0 0 0 0 7z",
  queue: "M12 15V4M8 8l4-4 4 4M5 14v6h14v-6",
};

export class App {
  by: Holder | undefined;
  got: Package | undefined;
  rows: Row[] = [];
  others = 0;
  isReady = false;
  sender: Sender;
  private views: Partial<Record<View, () => HTMLElement>> = {};
  private view: View = "stops";
  private inner: (() => HTMLElement) | undefined;
  private toastTimer = 0;
  private busyFetching = false;
  private readonly head = el("header", { class: "onsite-head" });
  private readonly body = el("div", { class: "onsite-body" });
  private readonly tabs = el("nav", { class: "onsite-tabs", "aria-label": say("title") });
  private readonly toast = el("div", { class: "onsite-toast", role: "status", hidden: true });

  constructor(private root: HTMLElement) {
    this.sender = new Sender(
      () => this.by,
      device,
      () => void this.recount(),
      () => void this.refresh(),
    );
  }

  add(view: View, show: () => HTMLElement): void {
    this.views[view] = show;
  }

  async start(): Promise<void> {
    this.root.append(this.head, this.body, this.tabs, this.toast);
    this.by = await holder();
    this.got = this.by && (await kept(this.by));
    const wanted = location.hash.slice(1) || localStorage.getItem(TAB) || "stops";
    this.view = wanted in ICONS ? (wanted as View) : "stops";
    await this.recount();
    this.open(this.view);
    window.addEventListener("online", () => this.frame());
    window.addEventListener("offline", () => this.frame());
    await this.refresh();
    this.sender.start();
  }

  /** Fetches the package when there is a network; a view where something is being recorded is left alone. */
  async refresh(): Promise<void> {
    if (this.busyFetching) return;
    this.busyFetching = true;
    try {
      const before = this.by && this.by.owner;
      const { by, got } = await fetchPackage();
      // What this phone has already recorded is done here, whatever the server knows yet.
      const saved = await this.savedStops(by);
      for (const mission of got.missions) mission.stops = mission.stops.filter((stop) => !saved.has(`${mission.id}/${stop.n}`));
      this.by = by;
      this.got = got;
      this.sender.standing = "resting";
      if (before !== by.owner) this.inner = undefined;
    } catch (error) {
      if (isSignedOut(error)) this.sender.standing = "signed-out";
      else if (this.sender.standing === "resting") this.sender.standing = navigator.onLine ? "resting" : "offline";
    } finally {
      this.busyFetching = false;
    }
    await this.recount();
    if (!this.inner && this.view !== "new") this.open(this.view);
  }

  /** Stops for which a report waits in the queue. */
  private async savedStops(by: Holder): Promise<Set<string>> {
    const kept = await Promise.all((await waiting(by)).map((row) => inside(by, row)));
    const visits = kept.filter((each) => each.sent.kind === "visit");
    return new Set(visits.map((each) => `${each.sent.mission}/${each.sent.stop}`));
  }

  async recount(): Promise<void> {
    this.rows = this.by ? await waiting(this.by) : [];
    this.others = await ofOthers(this.by ? this.by.owner : "");
    this.frame();
    if (this.view === "queue" && !this.inner) this.open("queue");
  }

  /** Opens one of the three views. */
  open(view: View): void {
    this.inner = undefined;
    this.view = view;
    localStorage.setItem(TAB, view === "queue" ? "stops" : view);
    const show = this.views[view];
    this.show(show ? show() : el("div"));
  }

  /** Opens a view inside the present one. */
  enter(show: () => HTMLElement): void {
    this.inner = show;
    this.show(show());
  }

  private show(content: HTMLElement): void {
    camera.stop();
    this.body.replaceChildren(content);
    this.body.scrollTop = 0;
    this.frame();
  }

  /** Whether something is being recorded. */
  get isInside(): boolean {
    return !!this.inner;
  }

  /** The head, the badge and the tabs. */
  frame(): void {
    const standing = this.sender.standing;
    const key = standing === "signed-out" ? "signed-out" : standing === "sending" ? "sending" : navigator.onLine && standing !== "offline" ? "online" : "offline";
    this.head.replaceChildren(
      el("strong", {}, say("title")),
      el("span", { class: "onsite-who" }, this.by ? this.by.name : ""),
      key === "signed-out" ? el("a", { class: "onsite-state", href: "/sign-in?back=%2Ffield" }, say("sign-in")) : el("span", { class: `onsite-state ${key}` }, say(key)),
      el("span", { class: `onsite-state ${this.isReady ? "ready" : "not-ready"}` }, say(this.isReady ? "ready" : "not-ready")),
    );
    this.tabs.hidden = !!this.inner;
    this.tabs.replaceChildren(
      ...(Object.keys(ICONS) as View[]).map((view) =>
        el(
          "button",
          { type: "button", "data-tab": view, "aria-current": view === this.view ? "page" : undefined, onclick: () => this.open(view) },
          icon(ICONS[view]),
          say(view),
          view === "queue" && this.rows.length > 0 && el("span", { class: "onsite-badge" }, String(this.rows.length)),
        ),
      ),
    );
  }

  /** Says something for a while, with one thing that can be done about it. */
  say(words: string, ms: number, button?: { words: string; act: () => void }): void {
    clearTimeout(this.toastTimer);
    const close = () => (this.toast.hidden = true);
    const act = button && el("button", { type: "button", onclick: () => (close(), button.act()) }, button.words);
    this.toast.replaceChildren(el("span", {}, words), act || "");
    this.toast.hidden = false;
    this.toastTimer = setTimeout(close, ms) as unknown as number;
  }

  /** Hands the phone over: the key goes, then the session. */
  async handOver(): Promise<void> {
    const csrf = await device().then((each) => each.csrf).catch(() => "");
    await handOver();
    this.by = this.got = undefined;
    if (csrf) {
      await fetch("/sign-out", { method: "POST", headers: { "content-type": "application/x-www-form-urlencoded" }, body: new URLSearchParams({ csrf }) }).catch(() => undefined);
    }
    this.sender.standing = "signed-out";
    await this.recount();
    this.open("stops");
  }
}
