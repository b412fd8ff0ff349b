// What every browser test shares: the program, people who act in it, and what a page must never be.
import { spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { chromium } from "playwright-core";

const axeSource = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

/** Starts the demo over a folder as of a day; gives its address and a way to stop it. */
export async function serve(dir, day) {
  const program = spawn(process.env.BIHUAN, ["demo", "--dir", dir, "--listen", "127.0.0.1:0", "--as-of", day], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  process.on("exit", () => program.kill("SIGKILL"));
  const url = await new Promise((resolve, reject) => {
    let told = "";
    program.stdout.on("data", (piece) => {
      told += piece;
      const found = told.match(/→ (http:\/\/127\.0\.0\.1:\d+)\//);
      if (found) resolve(found[1]);
    });
    program.on("exit", (code) => reject(new Error(`the program ended with ${code} before it served: ${told}`)));
  });
  const stop = () =>
    new Promise((resolve) => {
      program.removeAllListeners("exit");
      program.on("exit", resolve);
      program.kill("SIGTERM");
    });
  return { url, stop };
}

/** A real Chromium, without network beyond the loopback. */
export function browser(more = []) {
  return chromium.launch({
    executablePath: process.env.CHROMIUM || "/usr/bin/chromium",
    args: ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update",
      "--disable-sync", "--host-resolver-rules=MAP * ~NOTFOUND , EXCLUDE 127.0.0.1", ...more],
  });
}

/** Somebody in the district, signed in through a role card. */
export class Person {
  static async enter(chrome, url, role, options = {}) {
    const context = await chrome.newContext({ viewport: { width: 1366, height: 768 }, locale: "zh-CN", ...options });
    const page = await context.newPage();
    page.setDefaultTimeout(20_000);
    const person = new Person(page, url, role);
    page.on("pageerror", (error) => person.errors.push(String(error)));
    page.on("console", (message) => {
      // What the browser says about a status code is asserted where it matters.
      if (message.type() === "error" && !message.text().startsWith("Failed to load resource")) person.errors.push(message.text());
    });
    await person.go("/");
    await page.locator(`form:has(input[name=role][value=${role}]) button`).click();
    await page.waitForSelector("nav:visible");
    return person;
  }

  constructor(page, url, role) {
    this.page = page;
    this.url = url;
    this.role = role;
    this.errors = [];
    this.mouse = process.env.MOUSE !== "off";
  }

  /** Presses Tab until an element has the focus, as somebody without a mouse does. */
  async reach(element) {
    const handle = await element.elementHandle();
    for (let presses = 0; presses < 600; presses += 1) {
      if (await handle.evaluate((wanted) => wanted === document.activeElement)) return;
      await this.page.keyboard.press("Tab");
    }
    throw new Error(`${this.role}: the keyboard does not reach ${await handle.evaluate((wanted) => wanted.outerHTML.slice(0, 120))}`);
  }

  /** Follows a link or presses a button. */
  async press(element) {
    if (this.mouse) return element.click();
    await this.reach(element);
    return this.page.keyboard.press("Enter");
  }

  async type(field, text) {
    if (this.mouse) return field.fill(text);
    await this.reach(field);
    await this.page.keyboard.press("ControlOrMeta+a");
    return this.page.keyboard.insertText(text);
  }

  async tick(box) {
    if (this.mouse || (await box.isChecked())) return box.check();
    const [name, value, kind] = await box.evaluate((each) => [each.name, each.value, each.type]);
    if (kind === "checkbox") {
      await this.reach(box);
      return this.page.keyboard.press("Space");
    }
    // Tab comes to one of a group of radio buttons; the arrows go on inside it.
    const group = this.page.locator(`main [name="${name}"]`);
    const held = group.locator("xpath=self::*[@checked]").first();
    await this.reach((await held.count()) > 0 ? held : group.first());
    if (!(await group.first().isChecked()) && (await held.count()) === 0) await this.page.keyboard.press("Space");
    for (let presses = 0; presses < 20 && !(await box.isChecked()); presses += 1) await this.page.keyboard.press("ArrowDown");
    if (!(await box.isChecked())) throw new Error(`${this.role}: the arrows do not reach ${name}=${value}`);
    return undefined;
  }

  async choose(menu, value) {
    const words = await menu.locator("option").evaluateAll((options) => options.map((option) => [option.value, option.textContent.trim()]));
    const at = words.findIndex(([code, text]) => code === value || text === value);
    if (at < 0) throw new Error(`no option ${value} among ${words.map((each) => each[1]).join("、")}`);
    if (this.mouse) return menu.selectOption(words[at][0]);
    await this.reach(menu);
    await this.page.keyboard.press("Home");
    for (let presses = 0; presses < at; presses += 1) await this.page.keyboard.press("ArrowDown");
    return undefined;
  }

  async go(path) {
    return this.page.goto(path.startsWith("http") ? path : this.url + path);
  }

  /** Fills a form in: text, menus by value or words, boxes and buttons by value. */
  async fill(values) {
    for (const [name, value] of Object.entries(values)) {
      const field = this.page.locator(`main [name="${name}"]`);
      const first = field.first();
      if ((await field.count()) === 0) throw new Error(`${this.role}: no field ${name} on ${this.page.url()}`);
      const kind = await first.evaluate((input) => (input.type === "select-one" ? "select" : input.type));
      if (kind === "select") {
        const many = Array.isArray(value) ? value : [value];
        for (let at = 0; at < many.length; at += 1) await this.choose(field.nth(at), many[at]);
      } else if (kind === "radio" || kind === "checkbox") {
        for (const each of [value].flat()) await this.tick(this.page.locator(`main [name="${name}"][value="${each}"]`));
      } else if (kind === "file") {
        await first.setInputFiles(value);
      } else {
        const many = Array.isArray(value) ? value : [value];
        for (let at = 0; at < many.length; at += 1) await this.type(field.nth(at), many[at]);
      }
    }
  }

  /** Sends the form of the page and waits for the answer. */
  async send(button = "main button.main") {
    await Promise.all([this.page.waitForNavigation(), this.press(this.page.locator(button).first())]);
  }

  /** Acts on a task: opens the form of the verb, fills it in, sends it; the act must stand in the ledger. */
  async act(task, verb, values = {}) {
    await this.go(`/tasks/${task}`);
    const link = this.page.locator(`.acts a[href="/tasks/${task}/${verb}"]`);
    if ((await link.count()) === 0) throw new Error(`${this.role} is not offered ${verb} on ${task}: ${await this.text(".bar")}`);
    await Promise.all([this.page.waitForNavigation(), this.press(link)]);
    await this.fill(values);
    await this.send();
    if (!this.page.url().includes(`/tasks/${task}`) || this.page.url().includes(verb)) {
      throw new Error(`${this.role} could not ${verb}: ${await this.page.locator("main").innerText()}`);
    }
  }

  async text(selector = "main") {
    return this.page.locator(selector).first().innerText();
  }

  async leave() {
    if (this.errors.length > 0) throw new Error(`${this.role}: the browser reported ${this.errors.join(" | ")}`);
    await this.page.context().close();
  }
}

/** What axe calls serious or critical on the page as it stands. */
export async function faults(page) {
  await page.evaluate(axeSource);
  const found = await page.evaluate(() => window.axe.run(document, { resultTypes: ["violations"] }));
  return found.violations
    .filter((violation) => ["serious", "critical"].includes(violation.impact))
    .map((violation) => `${violation.id}: ${violation.nodes.slice(0, 3).map((node) => node.target.join(" ")).join(", ")}`);
}

/** How many pixels the page can be scrolled sideways. */
export function sideways(page) {
  return page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
}

/** Ends with status 1 and the reason when anything went wrong. */
export async function run(test) {
  try {
    await test();
  } catch (error) {
    console.error(error);
    process.exit(1);
  }
  process.exit(0);
}
