// A leader approves a listing (挂牌督办) that the office asked for: it stands on the wall, on the town's page and on the town's day.
import assert from "node:assert/strict";
import { Person, browser, run, serve, sideways } from "./kit.mjs";

/** Screens of meeting rooms: everything is seen without scrolling. */
const SCREENS = [{ width: 1920, height: 1080 }, { width: 1366, height: 768 }];

/** What lies outside the screen, and the smallest words on it. */
const fit = (page) =>
  page.evaluate(() => {
    const outside = document.documentElement.scrollHeight - window.innerHeight;
    const cut = [...document.querySelectorAll(".wall-grid > section")].filter((part) => part.scrollHeight > part.clientHeight + 1).map((part) => part.className);
    const words = [...document.querySelectorAll("body *")].filter((each) => !each.closest(".hidden, .wall-stale, script, noscript, svg") && [...each.childNodes].some((node) => node.nodeType === 3 && node.data.trim()));
    const small = Math.min(...words.map((each) => parseFloat(getComputedStyle(each).fontSize)));
    return { outside, cut, small };
  });

run(async () => {
  const chrome = await browser();
  const site = await serve(process.env.DIR, "2021-06-11");
  const leader = await Person.enter(chrome, site.url, "leader");
  const listed = async () => Number(await leader.page.locator('.wall-numbers a[href="/supervise"] b').innerText());
  await leader.go("/overview/wall");
  const before = await listed();

  const clerk = await Person.enter(chrome, site.url, "clerk");
  await clerk.go("/supervise");
  const proposal = clerk.page.locator('main a[href*="/supervise/request?"][href*="step=listed"]').first();
  assert.ok((await proposal.count()) > 0, "the ladder proposes a listing, and the office may ask for it");
  await clerk.page.locator("main details").evaluateAll((all) => all.forEach((each) => { each.open = true; }));
  const task = new URL(await proposal.getAttribute("href"), site.url).searchParams.get("task");
  await clerk.press(proposal);
  assert.match(await clerk.text(), /逾期|反弹/, "the facts stand beside the request");
  await clerk.send("main form button");
  const measure = new URL(clerk.page.url()).pathname;
  assert.match(measure, /^\/supervise\/DB-2021-\d+$/);
  await leader.go("/overview/wall");
  assert.equal(await listed(), before, "what is asked for is not yet decided");

  await leader.go(measure);
  await leader.press(leader.page.locator(`main a[href="${measure}/approve"]`));
  await leader.send("main form button");
  assert.match(await leader.text(), /挂牌督办/);

  await leader.go("/overview/wall");
  assert.equal(await listed(), before + 1, "it is counted");
  const own = leader.page.locator(`.wall-listed a[href="${measure}"]`);
  assert.equal(await own.count(), 1, "it is named");
  for (const screen of SCREENS) {
    await leader.page.setViewportSize(screen);
    const { outside, cut, small } = await fit(leader.page);
    assert.ok(outside <= 0 && (await sideways(leader.page)) <= 0, `${screen.width} px: ${outside} px lie outside`);
    assert.deepEqual(cut, [], `${screen.width} px: nothing is cut`);
    assert.ok(small >= (screen.width === 1920 ? 18 : 12), `${screen.width} px: words of ${small} px`);
  }

  await leader.go(`/tasks/${task}`);
  assert.match(await leader.text(), /挂牌督办/, "the task says so");
  const unit = await leader.page.evaluate(async () => {
    const overview = await (await fetch("/overview")).text();
    return [...overview.matchAll(/\/overview\/towns\/([a-z0-9-]+)/g)].map((found) => found[1]);
  });
  assert.equal(new Set(unit).size, 18, "every town has a page");

  const town = await Person.enter(chrome, site.url, "town");
  await town.press(town.page.locator('main a[href^="/overview/towns/"]').first());
  assert.match(await town.text("h1"), /未销号 \d+ 件/);
  assert.equal((await town.page.goto(`${site.url}/overview/wall`)).status(), 404, "the wall is the district's");

  await leader.go("/overview/review?month=2021-05");
  assert.match(await leader.text(), /5 月销号 \d+ 件，(比上月[多少] \d+ 件|与上月持平)/);
  const pdf = await leader.page.pdf({ format: "A4" });
  assert.ok(pdf.length > 20_000, "it can be printed");
  for (const person of [leader, clerk, town]) {
    assert.deepEqual(person.errors, []);
    await person.leave();
  }
  await site.stop();
  await chrome.close();
});
