// The whole loop by the people who answer for it, from a superior's Word document to a dossier that both verifiers accept.
// SCRIPTS=off plays the same loop without JavaScript, MOUSE=off by keyboard alone.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { Person, browser, run, serve, sideways } from "./kit.mjs";

const work = process.env.WORK;
const options = { javaScriptEnabled: process.env.SCRIPTS !== "off" };

const PLAN = `<html><head><meta charset="utf-8"></head><body>
<p>安澜区贯彻落实省生态环境保护督察“回头看”反馈问题整改清单</p>
<table border="1"><tr><td>序号</td><td>反馈问题</td><td>整改目标</td><td>整改措施</td><td>整改时限</td><td>牵头单位</td><td>配合单位</td><td>验收单位</td></tr>
<tr><td>1</td><td>汇龙镇场镇污水管网破损，约120立方米/日生活污水直排琼澜河，河水发黑。</td><td>场镇污水应收尽收，琼澜河汇龙段稳定达到Ⅲ类。</td>
<td><p>1.修复破损管网1.8公里。</p><p>2.清淤河道600米。</p></td><td>2021年9月底前</td><td>汇龙镇政府</td><td>区综合执法局</td><td>区住房和城乡建设局</td></tr>
<tr><td>2</td><td>汇龙镇垃圾中转站渗滤液收集池未密闭，异味扰民。</td><td>异味消除。</td><td>加装密闭设施。</td><td>立行立改</td><td>汇龙镇政府</td><td></td><td>区住房和城乡建设局</td></tr>
</table></body></html>`;

/** A document as a word processor writes it. */
function wordDocument() {
  mkdirSync(work, { recursive: true });
  writeFileSync(join(work, "plan.html"), PLAN);
  const arguments_ = ["--headless", `-env:UserInstallation=file://${work}/office`, "--infilter=HTML (StarWriter)",
    "--convert-to", "docx:MS Word 2007 XML", "--outdir", work, join(work, "plan.html")];
  execFileSync("soffice", arguments_, { stdio: "ignore" });
  return join(work, "plan.docx");
}

/** A photograph of a coloured wall with words on it. */
async function photograph(chrome, words, colour) {
  const page = await chrome.newPage({ viewport: { width: 800, height: 600 } });
  await page.setContent(`<body style="background:${colour};font-size:60px">${words}</body>`);
  const path = join(work, `${words}.jpg`);
  await page.screenshot({ path, type: "jpeg" });
  await page.close();
  return path;
}

run(async () => {
  const chrome = await browser();
  const document = wordDocument();
  const before = await photograph(chrome, "before", "#665544");
  const after = await photograph(chrome, "after", "#99bbdd");
  let site = await serve(process.env.DIR, "2021-06-11");
  const enter = (role) => Person.enter(chrome, site.url, role, options);

  const clerk = await enter("clerk");
  const task = await readIn(clerk, document);
  await clerk.act(task, "assign", { acceptance: "区住房和城乡建设局" });
  assert.match(await clerk.text("h1"), /汇龙镇场镇污水管网破损/);

  const town = await enter("town");
  assert.ok(!(await (await town.page.goto(`${site.url}/intake`)).ok()), "the town has no intake");
  await town.act(task, "plan", {
    standard: "管网闭水试验合格",
    milestones_text: ["管网修复完成", "河道清淤完成"],
    milestones_date: ["2021-07-10", "2021-08-10"],
  });
  const committee = await enter("committee");
  await reviewPlan([clerk, committee], task);
  await town.act(task, "attach", { role: "before", files: before, caption: "整改前" });
  await town.act(task, "report", { text: "管网修复过半。" });
  await clerk.leave();
  await committee.leave();
  await town.leave();
  await site.stop();

  site = await serve(process.env.DIR, "2021-08-12");
  const townLater = await enter("town");
  await townLater.act(task, "attach", { role: "after", files: after, caption: "整改后" });
  await townLater.act(task, "claim", { results: ["修复1.8公里，闭水试验合格", "清淤600米"], summary: "整改到位，申请销号。" });
  assert.equal(await townLater.page.locator(`.acts a[href$="/verify"]`).count(), 0, "who claims cannot verify");
  const verifier = await enter("verifier");
  await verifier.go("/desk");
  assert.match(await verifier.text(), new RegExp(task), "the claim waits on the review desk");
  await verify(verifier, task);
  const publisher = await enter("publisher");
  await publisher.act(task, "publish", { text: "汇龙镇场镇污水直排问题已完成整改，现予公示。", contact: "区环委办 0000-12369", channel: "区政府网站" });
  for (const person of [townLater, verifier, publisher]) await person.leave();
  await site.stop();

  site = await serve(process.env.DIR, "2021-09-10");
  const closing = await enter("publisher");
  await closing.act(task, "close-notice", { record: "区政府网站 公示公告 2021-09" });
  const leader = await enter("leader");
  await leader.act(task, "sign-off", { minutes: "安环委会纪〔2021〕9号", opinion: "同意销号。" });
  const superior = await enter("superior");
  const clerkLater = await enter("clerk");
  await finish(superior, clerkLater, task);
  await clerkLater.go(`/tasks/${task}`);
  assert.match(await clerkLater.text(), /已销号/);
  assert.ok((await sideways(clerkLater.page)) <= 0, "the page scrolls sideways");

  const [download] = await Promise.all([
    clerkLater.page.waitForEvent("download"),
    clerkLater.page.locator(`a[href="/tasks/${task}/dossier"]`).click(),
  ]);
  const dossier = join(work, "dossier.zip");
  await download.saveAs(dossier);
  for (const person of [closing, leader, superior, clerkLater]) await person.leave();
  await site.stop();
  await chrome.close();

  const ours = JSON.parse(execFileSync(process.env.BIHUAN, ["ledger", "check", dossier, "--json"]));
  assert.equal(ours.fault, undefined);
  assert.ok(ours.entries >= 15 && ours.files_proved >= 3, JSON.stringify(ours));
  const theirs = execFileSync("python3", [process.env.VERIFIER, dossier]).toString();
  assert.match(theirs, /GOOD/);
  const books = JSON.parse(execFileSync(process.env.BIHUAN, ["ledger", "verify", "--dir", process.env.DIR, "--json"]));
  assert.equal(books.fault ?? null, null);
});

/** Upload, review, adopt; sent again, the document adds nothing. */
async function readIn(clerk, document) {
  const upload = async () => {
    await clerk.go("/intake");
    await clerk.fill({ file: document, sender: "省督察办", received_on: "2021-06-11" });
    await clerk.send();
    return new URL(clerk.page.url()).pathname;
  };
  const draft = await upload();
  await clerk.send(`form[action="${draft}/adopt"] button`);
  assert.match(await clerk.text(".errors"), /还没有核对/, "nothing is adopted unseen");
  await clerk.go(`${draft}/rows`);
  const first = clerk.page.locator(".item").first();
  assert.match(await first.locator(".original").innerText(), /修复破损管网1\.8公里/, "the original stands beside the fields");
  assert.equal(await first.locator('[name="0_due_on"]').inputValue(), "2021-09-30");
  assert.equal(await first.locator('[name="0_measures"]').inputValue(), "修复破损管网1.8公里。\n清淤河道600米。");
  await clerk.fill({ "0_kind": "works", "0_area": "汇龙镇人民政府", "1_area": "汇龙镇人民政府", "1_field": "garbage" });
  await clerk.send('button[value="next"]');
  assert.match(await clerk.text(), /汇龙镇政府/, "an unknown name waits in the matching queue");
  await clerk.fill({ unit: "汇龙镇人民政府" });
  await clerk.send(`form[action="${draft}/units"] button`);
  await clerk.fill({ kind: "inspection_look_back", level: "province", sender: "省督察办" });
  await clerk.send(`form[action="${draft}"] button.main`);
  await clerk.send(`form[action="${draft}/adopt"] button`);
  assert.match(clerk.page.url(), /\/tasks\?source=/);
  const tasks = await clerk.page.locator("td.title a").evaluateAll((links) => links.map((link) => link.getAttribute("href").split("/").pop()));
  assert.equal(tasks.length, 2);
  const again = await upload();
  assert.match(await clerk.text(".bar"), /拟采用 0 条/, "a second import adds nothing");
  await clerk.send(`form[action="${again}/discard"] button`);
  return tasks.sort()[0];
}

/** The plan is reviewed by whoever the procedure names. */
async function reviewPlan(people, task) {
  for (const person of people) {
    await person.go(`/tasks/${task}`);
    if ((await person.page.locator('.acts a[href$="/review-plan"]').count()) > 0) {
      await person.act(task, "review-plan", { approve: "yes" });
      return;
    }
  }
  throw new Error(`nobody may review the plan: ${await people[0].text(".bar")}`);
}

async function verify(verifier, task) {
  await verifier.go(`/tasks/${task}/verify`);
  const boxes = verifier.page.locator('main input[name="checkers"]');
  // Two people of two units on the spot stand in for pictures that a phone would have proved.
  await verifier.tick(boxes.first());
  await verifier.tick(boxes.last());
  for (const box of await verifier.page.locator('main input[name="standards"]').all()) await verifier.tick(box);
  await verifier.fill({ method: "on_site", checked_on: "2021-08-12", conclusion: "pass", opinion: "现场无直排，管网完好。" });
  for (const [name, text] of [["findings", "现场查看属实"]]) {
    for (const area of await verifier.page.locator(`main [name="${name}"]`).all()) await verifier.type(area, text);
  }
  await verifier.send();
  assert.ok(!verifier.page.url().endsWith("/verify"), await verifier.text());
}

/** The superior re-checks, which closes the task; where the procedure wants no re-check the clerk files it. */
async function finish(superior, clerk, task) {
  await superior.go(`/tasks/${task}`);
  if ((await superior.page.locator('.acts a[href$="/recheck"]').count()) > 0) {
    await superior.act(task, "recheck", { passed: "yes", opinion: "同意销号。" });
  } else {
    await clerk.act(task, "file", { number: "安环备〔2021〕1号" });
  }
}
