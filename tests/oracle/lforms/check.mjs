// Asks LForms (National Library of Medicine), in Chromium, what it makes of questionnaires and responses.
//
// In, as JSON: {forms: {NAME: {questionnaire, responses: {NAME: response}}}, live: {questionnaire, steps}}; a step is
// {click: ID} or {fill: [ID, TEXT]}, with the ids of LForms' elements.
// Out, as JSON: {forms: {NAME: {NAME: result}}, live: {shown, response}, problems}. A result has `thrown` (a response that
// could not be loaded) or `errors` (of validation), `messages` (on items), `enabled` (link ids) and `item` (the answers
// that are given back). `shown` are the questions on the page, at first and after each step.
// Nothing leaves the machine: each request of the page is answered from node_modules or refused.

import { existsSync } from "node:fs";
import { join, normalize } from "node:path";
import { fileURLToPath } from "node:url";
import { json } from "node:stream/consumers";
import { chromium } from "playwright-core";

const ORIGIN = "http://localhost";
const FILES = fileURLToPath(new URL("node_modules/lforms/dist/lforms/", import.meta.url));
const SCRIPTS = [
  "webcomponent/assets/lib/zone.min.js",
  "webcomponent/runtime.js",
  "webcomponent/polyfills.js",
  "webcomponent/main.js",
  "fhir/R4/lformsFHIR.min.js",
];
const PAGE = `<!doctype html><html lang="en"><head><meta charset="utf-8"><link rel="stylesheet" href="/webcomponent/styles.css">
</head><body><div id="form"></div>${SCRIPTS.map((file) => `<script src="/${file}"></script>`).join("")}</body></html>`;
const FLAGS = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

function answer(route, problems) {
  const url = new URL(route.request().url());
  const file = normalize(join(FILES, url.pathname));
  if (url.origin === ORIGIN && url.pathname === "/") return route.fulfill({ contentType: "text/html", body: PAGE });
  if (url.origin === ORIGIN && file.startsWith(FILES) && existsSync(file)) return route.fulfill({ path: file });
  problems.push(`request refused: ${url.origin}${url.pathname}`);
  return route.abort();
}

// Runs in the page.
function check([questionnaire, responses]) {
  const { Util, LFormsData } = window.LForms;
  const one = (response) => {
    try {
      const empty = Util.convertFHIRQuestionnaireToLForms(questionnaire, "R4");
      const form = new LFormsData(Util.mergeFHIRDataIntoLForms("QuestionnaireResponse", response, empty, "R4"));
      return {
        thrown: null,
        errors: form.checkValidity() ?? [],
        messages: form.itemList.filter((item) => item.messages).map((item) => [item.linkId, item.messages]),
        enabled: form.itemList.filter((item) => Util._internalUtil.targetEnabled(item)).map((item) => item.linkId),
        item: Util.getFormFHIRData("QuestionnaireResponse", "R4", form).item ?? [],
      };
    } catch (error) {
      return { thrown: String(error) };
    }
  };
  return Object.fromEntries(Object.entries(responses).map(([name, response]) => [name, one(response)]));
}

async function fillIn(page, { questionnaire, steps }) {
  const texts = () =>
    page.evaluate(() => {
      const labels = [...document.querySelectorAll("#form label[id^='label-']")];
      return labels.filter((label) => label.checkVisibility()).map((label) => label.innerText.trim());
    });
  await page.evaluate((form) => window.LForms.Util.addFormToPage(form, "form", { fhirVersion: "R4" }), questionnaire);
  const shown = [await texts()];
  for (const step of steps) {
    if (step.fill) await page.locator(`[id="${step.fill[0]}"]`).fill(step.fill[1]);
    else await page.locator(`[id="${step.click}"]`).click();
    await page.evaluate(() => new Promise((done) => requestAnimationFrame(() => setTimeout(done, 250))));
    shown.push(await texts());
  }
  return { shown, response: await page.evaluate(() => window.LForms.Util.getFormFHIRData("QuestionnaireResponse", "R4")) };
}

const asked = await json(process.stdin);
const problems = [];
const browser = await chromium.launch({ executablePath: process.env.CHROMIUM, args: FLAGS });
try {
  const page = await browser.newPage({ timezoneId: "UTC", locale: "en-US" });
  page.on("pageerror", (error) => problems.push(`error in the page: ${error}`));
  page.on("console", (line) => line.type() === "error" && problems.push(`console: ${line.text()}`));
  await page.route("**/*", (route) => answer(route, problems));
  await page.goto(ORIGIN);
  await page.waitForFunction(() => window.LForms?.FHIR?.R4);
  const forms = {};
  for (const [name, { questionnaire, responses }] of Object.entries(asked.forms)) {
    forms[name] = await page.evaluate(check, [questionnaire, responses]);
  }
  const live = await fillIn(page, asked.live);
  process.stdout.write(JSON.stringify({ forms, live, problems }));
} finally {
  await browser.close();
}
