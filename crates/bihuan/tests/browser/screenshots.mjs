// The screenshots of the README: `cargo xtask screenshots` takes them anew from the demo.
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { Person, browser, run, serve } from "./kit.mjs";

const LEDGER = `<p>四川省生态环境保护督察移交安澜区问题整改清单</p><table><tr><td>序号</td><td>反馈问题</td><td>整改目标</td><td>整改措施</td><td>整改时限</td><td>牵头单位</td><td>配合单位</td><td>验收单位</td></tr>
<tr><td>1</td><td>汇龙镇场镇污水管网破损，约120立方米/日生活污水直排琼澜河，河水发黑。</td><td>场镇污水应收尽收，琼澜河汇龙段稳定达到Ⅲ类。</td><td>1.修复破损管网1.8公里。<br>2.清淤河道600米。<br>3.建立管网巡查制度。</td><td>2021年9月底前</td><td>汇龙镇政府</td><td>区综合执法局</td><td>区住房和城乡建设局</td></tr></table>`;

run(async () => {
  const chrome = await browser();
  const site = await serve(process.env.DIR, "2021-06-11");
  const shoot = (person, name) => person.page.screenshot({ path: join(process.env.OUT, `${name}.png`) });
  const clerk = await Person.enter(chrome, site.url, "clerk");
  await shoot(clerk, "today");
  const file = join(process.env.WORK, "整改清单.html");
  writeFileSync(file, LEDGER);
  await clerk.go("/intake");
  await clerk.fill({ file, sender: "省督察办", received_on: "2021-06-11" });
  await clerk.send();
  await clerk.go(`${new URL(clerk.page.url()).pathname}/rows`);
  await shoot(clerk, "review");
  await clerk.go("/ledger");
  await shoot(clerk, "ledger");
  const verifier = await Person.enter(chrome, site.url, "verifier");
  await verifier.go("/desk");
  await verifier.page.waitForTimeout(1500);
  await shoot(verifier, "desk");
  const leader = await Person.enter(chrome, site.url, "leader", { viewport: { width: 1920, height: 1080 } });
  await leader.go("/overview/wall");
  await shoot(leader, "wall");
  const phone = await Person.enter(chrome, site.url, "town", { viewport: { width: 390, height: 844 } });
  await shoot(phone, "phone");
  await site.stop();
  await chrome.close();
});
