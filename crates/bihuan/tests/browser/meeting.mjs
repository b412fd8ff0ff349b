// A meeting of the committee like that of June 2021: prepared with papers, two films, a circular and two lists, held, its lists revised and
// issued, its decisions followed as tasks; the circular downloaded as Word and PDF and measured.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { Person, browser, run, serve } from "./kit.mjs";

const work = process.env.WORK;
const MM = 25.4 / 72;

/** Follows a button of a page to its form, fills it in, sends it. */
async function step(person, link, values = {}) {
  await Promise.all([person.page.waitForNavigation(), person.press(person.page.locator(`main a[href="${link}"]`).first())]);
  await person.fill(values);
  await person.send();
  const heading = await person.text("h1");
  assert.equal(await person.page.locator(".errors").count(), 0, `${link}: ${heading}: ${await person.text()}`);
}

/** Downloads what a button gives. */
async function download(person, link, name) {
  const [file] = await Promise.all([person.page.waitForEvent("download"), person.press(person.page.locator(`main a[href="${link}"]`).first())]);
  const path = join(work, name);
  await file.saveAs(path);
  return { path, name: file.suggestedFilename() };
}

/** The words of a PDF with their boxes in millimetres, page by page. */
function measured(pdf) {
  const listing = execFileSync("pdftotext", ["-bbox", pdf, "-"], { encoding: "utf8" });
  return listing.split("<page ").slice(1).map((page) => {
    const [, width, height] = page.match(/width="([\d.]+)" height="([\d.]+)"/).map(Number);
    const words = [...page.matchAll(/<word xMin="([\d.]+)" yMin="([\d.]+)" xMax="([\d.]+)" yMax="([\d.]+)">([^<]*)</g)];
    return {
      width: width * MM,
      height: height * MM,
      words: words.map((word) => ({ left: word[1] * MM, top: word[2] * MM, right: word[3] * MM, bottom: word[4] * MM, text: word[5] })),
    };
  });
}

/** Where a word ends; a mark that hangs over the edge of its line, as word processors set it, ends where the sign before it does. */
const end = (word) => word.right - (/[、，。；：！？]$/.test(word.text) ? 5.7 : 0);

/** Every word but the page number stands within the text area of the standard. */
function fits(pages, what) {
  for (const [at, page] of pages.entries()) {
    assert.ok(Math.abs(page.width - 210) < 0.5 && Math.abs(page.height - 297) < 0.5, `${what}: A4`);
    const inside = page.words.filter((word) => word.bottom < 263);
    assert.ok(Math.min(...inside.map((word) => word.left)) >= 27, `${what}, page ${at + 1}: left edge`);
    assert.ok(Math.max(...inside.map(end)) <= 185, `${what}, page ${at + 1}: right edge`);
    assert.ok(Math.min(...inside.map((word) => word.top)) >= 35, `${what}, page ${at + 1}: upper edge`);
  }
}

const words = (pages) => pages.map((page) => page.words.map((word) => word.text).join("")).join("\n");

run(async () => {
  mkdirSync(work, { recursive: true });
  const chrome = await browser();
  const site = await serve(process.env.DIR, "2021-06-11");
  const clerk = await Person.enter(chrome, site.url, "clerk", { acceptDownloads: true });

  // The circular is drafted from the records; every figure opens the list it was counted from.
  await clerk.go("/documents");
  await step(clerk, "/documents/new?kind=circular");
  const circular = new URL(clerk.page.url()).pathname;
  const figure = clerk.page.locator(".sheet a").first();
  const shown = await figure.textContent();
  const source = await figure.getAttribute("href");
  await clerk.go(source);
  assert.match(await clerk.text(), new RegExp(`(^|\\D)${shown}(\\D|$)`), `${source} shows ${shown}`);
  await clerk.go(circular);
  if ((await clerk.page.locator(".warn").count()) > 0) {
    await step(clerk, `${circular}/issue`, { remarks: "已逐条核对" });
  } else {
    await step(clerk, `${circular}/issue`);
  }
  assert.match(await clerk.text(), /安环委〔2021〕\d+号/);

  // The meeting is prepared.
  await clerk.go("/meetings");
  await step(clerk, "/meetings/new", { title: "区生态环境保护委员会2021年第2次全体会议", held_on: "2021-06-11", venue: "上午9:00 区政府三楼会议室", chair: "post-mayor", quorum: "1" });
  const meeting = new URL(clerk.page.url()).pathname;
  const agenda = [
    { item_kind: "convey", title: "传达学习上级生态环境保护会议精神", paper: "会议精神摘要。" },
    { item_kind: "report", title: "通报各级督察反馈问题整改情况" },
    { item_kind: "film", title: "观看市级生态环境警示片" },
    { item_kind: "film", title: "观看区级生态环境警示片" },
    { item_kind: "circular", title: "宣读《关于生态环境问题整改情况的通报》", item_record: circular.replace("/documents/", "document/") },
    { item_kind: "deliberate", title: "审议《责任清单》", list: "duties" },
    { item_kind: "deliberate", title: "审议《问题清单》", list: "problems" },
    { item_kind: "statement", title: "整改滞后单位表态发言" },
    { item_kind: "demand", title: "主任强调" },
  ];
  for (const item of agenda) await step(clerk, `${meeting}/place-item`, item);
  // The two films are taken in and gone through by timecode; a slip of the hand is named by its row, and nothing typed is lost.
  const films = [];
  for (const [at, seen] of [[3, "工业园区雨水口排放乳白色污水"], [4, "场镇垃圾中转站渗滤液外流"]]) {
    await clerk.go(meeting);
    await step(clerk, `/films/new?meeting=${meeting.split("/").pop()}&item=${at}`, { level: at === 3 ? "city" : "county", film_length: "12:30" });
    const film = new URL(clerk.page.url()).pathname;
    films.push({ film, seen });
    await clerk.go(`${film}/enter`);
    const rows = { film_from: ["01:10", "04:00"], film_until: ["01:52", "03:20"], film_seen: [seen, "河岸建筑垃圾"], film_place: ["云溪镇", "汇龙镇"] };
    await clerk.fill(rows);
    await clerk.send();
    assert.match(await clerk.text(".errors"), /第 2 行/);
    const kept = await clerk.page.locator('[name="film_seen"]').evaluateAll((boxes) => boxes.map((box) => box.value).filter(Boolean));
    assert.deepEqual(kept, [seen, "河岸建筑垃圾"], "what was typed is kept");
    await clerk.fill({ film_until: ["01:52", "04:20"] });
    await clerk.send();
    assert.equal(await clerk.page.locator(".errors").count(), 0);
    assert.match(await clerk.text(), /01:10–01:52/);
  }
  await clerk.go(`${meeting}/pack`);
  assert.match(await clerk.text(), /会议精神摘要[\s\S]*01:10–01:52[\s\S]*审议《问题清单》/, "the pack holds papers and lists");

  // It is held: who came, what was decided.
  await clerk.go(meeting);
  await step(clerk, `${meeting}/open`);
  for (const [at, item] of agenda.entries()) {
    const values = item.item_kind === "deliberate" ? { outcome: "adopted_in_principle", note: "按会议意见修改后印发。" } : { outcome: "noted" };
    if (item.item_kind === "demand") {
      Object.assign(values, { demand_text: ["排查城区雨污混接点位"], demand_lead: ["区住房和城乡建设局"], demand_due: ["2021-07-30"] });
    }
    await step(clerk, `${meeting}/close-item?item=${at + 1}`, values);
  }
  await step(clerk, `${meeting}/end`);

  // What the films show becomes problems through the same door, each once, linked both ways; or it says why not.
  for (const { film, seen } of films) {
    await clerk.go(film);
    await step(clerk, `${film}/problem?item=1`, { field: "sewage" });
    await clerk.go(film);
    assert.equal(await clerk.page.locator(`main a[href="${film}/problem?item=1"]`).count(), 0, "an item becomes a problem once");
    await step(clerk, `${film}/set-aside?item=2`, { reason: "已在上月清运完毕，现场复核属实。" });
    assert.match(await clerk.text(), /已全部处理/);
    const problem = await clerk.page.locator('main td a[href^="/problems/"]').first().getAttribute("href");
    await clerk.go(problem);
    assert.match(await clerk.text(), new RegExp(`${seen}[\\s\\S]*01:10–01:52`));
    assert.equal(await clerk.page.locator(`main a[href="${film}"]`).count(), 1, "the problem leads to the film");
  }

  // The revised lists are issued, numbered one after the other.
  const numbers = [];
  for (const item of [6, 7]) {
    await clerk.go(meeting);
    await step(clerk, `${meeting}/issue-list?item=${item}`);
    numbers.push(Number((await clerk.text()).match(/安环委〔2021〕(\d+)号/)[1]));
  }
  assert.equal(numbers[1], numbers[0] + 1, "no number is left out");

  // The decision becomes a task.
  await clerk.go(meeting);
  await step(clerk, `${meeting}/task?item=9&demand=1`, { field: "sewage" });
  assert.match(new URL(clerk.page.url()).pathname, /^\/tasks\/[A-Z]+-\d/);
  assert.match(await clerk.text(), /排查城区雨污混接点位/);
  await clerk.go(meeting);
  await step(clerk, `${meeting}/minutes`);
  assert.match(await clerk.text(), /安环委纪〔2021〕\d+号/);

  // The circular on paper: Word and PDF.
  await clerk.go(circular);
  const pdf = await download(clerk, `${circular}/pdf`, "circular.pdf");
  const docx = await download(clerk, `${circular}/docx`, "circular.docx");
  assert.match(pdf.name, /安环委〔2021〕\d+号.*\.pdf$/);
  const own = measured(pdf.path);
  fits(own, "PDF");
  execFileSync("soffice", [`-env:UserInstallation=file://${work}/office`, "--headless", "--convert-to", "pdf:writer_pdf_Export", "--outdir",
    join(work, "word"), docx.path], { stdio: "ignore" });
  const word = measured(join(work, "word", "circular.pdf"));
  fits(word, "Word");
  assert.equal(own.length, word.length, "as many sheets");
  const plain = (pages) => [...words(pages).replace(/\s/g, "")].sort().join("");
  assert.equal(plain(own), plain(word), "the same words");
  writeFileSync(join(work, "done"), "");

  // The town signs for what it got.
  const town = await Person.enter(chrome, site.url, "town");
  await town.go("/documents");
  await town.go(circular);
  await step(town, `${circular}/receive`);
  assert.match(await town.text(), /签收/);
  for (const person of [clerk, town]) await person.leave();
  await site.stop();
  await chrome.close();
});
