// The page of the phone, at 390 × 844, with a fake camera and a mocked position: five taps to a stored record without network,
// three for a new finding; what was saved arrives by itself, once, and is answered from the ledger.
import { mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { Person, browser, faults, run, serve, sideways } from "./kit.mjs";

const PHONE = { viewport: { width: 390, height: 844 }, deviceScaleFactor: 2, hasTouch: true, isMobile: true, permissions: ["geolocation", "camera"], geolocation: { latitude: 30.4012, longitude: 105.401, accuracy: 9 } };
const CAMERA = ["--use-fake-device-for-media-stream", "--use-fake-ui-for-media-stream"];
const OUT = process.env.OUT;

let taps = 0;
const tap = async (page, selector) => {
  taps += 1;
  await page.locator(selector).first().click();
};
const shoot = async (page, name) => {
  if (OUT) await page.screenshot({ path: join(OUT, `${name}.png`) });
};
const badge = async (page) => Number((await page.locator(".onsite-badge").textContent().catch(() => "0")) || 0);
const count = (page) => page.locator(".onsite-badge").count().then((shown) => (shown > 0 ? badge(page) : 0));

async function waitFor(what, check, ms = 20_000) {
  const until = Date.now() + ms;
  while (Date.now() < until) {
    if (await check()) return;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error(`in vain: ${what}`);
}

async function clean(page, where) {
  const over = await sideways(page);
  if (over > 0) throw new Error(`${where} scrolls ${over} px sideways`);
  const found = await faults(page);
  if (found.length > 0) throw new Error(`${where}: ${found.join("; ")}`);
  if ((await page.locator("html").innerText()).includes("⟦")) throw new Error(`${where}: a word is missing`);
}

async function theFiveTaps(chrome, url) {
  const person = await Person.enter(chrome, url, "inspector", PHONE);
  const { page } = person;
  const context = page.context();
  await person.go("/field");
  await page.waitForSelector("[data-stop]");
  await page.waitForSelector(".onsite-state.ready");
  const at = JSON.parse(await page.locator("[data-away]").first().getAttribute("data-away"));
  await context.setGeolocation({ latitude: at.lat_e6 / 1e6 + 0.0003, longitude: at.lon_e6 / 1e6 - 0.0004, accuracy: 9 });
  await waitFor("the phone is near", async () => (await page.locator("[data-away]").first().textContent()).match(/\d+ m/));
  await shoot(page, "field-1-stops");
  await clean(page, "the stops");
  await context.setOffline(true);
  await page.reload();
  await page.waitForSelector("[data-stop]");
  await shoot(page, "field-2-offline");

  taps = 0;
  await tap(page, "[data-stop]");
  await shoot(page, "field-3-stop");
  await clean(page, "the stop");
  await tap(page, "[data-act=arrive]");
  await page.waitForSelector("[data-act=shoot]:not([disabled])");
  await shoot(page, "field-4-camera");
  await tap(page, "[data-act=shoot]");
  await page.waitForSelector("[data-saw]");
  await shoot(page, "field-5-saw");
  await clean(page, "what was seen");
  await tap(page, "[data-saw]");
  await tap(page, "[data-act=save]");
  await waitFor("the record is in the queue", async () => (await count(page)) === 1);
  if (taps !== 5) throw new Error(`${taps} taps to a stored record`);
  await shoot(page, "field-6-saved");
  await page.reload();
  await waitFor("the record is there after a reload", async () => (await count(page)) === 1);

  await page.locator("[data-tab=queue]").click();
  await shoot(page, "field-7-queue");
  await clean(page, "the queue");
  await context.setOffline(false);
  await waitFor("the record is sent by itself", async () => (await count(page)) === 0, 30_000);
  await page.waitForSelector("[data-receipt]");
  await shoot(page, "field-8-receipt");
  await clean(page, "the receipts");
  const sequence = await page.locator("[data-receipt]").first().getAttribute("data-receipt");
  const entry = await context.request.get(`${url}/ledger/${sequence}`);
  if (!entry.ok()) throw new Error(`the receipt names ${sequence}, which is no entry`);

  // The next stop was released by the receipt; a new finding there takes three taps, again without network.
  await page.locator("[data-tab=stops]").click();
  await page.waitForSelector("[data-stop]");
  await page.locator("[data-tab=new]").click();
  await context.setOffline(true);
  await page.reload();
  await page.waitForSelector("[data-act=shoot]:not([disabled])");
  taps = 0;
  await shoot(page, "field-9-new");
  await tap(page, "[data-act=shoot]");
  await page.waitForSelector("[data-field]");
  await shoot(page, "field-10-fields");
  await clean(page, "the fields");
  await tap(page, "[data-field=sewage]");
  await tap(page, "[data-act=save]");
  await waitFor("the finding is in the queue", async () => (await count(page)) === 1);
  if (taps !== 3) throw new Error(`${taps} taps to a new finding`);
  await context.setOffline(false);
  await waitFor("the finding is sent by itself", async () => (await count(page)) === 0, 30_000);
  await person.leave();
}

/** Records so many findings without network. */
/** An inspector whose phone holds its package and is ready. */
async function inTheField(chrome, url) {
  const person = await Person.enter(chrome, url, "inspector", PHONE);
  const { page } = person;
  await person.go("/field");
  await page.waitForSelector(".onsite-state.ready");
  await page.waitForSelector("[data-stop]");
  return { person, page, context: page.context() };
}

async function record(page, many) {
  await page.locator("[data-tab=new]").click();
  for (let n = 0; n < many; n += 1) {
    const before = await count(page);
    await page.waitForSelector("[data-act=shoot]:not([disabled])");
    await page.locator("[data-act=shoot]").click();
    await page.locator("[data-field=water]").click();
    await page.locator("[data-act=save]").click();
    await waitFor("one more in the queue", async () => (await count(page)) === before + 1);
  }
}

async function theRescueFile(chrome, url) {
  const { person, page, context } = await inTheField(chrome, url);
  await context.setOffline(true);
  await record(page, 3);
  await page.locator("[data-tab=queue]").click();
  await page.locator(".onsite-rescue summary").click();
  await page.locator("#onsite-passphrase").fill("琼澜河水清-2021");
  const [download] = await Promise.all([page.waitForEvent("download"), page.locator("[data-act=export]").click()]);
  const file = join(process.env.WORK, "queue.rescue");
  await download.saveAs(file);
  const bytes = readFileSync(file);
  if (bytes.includes(Buffer.from("finding"))) throw new Error("the rescue file can be read without its passphrase");

  // Everything the site kept is gone; the person is still signed in.
  const devtools = await context.newCDPSession(page);
  await devtools.send("Storage.clearDataForOrigin", { origin: url, storageTypes: "indexeddb,cache_storage,local_storage,service_workers" });
  await context.setOffline(false);
  await page.goto(`${url}/field`);
  await page.waitForSelector("[data-stop]");
  if ((await count(page)) !== 0) throw new Error("the site data was not cleared");
  await page.locator("[data-tab=queue]").click();
  await page.locator(".onsite-rescue summary").click();
  const restore = async (passphrase) => {
    await page.locator("#onsite-passphrase").fill(passphrase);
    const [chooser] = await Promise.all([page.waitForEvent("filechooser"), page.locator("[data-act=import]").click()]);
    await chooser.setFiles(file);
  };
  await restore("wrong passphrase");
  await waitFor("a wrong passphrase is told", async () => (await page.locator(".onsite-rescue [role=status]").textContent()).length > 0);
  await restore("琼澜河水清-2021");
  await waitFor("three receipts", async () => (await page.locator("[data-receipt]").count()) === 3, 30_000);
  // The same file again brings nothing twice.
  await page.locator(".onsite-rescue summary").click().catch(() => undefined);
  const sequences = await page.locator("[data-receipt]").evaluateAll((lines) => lines.map((line) => line.dataset.receipt));
  if (new Set(sequences).size !== 3) throw new Error(`receipts ${sequences}`);
  await person.leave();
}

async function theNextPerson(chrome, url) {
  const { person, page, context } = await inTheField(chrome, url);
  await context.setOffline(true);
  await record(page, 1);
  await page.locator("[data-tab=queue]").click();
  await page.locator("[data-act=hand-over]").click();
  await waitFor("nobody's records are shown", async () => (await page.locator("[data-waiting]").count()) === 0);
  await context.setOffline(false);
  await context.clearCookies();
  const enter = async (role) => {
    await page.goto(`${url}/`);
    await page.locator(`form:has(input[name=role][value=${role}]) button`).click();
    await page.waitForSelector("nav:visible");
    await page.goto(`${url}/field`);
    await page.locator("[data-tab=queue]").click();
  };
  await enter("clerk");
  await page.waitForSelector(".onsite-list .note");
  await shoot(page, "field-11-next-person");
  if ((await page.locator("[data-waiting]").count()) !== 0) throw new Error("the next person sees the record");
  await page.goto(`${url}/account`);
  await context.clearCookies();
  await enter("inspector");
  await waitFor("the record goes when its maker is back", async () => (await page.locator("[data-receipt]").count()) === 1, 40_000);
  await person.leave();
}

async function withoutWorkers(chrome, url) {
  const person = await Person.enter(chrome, url, "inspector", { ...PHONE, serviceWorkers: "block" });
  const { page } = person;
  await person.go("/field");
  await page.waitForSelector("[data-stop]");
  await page.context().setOffline(true);
  await record(page, 1);
  await page.context().setOffline(false);
  await waitFor("it is sent", async () => (await count(page)) === 0, 30_000);
  await person.leave();
}

run(async () => {
  if (OUT) mkdirSync(OUT, { recursive: true });
  const chrome = await browser(CAMERA);
  const site = await serve(process.env.DIR, "2021-06-11");
  await theFiveTaps(chrome, site.url);
  await theRescueFile(chrome, site.url);
  await theNextPerson(chrome, site.url);
  await withoutWorkers(chrome, site.url);
  await site.stop();
  await chrome.close();
});
