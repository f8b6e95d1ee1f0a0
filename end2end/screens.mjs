// Takes the pictures of the demo shop's games and programs (server/crates/demo-goods/data/screens): `node screens.mjs FROM TO`,
// where FROM is a folder that `cargo run -p demo-goods --example goods -- FROM` has written.
import { chromium } from "@playwright/test";
import { readdirSync } from "node:fs";
import { join, resolve } from "node:path";

const [from, to] = process.argv.slice(2).map((folder) => resolve(folder));
// CHROMIUM: the browser's program, where it is not the one that Playwright downloads.
const browser = await chromium.launch({ executablePath: process.env.CHROMIUM, args: ["--no-sandbox"] });
const page = await browser.newPage({ viewport: { width: 720, height: 720 }, colorScheme: "light" });

/** A few moves, so that there is something to see. */
async function play() {
  for (const key of ["ArrowRight", "ArrowDown", "ArrowLeft", "ArrowDown", "ArrowUp", "ArrowRight"]) await page.keyboard.press(key);
  for (const cell of [5, 9, 2]) {
    const button = page.locator("#board button").nth(cell);
    if (await button.isVisible().catch(() => false)) await button.click({ timeout: 500 }).catch(() => {});
  }
}

for (const slug of readdirSync(from)) {
  const files = readdirSync(join(from, slug));
  const game = files.includes(`${slug}-demo.html`);
  const file = game ? `${slug}.html` : files.find((name) => name.endsWith(".html"));
  if (!file) continue;
  await page.goto(`file://${join(from, slug, file)}`);
  if (game) await play();
  await page.evaluate(() => scrollTo(0, 0));
  await page.screenshot({ path: join(to, `${slug}.png`) });
}
await browser.close();
