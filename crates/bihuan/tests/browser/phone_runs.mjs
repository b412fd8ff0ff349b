// The queue of the phone in three hundred random runs: pages killed while they send, no network, answers that never arrive,
// no room on the phone, the same record sent twice and by two pages at once, clocks that jump. Nothing lost, nothing doubled.
// The seed is printed; SEED repeats a run, RUNS changes their number.
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { build } from "../../../../assets/node_modules/esbuild/lib/main.js";
import { Person, browser, run, serve } from "./kit.mjs";

const RUNS = Number(process.env.RUNS || 300);
const SEED = Number(process.env.SEED || 20210611);
/** Where a page of the site holds no script of its own. */
const QUIET = "/healthz";
/** Records sent over a thin line. */
const MANY = 50;

/** Numbers from a seed (mulberry32). */
function dice(seed) {
  let state = seed >>> 0;
  const next = () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
  return { below: (n) => Math.floor(next() * n), chance: (share) => next() < share };
}

/** The very modules of the page, as one script. */
async function modules() {
  const contents = `export * as queue from "./queue"; export * as lock from "./lock"; export * as database from "./database";
    export * as rescue from "./rescue"; export * as pack from "./package"; export * as bytes from "./bytes"; export { Sender } from "./sender";`;
  const resolveDir = join(import.meta.dirname, "../../../../assets/phone");
  const made = await build({ stdin: { contents, resolveDir, loader: "ts" }, bundle: true, format: "iife", globalName: "phone", write: false, logLevel: "warning" });
  return `${made.outputFiles[0].text}; globalThis.phone = phone;`;
}

/** Adds a record with pictures of so many bytes; answers its key, or why the phone could not keep it. */
const add = ({ mission, stop, sizes, skew, seed, full }) =>
  (async () => {
    const by = await phone.lock.holder();
    // The browser says that there is no room, in the middle of the transaction; quotas cannot be set from outside any more.
    const put = IDBObjectStore.prototype.put;
    if (full) {
      IDBObjectStore.prototype.put = function refuse(...given) {
        if (this.name === full) throw new DOMException("no room", "QuotaExceededError");
        return put.apply(this, given);
      };
    }
    const shots = [];
    for (let at = 0; at < sizes.length; at += 1) {
      const bytes = new Uint8Array(sizes[at]);
      for (let n = 0; n < bytes.length; n += 1) bytes[n] = (seed * 31 + at * 7 + n * (n >> 3)) & 255;
      bytes.set([0xff, 0xd8, 0xff, 0xe0]);
      const now = new Date(Date.now() + skew).toISOString();
      shots.push({ bytes, page: "none", steadyMs: 0, capture: { sha256: await phone.bytes.sha256(bytes), in_app: true, captured_at: now, sent_at: now, mock: false } });
    }
    const what = { kind: "finding", field: "water", facts: `第${seed}条`, spot: "", fix_now: false };
    try {
      return { key: (await phone.queue.add(by, mission, stop, what, "记录", shots, 0)).key };
    } catch (error) {
      return { failed: String(error) };
    } finally {
      IDBObjectStore.prototype.put = put;
    }
  })();

/** Sends what waits; resolves when nothing more can be done now. */
const send = () =>
  (async () => {
    const by = await phone.lock.holder();
    globalThis.sender = globalThis.sender || new phone.Sender(() => by, phone.pack.device, () => undefined, () => undefined);
    await globalThis.sender.kick(true);
  })();

const state = () =>
  (async () => {
    const by = await phone.lock.holder();
    const rows = await phone.queue.waiting(by);
    const receipts = await phone.queue.receipts(by);
    return { waiting: rows.map((row) => row.key), refused: rows.filter((row) => row.refused).map((row) => row.refused), receipts: receipts.map((row) => [row.key, row.sequence]) };
  })();

run(async () => {
  const seed = dice(SEED);
  console.error(`seed ${SEED}, ${RUNS} runs`);
  const begun = Date.now();
  const chrome = await browser();
  const site = await serve(process.env.DIR, "2021-06-11");
  const script = await modules();
  const person = await Person.enter(chrome, site.url, "inspector");
  const context = person.page.context();
  const trouble = { lost: 0, mute: 0 };
  await context.route("**/field/{records,parts,device}**", async (route) => {
    if (seed.chance(trouble.lost)) return route.abort("connectionfailed");
    if (seed.chance(trouble.mute)) {
      // The server has it; the answer never arrives.
      await route.fetch().catch(() => undefined);
      return route.abort("connectionreset");
    }
    return route.continue();
  });
  const open = async () => {
    const page = await context.newPage();
    await page.goto(site.url + QUIET);
    await page.evaluate(script);
    return page;
  };
  let page = await open();
  const missions = await page.evaluate(async () => (await phone.pack.fetchPackage()).got.missions.map((each) => ({ id: each.id, sealed: each.sealed, stop: each.stops[0].n })));
  const entries = async () => Number((await (await context.request.get(site.url + QUIET)).text()).match(/\d+/)[0]);
  const before = await entries();
  const saved = new Set();
  const sealed = new Set();
  let noRoom = 0;
  let killed = 0;

  const reopen = async (kill) => {
    if (kill) killed += 1;
    await page.close();
    page = await open();
  };

  for (let n = 0; n < RUNS; n += 1) {
    Object.assign(trouble, { lost: seed.below(4) / 8, mute: seed.below(4) / 10 });
    const many = 1 + seed.below(3);
    for (let at = 0; at < many; at += 1) {
      const target = missions[seed.chance(0.2) ? missions.findIndex((each) => each.sealed) : missions.findIndex((each) => !each.sealed)];
      const sizes = Array.from({ length: seed.below(3) }, () => 500 + seed.below(seed.chance(0.2) ? 200_000 : 20_000));
      const full = seed.chance(0.08) ? ["records", "photos", "meta"][seed.below(3)] : "";
      const told = await page.evaluate(add, { mission: target.id, stop: target.stop, sizes: sizes.length > 0 ? sizes : [700], skew: (seed.below(5) - 2) * 3_600_000, seed: n * 10 + at, full });
      if (told.key) saved.add(told.key);
      else noRoom += 1;
      if (told.key && target.sealed) sealed.add(told.key);
      if (seed.chance(0.3)) await page.evaluate(send);
    }
    const sending = page.evaluate(send).catch(() => undefined);
    if (seed.chance(0.3)) {
      // Another page of the same phone sends the same records at the same time, without knowing of the first.
      const other = await open();
      await other.evaluate(() => Object.defineProperty(navigator, "locks", { value: undefined }));
      await other.evaluate(send).catch(() => undefined);
      await other.close();
    }
    if (seed.chance(0.5)) {
      await new Promise((resolve) => setTimeout(resolve, seed.below(60)));
      await reopen(true);
    } else {
      await sending;
    }
  }

  Object.assign(trouble, { lost: 0, mute: 0 });
  await reopen(false);
  let end = await page.evaluate(state);
  for (let tries = 0; end.waiting.length > 0 && tries < 20; tries += 1) {
    await page.evaluate(send);
    end = await page.evaluate(state);
  }
  const spent = Math.round((Date.now() - begun) / 1_000);
  if (RUNS >= 100 && noRoom === 0) throw new Error("no phone was ever full");
  if (end.waiting.length > 0) throw new Error(`${end.waiting.length} records wait for ever: ${end.refused}`);
  // Fifty records with pictures over a thin line, broken off once in the middle.
  const thin = await context.newCDPSession(page);
  await thin.send("Network.enable");
  const throttle = { offline: false, latency: 60, downloadThroughput: 125_000, uploadThroughput: 125_000 };
  await thin.send("Network.emulateNetworkConditions", throttle);
  const open_ = missions.find((each) => !each.sealed);
  for (let n = 0; n < MANY; n += 1) {
    const told = await page.evaluate(add, { mission: open_.id, stop: open_.stop, sizes: [40_000 + n * 100], skew: 0, seed: 90_000 + n });
    saved.add(told.key);
  }
  const broken = page.evaluate(send).catch(() => undefined);
  await new Promise((resolve) => setTimeout(resolve, 3_000));
  await reopen(true);
  await broken;
  const again = await context.newCDPSession(page);
  await again.send("Network.emulateNetworkConditions", throttle);
  for (let tries = 0; tries < 10; tries += 1) {
    await page.evaluate(send);
    end = await page.evaluate(state);
    if (end.waiting.length === 0) break;
  }
  if (end.waiting.length > 0) throw new Error(`${end.waiting.length} of ${MANY} records are stuck on the thin line`);

  const receipts = new Map(end.receipts);
  const lost = [...saved].filter((key) => !receipts.has(key));
  if (lost.length > 0) throw new Error(`${lost.length} records have no receipt: ${lost}`);
  if (receipts.size !== saved.size) throw new Error(`${saved.size} were saved, ${receipts.size} have receipts`);
  if (new Set(receipts.values()).size !== receipts.size) throw new Error("two records share an entry");
  await site.stop();

  // The ledger itself: an entry for each record, a finding for each of the open mission, a question for each picture that looks like
  // an earlier one, nothing besides; and everything verifies.
  execFileSync(process.env.BIHUAN, ["ledger", "verify", "--dir", process.env.DIR], { stdio: ["ignore", "ignore", "inherit"] });
  const out = mkdtempSync(join(tmpdir(), "bihuan-phone-"));
  execFileSync(process.env.BIHUAN, ["ledger", "export", "--dir", process.env.DIR, "--out", out], { stdio: ["ignore", "ignore", "inherit"] });
  const lines = readFileSync(join(out, "ledger.jsonl"), "utf8").trim().split("\n").map((line) => JSON.parse(line));
  rmSync(out, { recursive: true });
  const grown = lines.filter((entry) => entry.seq >= before);
  const asked = grown.filter((entry) => entry.kind === "photo_question.raised").length;
  const owed = 2 * saved.size - sealed.size;
  if (grown.length - asked !== owed) throw new Error(`the ledger grew by ${grown.length} entries, ${asked} of them questions; ${owed} others were to be expected`);
  await person.leave();
  await chrome.close();
  console.error(`${RUNS} runs in ${spent} s: ${saved.size} records, ${killed} pages killed, ${noRoom} times no room; nothing lost, nothing doubled`);
});
