// Lighthouse as a phone would see both sites: twelve pages, on a server of its own with fresh demo data. Ends with 1
// where accessibility or best practices are below 100, or SEO of a page that search engines may list. How fast a page is
// depends on the machine, so it is printed alone: the median of RUNS (5).
import { spawn } from "node:child_process";
import { accessSync, constants, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, dirname, join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { launch } from "chrome-launcher";
import lighthouse from "lighthouse";
import puppeteer from "puppeteer-core";

const root = join(dirname(fileURLToPath(import.meta.url)), "../..");
const binary = process.env.BINARY ?? join(root, "target/release/digitaldownload");
const runs = Number(process.env.RUNS ?? 5);

/** As Playwright's configuration finds it. */
function chromium() {
  const isExecutable = (file) => {
    try {
      accessSync(file, constants.X_OK);
      return true;
    } catch {
      return false;
    }
  };
  const folders = (process.env.PATH ?? "").split(delimiter);
  const onPath = (name) => folders.map((folder) => join(folder, name)).find(isExecutable);
  return onPath("chromium-headless-shell") ?? onPath("chromium");
}

async function serve(dataDir) {
  const args = ["serve", "--data-dir", dataDir, "--shop-addr", "127.0.0.1:0", "--payments-addr", "127.0.0.1:0"];
  const server = spawn(binary, args, { env: { ...process.env, RUST_LOG: "warn" }, stdio: ["ignore", "pipe", "inherit"] });
  server.once("error", (error) => {
    console.error(`${binary}: ${error.message}. Build it first: cargo build --release --locked -p server`);
    process.exit(2);
  });
  const urls = {};
  for await (const line of createInterface({ input: server.stdout })) {
    if (line === "ready") return { server, urls };
    const [name, url] = line.split(" ");
    urls[name] = url;
  }
  throw new Error("the server did not start; see its messages above");
}

/** What a browser sends back after this form. */
async function cookieAfter(url, fields, cookie = "") {
  const headers = { origin: new URL(url).origin, cookie };
  const answer = await fetch(url, { method: "POST", headers, body: new URLSearchParams(fields), redirect: "manual" });
  if (answer.status !== 303) throw new Error(`${url} answered ${answer.status}`);
  const set = answer.headers.getSetCookie().map((line) => line.split(";")[0]);
  return set.length ? set.join("; ") : cookie;
}

/** John buys a song, and the path of his order. */
async function bought(port, shop) {
  const browser = await puppeteer.connect({ browserURL: `http://127.0.0.1:${port}` });
  const context = await browser.createBrowserContext();
  const page = await context.newPage();
  const press = (button) => Promise.all([page.waitForNavigation(), page.locator(`main button[type=submit]:not([name])::-p-text(${button})`).click()]);
  const signIn = async (password) => {
    await page.locator("input[name=email]").fill("john@example.com");
    await page.locator("input[name=password]").fill(password);
    await press("Sign in");
  };
  await page.goto(`${shop}/checkout/now-and-forever`);
  await signIn("digitaldownload");
  await press("Download Now");
  await signIn("amazonpayments");
  await page.locator("label::-p-text(Account balance)").click();
  await press("Continue");
  await press("Confirm");
  const path = new URL(page.url()).pathname.replace(/\/thank-you$/, "");
  await context.close();
  await browser.disconnect();
  return path;
}

/** The page types: name, address, the cookie of whoever looks, and whether search engines may list it. */
async function pages(port, { shop, payments }) {
  const john = { email: "john@example.com", password: "digitaldownload" };
  const buyer = await cookieAfter(`${shop}/sign-in`, john);
  const withCart = await cookieAfter(`${shop}/cart`, { add: "now-and-forever" }, buyer);
  const order = await bought(port, shop);
  const listed = [
    ["home", "/"],
    ["category", "/?category=music"],
    ["item that sounds", "/items/now-and-forever"],
    ["item that is a font", "/items/halden-grotesk"],
    ["seller", "/sellers/right-here-records"],
    ["help", "/help"],
  ].map(([name, path]) => ({ name, url: shop + path, cookie: "", listed: true }));
  const others = [
    ["search", "/?q=harbour", ""],
    ["sign in", "/sign-in", ""],
    ["cart", "/cart", withCart],
    ["checkout", "/checkout/session-masters", buyer],
    ["order", order, buyer],
  ].map(([name, path, cookie]) => ({ name, url: shop + path, cookie, listed: false }));
  return [...listed, ...others, { name: "Amazon's front", url: `${payments}/`, cookie: "", listed: false }];
}

/** The browser is whoever looks at the page, and has nothing left of the page before. Lighthouse leaves cookies alone. */
async function become({ url, cookie }, port) {
  const browser = await puppeteer.connect({ browserURL: `http://127.0.0.1:${port}` });
  await browser.deleteCookie(...(await browser.cookies()));
  for (const pair of cookie.split("; ").filter(Boolean)) {
    const [name, ...value] = pair.split("=");
    await browser.setCookie({ name, value: value.join("="), domain: new URL(url).hostname, path: "/", httpOnly: true });
  }
  await browser.disconnect();
}

/** One look: the four scores out of 100, and what keeps them from that. */
async function look(page, port, onlyCategories) {
  await become(page, port);
  const result = await lighthouse(page.url, { port, logLevel: "error", output: "json", onlyCategories });
  if (result.lhr.runtimeError) throw new Error(`${page.url}: ${result.lhr.runtimeError.message}`);
  if (result.lhr.finalDisplayedUrl !== page.url) throw new Error(`${page.url} led to ${result.lhr.finalDisplayedUrl}`);
  const scores = {};
  for (const [id, category] of Object.entries(result.lhr.categories)) {
    const failed = category.auditRefs.filter(({ id, weight }) => weight > 0 && (result.lhr.audits[id].score ?? 1) < 1);
    const where = ({ id }) => {
      const nodes = (result.lhr.audits[id].details?.items ?? []).map((item) => item.node?.selector ?? item.description).filter(Boolean);
      return [id, ...nodes.slice(0, 3)].join(" ");
    };
    scores[id] = { score: Math.round(category.score * 100), failed: failed.map(where) };
  }
  return scores;
}

const median = (numbers) => numbers.sort((a, b) => a - b)[Math.floor(numbers.length / 2)];

async function measure(urls) {
  const chrome = await launch({ chromePath: chromium(), chromeFlags: ["--headless", "--no-sandbox", "--disable-gpu"] });
  const failures = [];
  console.log("page                  performance  accessibility  best practices  SEO");
  try {
    for (const page of await pages(chrome.port, urls)) {
      const all = await look(page, chrome.port, ["performance", "accessibility", "best-practices", "seo"]);
      const speeds = [all.performance.score];
      while (speeds.length < runs) speeds.push((await look(page, chrome.port, ["performance"])).performance.score);
      const must = ["accessibility", "best-practices", ...(page.listed ? ["seo"] : [])];
      for (const id of must.filter((id) => all[id].score < 100)) {
        failures.push(`${page.name}: ${id} ${all[id].score}: ${all[id].failed.join("; ")}`);
      }
      const cells = [median(speeds), all.accessibility.score, all["best-practices"].score];
      const seo = page.listed ? String(all.seo.score) : "not listed";
      console.log(page.name.padEnd(22) + [11, 15, 16].map((width, at) => String(cells[at]).padStart(width)).join("") + `  ${seo}`);
    }
  } finally {
    chrome.kill();
  }
  return failures;
}

const dataDir = mkdtempSync(join(tmpdir(), "digitaldownload-lighthouse-"));
const { server, urls } = await serve(dataDir);
console.log(`${binary}, ${runs} ${runs === 1 ? "run" : "runs"} for performance`);
let failures = ["it did not come to an end"];
try {
  failures = await measure(urls);
} finally {
  server.kill("SIGTERM");
  rmSync(dataDir, { recursive: true, force: true });
}
failures.forEach((failure) => console.error(failure));
process.exitCode = failures.length ? 1 : 0;
