// The page of `access report` in a real browser: it says the right things, does nothing that it should not, and can be
// used by mouse, by keyboard, in the dark, on paper and on a telephone.
import { test, before, after } from "node:test";
import assert from "node:assert/strict";
import { launch, open, answers, shot, shotsDir, violations } from "./browser.mjs";

let browser;
before(async () => { browser = await launch(); });
after(() => browser.close());

const cell = (page, row, column) => page.locator(`td[aria-label^="${row}, ${column}: "]`);
const status = (page) => page.locator("#grid-status").textContent();

for (const name of ["cycles", "small", "medium", "hostile", "empty"]) {
  test(`every answer of the page is the evaluator's: ${name}`, async () => {
    const { page, said, close } = await open(browser, name), cells = answers(name).cells ?? [];
    const wrong = await page.evaluate((cells) => {
      const { cell, reasons, data } = globalThis.accessReport, out = [];
      const organization = ["organization", "org_member", "org_audit_logs", "org_ai_secret", "group", "role", "project_group"];
      const kinds = data.kinds.map((k) => data.types[k.type]), lanes = { "-2": organization, "-1": ["org_project", "project", ...kinds], "0": ["project", ...kinds] };
      const known = new Map();
      for (const [p, c, type, want] of cells) {
        const key = p + " " + c;
        if (!known.has(key)) known.set(key, [cell(p, c), reasons(p, c)]);
        const [found, why] = known.get(key), lane = lanes[Math.min(c, 0)].indexOf(type), t = data.types.indexOf(type);
        if (type === "any") {
          const told = why.flatMap((r) => r.tuples).reduce((bits, x) => bits | 1 << x.bit, 0);
          if ((found.whole | found.part) !== want || told !== want) out.push({ p, c, type, want, cell: found.whole | found.part, told });
          continue;
        }
        // What the reasons carry for this type, grants on single things apart, has to be the same once more.
        const told = why.filter((r) => r.things.length === 0 && (![2, 3, 4].includes(r.node) || type === ["org_member", "org_audit_logs", "org_ai_secret"][r.node - 2]))
          .filter((r) => r.node < 5 + data.projects.length || r.node >= 5 + 2 * data.projects.length || type === "project_log")
          .flatMap((r) => r.tuples).filter((x) => x.type < 0 || x.type === t).reduce((bits, x) => bits | 1 << x.bit, 0);
        if (found.lanes[lane] !== want || told !== want) out.push({ p, c, type, want, lane: found.lanes[lane], told });
      }
      return out.slice(0, 5);
    }, cells);
    assert.deepEqual(wrong, []);
    assert.deepEqual(said, []);
    assert.ok(name === "empty" || cells.length > 1000, `${cells.length} answers`);
    await close();
  });
}

test("the demonstration: filter, search, click, keyboard, and why", async () => {
  const { page, said, close } = await open(browser, "demo");
  await shot(page, "light", { fullPage: true });
  assert.equal(await status(page), "6 of 6 groups, 5 of 5 projects");
  assert.equal(await cell(page, "Owners", "Chatbot").getAttribute("data-mix"), "CRUDM");
  assert.equal(await cell(page, "Contractors", "Search").getAttribute("data-mix"), null);

  await cell(page, "Evaluators", "Chatbot").click();
  const why = page.locator("#why");
  assert.match(await why.textContent(), /Evaluators may read everything in Chatbot, and in part create, update and delete/);
  await shot(page, "why-group");

  // A person, by the keyboard alone: the switch, the search, the cell, the panel, and back.
  await page.locator("input[value=groups]").focus();
  await page.keyboard.press("ArrowRight");
  assert.match(await status(page), /^16 of 16 people and service accounts/);
  await page.keyboard.press("Tab");
  await page.keyboard.type("goran");
  assert.match(await status(page), /^1 of 16 people/);
  await page.keyboard.press("Tab");
  await page.keyboard.type("chat");
  assert.match(await status(page), /1 of 5 projects$/);
  await page.locator("#columns").fill("");
  for (let i = 0; i < 3; i++) await page.keyboard.press("Tab");
  await page.keyboard.press("Home");
  await page.keyboard.press("ArrowRight");
  await page.keyboard.press("ArrowRight");
  assert.match(await page.evaluate(() => document.activeElement.getAttribute("aria-label")), /^Goran .*, Chatbot: /);
  await page.keyboard.press("Enter");
  assert.match(await page.evaluate(() => document.activeElement.textContent), /^Goran .* on Chatbot$/);
  await shot(page, "why-person");
  const text = await why.textContent();
  assert.match(text, /Goran [A-Z]\w+ is a member of \w+/);
  assert.match(text, /was granted/);
  assert.match(text, /What is missing/);
  assert.match(text, /btadmin access explain user:goran@acme\.example\.com read project:Chatbot/);
  await page.keyboard.press("Escape");
  assert.match(await page.evaluate(() => document.activeElement.getAttribute("aria-label")), /^Goran .*, Chatbot: /);

  // A heading leaves only what it reaches, and the chip brings the rest back.
  await page.locator("#rows").fill("");
  await page.locator("th[scope=col]", { hasText: "Fraud Review" }).click();
  assert.notEqual((await status(page)).split(" ")[0], "16");
  await page.locator("#chips button").click();
  assert.match(await status(page), /^16 of 16/);
  await page.locator("#right").selectOption("16");
  assert.match(await status(page), /^7 of 16/);
  assert.deepEqual(said, []);
  await close();
});

test("commands can be copied", async () => {
  const { page, said, close } = await open(browser, "demo", { permissions: ["clipboard-read", "clipboard-write"] });
  const button = page.locator("#findings .copy").first();
  await button.click();
  await page.waitForFunction((b) => b.textContent !== "Copy", await button.elementHandle());
  assert.equal(await button.textContent(), "Copied");
  assert.deepEqual(said, []);
  await close();
});

test("groups: choose one, see what is around it", async () => {
  const { page, said, close } = await open(browser, "medium");
  assert.match(await page.locator("#drawing-note").textContent(), /^32 of \d+ groups/);
  await page.locator("#groups").screenshot({ path: `${shotsDir}/groups-medium.png` });
  await page.locator("#drawing .box.group").nth(3).focus();
  await page.keyboard.press("Enter");
  assert.match(await page.locator("#drawing-note").textContent(), /^Around /);
  assert.match(await page.locator("#about-group").textContent(), /What its people get/);
  await page.locator("#groups").screenshot({ path: `${shotsDir}/groups-focus.png` });
  await page.locator("#all-groups").click();
  assert.match(await page.locator("#drawing-note").textContent(), /^32 of /);
  assert.deepEqual(said, []);
  await close();
});

test("names are text, whatever they say", async () => {
  const { page, said, close } = await open(browser, "hostile");
  for (const by of ["groups", "people"]) {
    await page.locator(`input[value=${by}] + span`).click();
    for (const c of await page.locator("td[role=gridcell].h1, td[role=gridcell].h2").all()) await c.click();
  }
  await shot(page, "hostile", { fullPage: true });
  await page.evaluate(() => {
    for (let i = 0; i < document.querySelectorAll("#drawing .box.group").length; i++) {
      document.querySelectorAll("#drawing .box.group")[i].dispatchEvent(new Event("click"));
      document.getElementById("all-groups").click();
    }
  });
  const injected = await page.evaluate(() => [...document.querySelectorAll("script, img, iframe, svg image, [onmouseover], [onerror], a[href^='javascript']")].filter((e) => e.id !== "data").length);
  assert.equal(injected, 1); // the page's own script
  assert.ok((await page.locator("#matrix").textContent()).includes("<script>alert(1)</script>"));
  assert.ok(!(await page.evaluate(() => document.body.innerText)).includes("\u202e"));
  assert.deepEqual(said, []);
  await close();
});

test("five thousand people scroll", async () => {
  const { page, said, close } = await open(browser, "medium");
  await page.locator("input[value=people] + span").click();
  assert.match(await status(page), /^5,000 of 5,000 people .*, 1,\d{3} of 1,\d{3} projects$/);
  const slow = await page.evaluate(async () => {
    const box = document.getElementById("grid"), times = [];
    for (let i = 1; i <= 30; i++) {
      box.scrollTop = (box.scrollHeight / 30) * i;
      box.scrollLeft = (box.scrollWidth / 30) * i;
      const before = performance.now();
      box.dispatchEvent(new Event("scroll"));
      times.push(performance.now() - before);
      await new Promise((r) => requestAnimationFrame(r));
    }
    times.sort((a, b) => a - b);
    return { median: times[15], worst: times[29], cells: document.querySelectorAll("td[role=gridcell]").length };
  });
  console.log(`# a screenful at M: median ${slow.median.toFixed(1)} ms, worst ${slow.worst.toFixed(1)} ms, ${slow.cells} cells in the document`);
  assert.ok(slow.cells < 3000, `${slow.cells} cells in the document`);
  assert.ok(slow.median < 100, `${slow.median} ms for a screenful`);
  assert.ok(await page.locator("td[role=gridcell]").count() > 100);
  await page.locator("td[role=gridcell]").nth(40).click();
  await page.keyboard.press("Control+Home");
  assert.equal(await page.evaluate(() => document.getElementById("grid").scrollTop), 0);
  await page.keyboard.press("Control+End");
  assert.equal(await page.evaluate(() => document.activeElement.closest("tr").getAttribute("aria-rowindex")), "5001");
  await shot(page, "medium");
  assert.deepEqual(said, []);
  await close();
});

for (const [name, options] of [["dark", { colorScheme: "dark" }], ["light", {}]]) {
  test(`accessible: ${name}`, async () => {
    const { page, said, close } = await open(browser, "demo", options);
    await cell(page, "Evaluators", "Chatbot").click();
    await page.locator("#findings details").last().locator("summary").click();
    await page.locator("#drawing .box.group").first().click();
    assert.deepEqual(await violations(page), []);
    await shot(page, `${name}-open`, { fullPage: true });
    assert.deepEqual(said.filter((s) => !s.includes("axe")), []);
    await close();
  });
}

test("on paper there is everything that was chosen", async () => {
  const { page, said, close } = await open(browser, "demo");
  await page.emulateMedia({ media: "print" });
  await page.pdf({ path: `${shotsDir}/print.pdf`, format: "A4", printBackground: true });
  await page.evaluate(() => dispatchEvent(new Event("beforeprint")));
  assert.equal(await page.locator("#paper tbody tr").count(), 6);
  assert.ok(!(await page.locator("#grid").isVisible()));
  await shot(page, "print", { fullPage: true });
  await page.evaluate(() => dispatchEvent(new Event("afterprint")));
  assert.equal(await page.locator("#paper tr").count(), 0);
  assert.deepEqual(said, []);
  await close();
});

test("on a telephone nothing is cut off", async () => {
  const { page, said, close } = await open(browser, "demo", { width: 400, height: 800 });
  assert.ok(await page.evaluate(() => document.documentElement.scrollWidth) <= 400);
  await cell(page, "Evaluators", "Chatbot").click();
  assert.ok(await page.evaluate(() => document.documentElement.scrollWidth) <= 400);
  await shot(page, "narrow", { fullPage: true });
  assert.deepEqual(said, []);
  await close();
});

test("without scripts figures, findings and changes are there", async () => {
  const { page, close } = await open(browser, "small", { javaScriptEnabled: false });
  const text = await page.locator("main").textContent();
  for (const part of ["super-users", "findings", "14 people", "through group:QA (new member)", "they need scripts"]) assert.ok(text.includes(part), part);
  await close();
});
