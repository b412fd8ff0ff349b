// Sending: on its own, whenever there is a network, one record after the other; what was interrupted goes on where it stopped.
import { part } from "./bytes";
import { Device, Holder } from "./lock";
import { Inside, PAGE, Row, inside, picture, receive, refuse, waiting } from "./queue";
import { Sent } from "./record";

const WAIT_FIRST_MS = 1_000;
const WAIT_MOST_MS = 60_000;
const LOOK_EVERY_MS = 30_000;
/** How long one request may take before it counts as lost. */
const REQUEST_MS = 60_000;
/** How often a record is offered anew after parts of its pictures were sent. */
const TURNS_MAX = 4;
/** Answers that sending again does not change. */
const FINAL = [400, 404, 413, 415, 422];
const LOCK = "bihuan-field-send";

export type Standing = "resting" | "sending" | "offline" | "signed-out";

class SignedOut extends Error {}
class Later extends Error {}
/** The record is refused; the others go on. */
class Refused extends Error {}

/** Asks the server as whoever is signed in. */
export async function ask(path: string, init: RequestInit = {}): Promise<Response> {
  const abort = new AbortController();
  const timer = setTimeout(() => abort.abort(), REQUEST_MS);
  try {
    const answer = await fetch(path, { ...init, credentials: "same-origin", redirect: "manual", signal: abort.signal });
    if (answer.type === "opaqueredirect" || answer.status === 401) throw new SignedOut();
    return answer;
  } finally {
    clearTimeout(timer);
  }
}

export const isSignedOut = (error: unknown): boolean => error instanceof SignedOut;

export class Sender {
  standing: Standing = "resting";
  device: Device | undefined;
  private wait = WAIT_FIRST_MS;
  private timer = 0;
  private busy = false;
  private again = false;

  /** `changed` is called whenever something to be shown has changed; `sent` after a record was taken. */
  constructor(
    private holder: () => Holder | undefined,
    private enter: () => Promise<Device>,
    private changed: () => void,
    private sent: () => void,
  ) {}

  /** Sends by itself from now on. */
  start(): void {
    window.addEventListener("online", () => this.kick());
    document.addEventListener("visibilitychange", () => document.visibilityState === "visible" && this.kick());
    setInterval(() => this.kick(), LOOK_EVERY_MS);
    void this.kick();
  }

  /** Tries now; `hurry` does not wait for second thoughts. Resolves when nothing more can be done now. */
  async kick(hurry = false): Promise<void> {
    if (this.busy) {
      this.again = true;
      return;
    }
    this.busy = true;
    clearTimeout(this.timer);
    try {
      do {
        this.again = false;
        await this.alone(() => this.round(hurry));
      } while (this.again);
      this.wait = WAIT_FIRST_MS;
    } catch (error) {
      this.tell(isSignedOut(error) ? "signed-out" : "offline");
      if (!isSignedOut(error)) this.later(this.wait);
      this.wait = Math.min(this.wait * 2, WAIT_MOST_MS);
    } finally {
      this.busy = false;
    }
  }

  /** Two pages of the same phone do not send at once; where there is no lock the server sees one record all the same. */
  private async alone(work: () => Promise<void>): Promise<void> {
    const locks = (navigator as Navigator & { locks?: LockManager }).locks;
    if (!locks) return work();
    await locks.request(LOCK, { ifAvailable: true }, (lock) => (lock ? work() : undefined));
  }

  private later(ms: number): void {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.kick(), ms) as unknown as number;
  }

  private tell(standing: Standing): void {
    this.standing = standing;
    this.changed();
  }

  private async round(hurry: boolean): Promise<void> {
    const by = this.holder();
    if (!by) return this.tell("resting");
    const rows = (await waiting(by)).filter((row) => !row.refused);
    const ready = rows.filter((row) => hurry || row.holdUntil <= Date.now());
    const held = rows.filter((row) => !ready.includes(row)).map((row) => row.holdUntil - Date.now());
    if (held.length > 0) this.later(Math.max(50, Math.min(...held)));
    if (ready.length === 0) return this.tell("resting");
    this.tell("sending");
    this.device = await this.enter();
    if (this.device.person !== by.person) throw new SignedOut();
    for (const row of ready) {
      await this.send(by, row, this.device.csrf).catch((error) => {
        if (!(error instanceof Refused)) throw error;
      });
    }
    this.tell("resting");
    this.sent();
  }

  private async send(by: Holder, row: Row, csrf: string): Promise<void> {
    const kept = await inside(by, row);
    for (let turn = 0; turn < TURNS_MAX; turn += 1) {
      const answer = await this.post("/field/records", csrf, "application/json", JSON.stringify(this.stamped(kept)));
      if (answer.ok) {
        await receive(by, row, kept.title, await answer.json());
        return this.changed();
      }
      const told = await answer.json().catch(() => ({}));
      if (Array.isArray(told.missing)) await this.sendParts(by, row, kept.sent, new Set<string>(told.missing), csrf);
      else return this.judge(row, told, answer.status);
    }
    throw new Later("parts do not arrive");
  }

  /** The record with the clocks of this moment. */
  private stamped(kept: Inside): Sent {
    const sentAt = new Date().toISOString();
    const photos = kept.sent.photos.map((photo, at) => {
      const steady = kept.steadyMs[at];
      const until = kept.page === PAGE && steady >= 0 ? Math.round(performance.now() - steady) : undefined;
      return { ...photo, capture: { ...photo.capture, sent_at: sentAt, until_sent_ms: until } };
    });
    return { ...kept.sent, made: { ...kept.sent.made, sent_at: sentAt }, photos };
  }

  /** Sends the parts that the server says it does not have. */
  private async sendParts(by: Holder, row: Row, sent: Sent, missing: Set<string>, csrf: string): Promise<void> {
    for (let at = 0; at < sent.photos.length; at += 1) {
      const parts = sent.photos[at].parts;
      if (!parts.some((each) => missing.has(each))) continue;
      const bytes = await picture(by, row, at);
      for (let n = 0; n < parts.length; n += 1) {
        if (!missing.delete(parts[n])) continue;
        const answer = await this.post(`/field/parts/${sent.mission}/${parts[n]}`, csrf, "application/octet-stream", part(bytes, n));
        if (!answer.ok) return this.judge(row, await answer.json().catch(() => ({})), answer.status);
      }
    }
  }

  private post(path: string, csrf: string, kind: string, body: BodyInit): Promise<Response> {
    return ask(path, { method: "POST", headers: { "content-type": kind, "x-csrf": csrf }, body });
  }

  /** What an answer other than a receipt means: the record is refused for good, or tried again. */
  private async judge(row: Row, told: { refused?: string; again?: boolean }, status: number): Promise<never> {
    const words = told.refused || (FINAL.includes(status) ? String(status) : "");
    if (!words || told.again) throw new Later(told.refused || String(status));
    await refuse(row, words);
    this.changed();
    throw new Refused(words);
  }
}
