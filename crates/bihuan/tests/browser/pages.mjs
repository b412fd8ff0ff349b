// Every page of every role: axe finds nothing serious; nothing scrolls sideways at 390 px, at 1366 px, and at 200 % zoom.
import { Person, browser, faults, run, serve, sideways } from "./kit.mjs";

/** Rounds of the demo: void, drawn and looked at, waiting for its frame, drawn crosswise. */
const ROUNDS = ["R-2021-006", "R-2021-007", "R-2021-008", "R-2021-003"].flatMap((id) =>
  ["", "/draw", "/draw/verify", "/draw/freeze", "/draw/commit", "/assign", "/cross"].map((page) => `/rounds/${id}${page}`));
/** A published board, the running one, statements, forms. */
const RANK = ["2021-05", "2021-06", "2021-05/u-town-05", "2021-06/u-town-05", "2021-05/publish", "published/PM-2021-05-district-default/confirm",
  "published/PM-2021-05-district-default/object?unit=u-town-05", "2021-06?scheme=anyang-2022"].map((page) => `/rank/${page}`);
/** The meter, a month of a unit, the list behind a figure, surveys at every step, complaints. */
const BURDEN = ["/burden", "/burden?month=2021-05", "/burden/units/u-town-12/2021-05", "/burden/units/u-town-12/2021-05?of=fields", "/burden/units/u-town-12/2021-06",
  "/burden/surveys", "/burden/surveys/new", "/burden/surveys/TB-2021-001", "/burden/surveys/TB-2021-002", "/burden/surveys/TB-2021-002/answer",
  "/burden/surveys/TB-2021-003", "/burden/surveys/TB-2021-003/approve", "/burden/surveys/TB-2021-003/revise", "/burden/complaints",
  "/burden/complaints/JF-2021-001", "/burden/complaints/JF-2021-002", "/burden/complaints/JF-2021-002/answer", "/complaint-box?page=/tasks", "/complaint-box/sent"];
/** Pages that every role is asked for; what a role may not see answers 404 and is looked at too. */
const PAGES = ["/", "/tasks", "/tasks?state=claimed&q=污水", "/tasks?q=没有这样的问题", "/desk", "/intake", "/problems/new", "/styleguide", "/account",
  "/accounts", "/office", "/messages", "/messages/settings", "/outbox", "/notices", "/sustain", "/procedure", "/calendar", "/ledger", "/audit", "/no-such-page",
  "/meetings", "/meetings/new", "/meetings/M-2021-001", "/meetings/M-2021-002", "/meetings/M-2021-003/pack", "/meetings/M-2021-003/open",
  "/meetings/M-2021-001/close-item?item=1", "/meetings/M-2021-001/answer?item=8&demand=2", "/meetings/M-2021-001/minutes", "/documents",
  "/documents/new?kind=circular", "/documents/templates", "/documents/D-2021-001", "/documents/D-2021-001/receive", "/documents/D-2021-007",
  "/films", "/films/new", "/films/W-2021-001", "/films/W-2021-002", "/films/W-2021-002/enter", "/films/W-2021-002/problem?item=6",
  "/duties", "/duties?by=field&state=proposed", "/duties/B-001", "/duties/B-001/revise", "/duties/new", "/duties/print",
  "/duties/gaps", "/duties/import", "/answer", "/answer?area=u-town-05&field=sewage&on=2021-03-01", "/handovers", "/handovers/J-2021-002", "/handovers/new",
  "/rank", "/rank?scheme=guangyuan-cards", "/supervise", "/supervise?ladder=guangyuan-2018", "/supervise/try", "/supervise/DB-2021-001", "/supervise/DB-2021-002", "/supervise/DB-2021-001/verify",
  ...RANK, "/rank/figures", "/rank/figures/new", ...BURDEN,
  "/overview", "/overview/wall", "/overview/review", "/overview/review?month=2021-02", "/overview/review?month=2019-01", "/overview/towns/u-town-05",
  "/tasks?open=yes&late=quarter-longer", "/tasks?finished=2021-05&kept=no",
  "/past", "/past/compare?from=2021-04-30&to=2021-05-31", "/past/compare?from=x", "/?as-of=2021-03-31", "/tasks?as-of=2021-03-31", "/rank?as-of=2021-03-31",
  "/leaders", "/leaders/post-mayor", "/leaders/post-town-05-2",
  "/rounds", "/rounds/new", ...ROUNDS];
/** Roles that see little of their own: each page is looked at by two of the four. */
const HALVES = ["verifier", "inspector", "auditor", "administrator"];
const ROLES = ["clerk", "town", "verifier", "leader", "inspector", "auditor", "administrator"];
/** 683 px is what is left of 1366 px at 200 % zoom. */
const SCREENS = [{ width: 1366, height: 768 }, { width: 683, height: 384 }, { width: 390, height: 844 }];

run(async () => {
  const chrome = await browser();
  const site = await serve(process.env.DIR, "2021-06-11");
  const bad = [];
  const refused = new Set();
  const look = async (person, path, languages) => {
    const answer = await person.go(path);
    // What a role may not see is the same page each time: it is looked at once.
    if (answer.status() === 404 && (refused.has(person.role) || !refused.add(person.role))) return;
    for (const screen of SCREENS) {
      await person.page.setViewportSize(screen);
      const over = await sideways(person.page);
      if (over > 0) bad.push(`${person.role} ${path} at ${screen.width} px scrolls ${over} px sideways`);
    }
    for (const fault of await faults(person.page)) bad.push(`${person.role} ${path}: ${fault}`);
    if (languages && (await person.text("html")).includes("⟦")) bad.push(`${person.role} ${path}: a word is missing`);
  };
  for (const role of ROLES) {
    const person = await Person.enter(chrome, site.url, role);
    const n = HALVES.indexOf(role);
    const pages = n < 0 ? PAGES : PAGES.filter((_, page) => (page + n) % 2 === 0);
    for (const path of pages) await look(person, path, true);
    await person.go("/tasks?state=" + { town: "rectifying", verifier: "claimed", leader: "pending_signature", inspector: "closed" }[role]);
    const link = person.page.locator("td.title a").first();
    if ((await link.count()) > 0) {
      const task = await link.getAttribute("href");
      await look(person, task, true);
      const acts = await person.page.locator(".acts a").evaluateAll((links) => links.map((each) => each.getAttribute("href")));
      for (const act of acts) await look(person, act, true);
    }
    await person.go("/?lang=en");
    for (const path of PAGES.slice(0, 6)) await look(person, path, true);
    await person.leave();
  }
  const stranger = await chrome.newPage();
  await look(new Person(stranger, site.url, "nobody"), "/", true);
  await site.stop();
  await chrome.close();
  if (bad.length > 0) throw new Error(bad.join("\n"));
});
