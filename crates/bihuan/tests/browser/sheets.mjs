// Every leader's page and every river chief's page of the demo, printed: exactly one sheet of A4 each.
import { execFileSync } from "node:child_process";
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { Person, browser, run, serve } from "./kit.mjs";

/** Sheets of a PDF and their sizes in millimetres. */
function sheets(pdf) {
  const told = execFileSync("pdftotext", ["-bbox", pdf, "-"], { encoding: "utf8" });
  return [...told.matchAll(/<page width="([\d.]+)" height="([\d.]+)"/g)].map((page) => [page[1], page[2]].map((points) => (points * 25.4) / 72));
}

run(async () => {
  mkdirSync(process.env.WORK, { recursive: true });
  const chrome = await browser();
  const site = await serve(process.env.DIR, "2021-06-11");
  const clerk = await Person.enter(chrome, site.url, "clerk");
  const links = (start) => clerk.page.locator(`main a[href^="${start}"]`).evaluateAll((all) => all.map((link) => link.getAttribute("href")));
  await clerk.go("/leaders");
  const pages = new Set(await links("/leaders/"));
  const leaders = pages.size;
  await clerk.go("/rivers");
  for (const river of new Set((await links("/rivers/R-")).map((link) => link.split("/").slice(0, 3).join("/")))) {
    await clerk.go(river);
    for (const chief of await links("/rivers/chiefs/")) pages.add(chief);
  }
  if (leaders < 20 || pages.size - leaders < 10) throw new Error(`${leaders} leaders and ${pages.size - leaders} chiefs are too few`);
  const bad = [];
  for (const [at, path] of [...pages].entries()) {
    await clerk.go(path);
    const pdf = join(process.env.WORK, `sheet-${at}.pdf`);
    await clerk.page.pdf({ path: pdf, preferCSSPageSize: true, printBackground: true });
    const found = sheets(pdf);
    const isA4 = found.every(([width, height]) => Math.abs(width - 210) < 1 && Math.abs(height - 297) < 1);
    if (found.length !== 1 || !isA4) bad.push(`${path}: ${found.map((size) => size.map(Math.round).join("×")).join(", ")} (${pdf})`);
  }
  console.error(`${leaders} leaders, ${pages.size - leaders} chiefs`);
  await clerk.leave();
  await site.stop();
  await chrome.close();
  if (bad.length > 0) throw new Error(`${bad.length} of ${pages.size} are not one sheet of A4:\n${bad.join("\n")}`);
});
