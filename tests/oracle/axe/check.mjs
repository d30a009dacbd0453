// Asks axe-core (Deque), in Chromium, what is wrong with web pages for people who cannot see, or not well.
//
// In, as JSON: a list of [file, scheme, width], with light or dark, and pixels of the screen. Out, as JSON: for each
// {violations, undecided, passed, requests, wide}. `requests` are those beside the file itself, `wide` is by how many
// pixels the page is wider than the screen.

import { readFileSync } from "node:fs";
import { json } from "node:stream/consumers";
import { fileURLToPath, pathToFileURL } from "node:url";
import { chromium } from "playwright-core";

const AXE = readFileSync(fileURLToPath(new URL("node_modules/axe-core/axe.min.js", import.meta.url)), "utf-8");
const FLAGS = ["--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking", "--disable-sync"];

async function look(browser, file, scheme, width) {
  const page = await browser.newPage({ viewport: { width, height: 900 }, colorScheme: scheme });
  const requests = [];
  page.on("request", (request) => requests.push(request.url()));
  await page.goto(pathToFileURL(file).href);
  await page.evaluate(() => document.querySelectorAll("details").forEach((one) => (one.open = true)));
  const wide = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
  await page.evaluate(AXE);
  const found = await page.evaluate(() => window.axe.run(document));
  await page.close();
  const told = (rules) => rules.map((rule) => `${rule.id}: ${rule.nodes[0].html.slice(0, 200)}`);
  return {
    violations: told(found.violations),
    undecided: told(found.incomplete),
    passed: found.passes.map((rule) => rule.id),
    requests: requests.slice(1),
    wide,
  };
}

const browser = await chromium.launch({ executablePath: process.env.CHROMIUM, args: FLAGS });
const found = [];
for (const one of await json(process.stdin)) found.push(await look(browser, ...one));
await browser.close();
process.stdout.write(JSON.stringify(found));
