// A month is ranked: the clerk publishes it, a town reads its statement line by line and objects, others decide, the correction appears.
import assert from "node:assert/strict";
import { Person, browser, run, serve } from "./kit.mjs";

run(async () => {
  const chrome = await browser();
  const site = await serve(process.env.DIR, "2021-06-03");
  const enter = (role) => Person.enter(chrome, site.url, role);

  const clerk = await enter("clerk");
  await clerk.go("/rank");
  await clerk.press(clerk.page.locator('main a[href^="/rank/2021-05"]').first());
  assert.match(await clerk.text(), /待发布/);
  const units = await clerk.page.locator("table.ranks tbody tr").count();
  assert.equal(units, 18, "every town stands on the board, ranked or not");
  await clerk.press(clerk.page.locator('a[href^="/rank/2021-05/publish"]'));
  await clerk.press(clerk.page.locator("main form button"));
  assert.match(await clerk.text(), /公布，可申请复核/);

  const town = await enter("town");
  await town.go("/");
  assert.match(await town.text(), /申请复核截止/, "the town's day says until when it may object");
  await town.go("/rank/2021-05");
  await town.press(town.page.locator("tr.own a").first());
  const points = await town.page.locator("tbody td.num:nth-child(3)").allInnerTexts();
  const hundredths = (text) => Math.round(Number(text.replace("+", "")) * 100);
  const score = hundredths(await town.page.locator("tfoot td.num").innerText());
  assert.equal(points.map(hundredths).reduce((sum, each) => sum + each, 0), score, "the lines add up to the score");
  const object = town.page.locator('tbody a[href*="/object?"]');
  assert.ok((await object.count()) > 0, "a line about a task can be objected to");
  const line = object.last();
  const said = await line.evaluate((link) => link.closest("tr").innerText);
  await town.press(line);
  await town.fill({ rank_objection: "该件已按期完成，验收单迟登。" });
  await town.press(town.page.locator("main form button"));
  assert.match(await town.text(), /复核中/);

  assert.equal((await clerk.page.goto(`${site.url}/rank/published/PM-2021-05-district-default/decide?n=1`)).status(), 404, "whoever published stands aside");
  const committee = await enter("committee");
  await committee.go("/rank/2021-05");
  await committee.press(committee.page.locator('a[href$="/decide?n=1"]'));
  await committee.fill({ rank_upheld: "yes", reason: "情况属实，该项不计。" });
  await committee.press(committee.page.locator("main form button"));
  assert.match(await committee.text(), /待勘误/);

  await clerk.go("/rank/2021-05");
  await clerk.press(clerk.page.locator('a[href$="/revise"]'));
  await clerk.fill({ reason: "第 1 号复核申请采纳。" });
  await clerk.press(clerk.page.locator("main form button"));
  assert.match(await clerk.text(), /勘误 1/);
  assert.match(await clerk.text(), /采纳/);

  await town.go("/rank/2021-05");
  await town.press(town.page.locator("tr.own a").first());
  const after = await town.page.locator("tbody tr").allInnerTexts();
  const [, about] = said.split("\t");
  assert.ok(!after.some((row) => row.split("\t")[1] === about && /\d/.test(row)), `the line is gone: ${about}`);
  for (const person of [clerk, town, committee]) {
    assert.deepEqual(person.errors, []);
    await person.leave();
  }
  await site.stop();
  await chrome.close();
});
