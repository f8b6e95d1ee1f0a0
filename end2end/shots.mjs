// run inside end2end: EXE=$(which chromium-headless-shell) node shots.mjs list.json
import { chromium } from "playwright-core";
import fs from "node:fs";
const list = JSON.parse(fs.readFileSync(process.argv[2]));
const shop = "http://localhost:4310", pay = "http://127.0.0.1:4311";
const browser = await chromium.launch({ executablePath: process.env.EXE });
fs.mkdirSync("/tmp/shots", { recursive: true });
const modes = { wide: { viewport: { width: 1280, height: 900 } }, narrow: { viewport: { width: 320, height: 800 } }, dark: { viewport: { width: 1280, height: 900 }, colorScheme: "dark" } };
for (const [mode, options] of Object.entries(modes)) {
  if (process.env.MODES && !process.env.MODES.includes(mode)) continue;
  const contexts = {};
  for (const { name, who, path, full, site, steps } of list) {
    const base = site === "pay" ? pay : shop;
    const key = (who ?? "nobody") + base;
    if (!contexts[key]) {
      contexts[key] = await browser.newContext(options);
      if (who) {
        const page = await contexts[key].newPage();
        await page.goto(base + (site === "pay" ? "/account/sign-in" : "/sign-in"));
        await page.fill("input[name=email]", who);
        await page.fill("input[name=password]", site === "pay" ? "amazonpayments" : "digitaldownload");
        await page.locator("main button[type=submit]").first().click();
        await page.waitForLoadState();
        await page.close();
      }
    }
    const page = await contexts[key].newPage();
    const problems = [];
    page.on("console", m => { if (m.type() === "error") problems.push(m.text()); });
    try {
      const r = await page.goto(base + path);
      for (const s of steps ?? []) {
        if (s.click) await page.locator(s.click).first().click();
        if (s.fill) await page.locator(s.fill).first().fill(s.value);
        if (s.wait) await page.waitForLoadState();
      }
      await page.waitForTimeout(150);
      const over = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
      const h = await page.evaluate(() => document.documentElement.scrollHeight);
      await page.screenshot({ path: `/tmp/shots/${name}-${mode}.png`, fullPage: full !== false && h < 6000 });
      console.log(mode, name, r.status(), page.url(), "h", h, over > 0 ? `OVERFLOW ${over}` : "", problems.join(" | "));
    } catch (e) { console.log(mode, name, "FAILED", String(e).split("\n")[0]); }
    await page.close();
  }
}
await browser.close();
