// A browser that notes everything a page should not do.
import { chromium } from "playwright-core";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";

const pages = process.env.PAGES, shots = process.env.SHOTS;
const flags = [
  "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
  "--disable-component-update", "--disable-sync",
];

export const launch = () => chromium.launch({ executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium", args: flags });

// open opens a page; said collects console messages, errors, dialogs and requests, of which there must be none.
export async function open(browser, name, { width = 1360, height = 900, ...more } = {}) {
  const context = await browser.newContext({ viewport: { width, height }, ...more });
  const page = await context.newPage(), said = [], url = `file://${pages}/${name}.html`;
  page.on("console", (m) => said.push(`console ${m.type()}: ${m.text()}`));
  page.on("pageerror", (e) => said.push(`error: ${e.stack}`));
  page.on("dialog", (d) => {
    said.push(`dialog: ${d.message()}`);
    d.dismiss();
  });
  page.on("request", (r) => {
    if (r.url() !== url && !r.url().startsWith(url + "#")) said.push(`request: ${r.url().slice(0, 200)}`);
  });
  context.on("page", (p) => p !== page && said.push("another page was opened"));
  await page.goto(url);
  return { page, said, close: () => context.close() };
}

export const answers = (name) => JSON.parse(readFileSync(`${pages}/${name}.json`, "utf8"));
export const shot = (page, name, more = {}) => page.screenshot({ path: `${shots}/${name}.png`, ...more });
export const shotsDir = shots;

// violations are what axe finds that is serious. The page's policy keeps scripts out, so axe is put in from outside.
export async function violations(page) {
  const source = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
  await page.evaluate(source);
  const found = await page.evaluate(() => globalThis.axe.run(document, { resultTypes: ["violations"] }));
  return found.violations.filter((v) => v.impact === "serious" || v.impact === "critical")
    .flatMap((v) => v.nodes.slice(0, 5).map((n) => `${v.id}: ${n.html.slice(0, 160)} ${n.failureSummary?.replaceAll("\n", " ")}`));
}
