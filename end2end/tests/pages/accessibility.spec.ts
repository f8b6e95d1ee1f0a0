// axe-core finds nothing on any page, in light and in dark.
import AxeBuilder from "@axe-core/playwright";
import type { Page } from "@playwright/test";
import { buy, checkOut, chooseInstrument, john, merchant, operator, signInToShop } from "../../fixtures/people";
import { madeToOrder, nowAndForever } from "../../fixtures/catalogue";
import { expect, test } from "../../fixtures/test";

async function expectNothingFound(page: Page): Promise<void> {
  for (const colorScheme of ["light", "dark"] as const) {
    await page.emulateMedia({ colorScheme });
    const { violations } = await new AxeBuilder({ page }).analyze();
    const found = violations.map((v) => `${v.id}: ${v.nodes.map((n) => n.target.join(" ")).join(", ")}`);
    expect(found, `${page.url()} in ${colorScheme}`).toEqual([]);
  }
}

async function expectNoSidewaysScroll(page: Page): Promise<void> {
  await page.setViewportSize({ width: 320, height: 640 });
  const overflow = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
  expect(overflow, `${page.url()} at 320 px`).toBeLessThanOrEqual(0);
  await page.setViewportSize({ width: 1280, height: 720 });
}

async function check(page: Page): Promise<void> {
  await expectNothingFound(page);
  await expectNoSidewaysScroll(page);
}

test("the shop's public pages", async ({ page, sites }) => {
  for (const path of ["/", "/?q=nothing-like-this", "/?category=music", `/items/${nowAndForever.slug}`, "/sign-in", "/sign-up", "/no-such-page"]) {
    await page.goto(sites.shop + path);
    await check(page);
  }
});

test("the way of a purchase", async ({ page, sites }) => {
  await page.goto(`${sites.payments}/`);
  await check(page);
  await checkOut(page, sites, nowAndForever.slug, john);
  await check(page);
  await page.goBack();
  await check(page);
  await page.goForward();
  await chooseInstrument(page, john, /Account balance/);
  await check(page);
  await page.goBack();
  await check(page);
  await page.goForward();
  await page.getByRole("button", { name: "Confirm" }).click();
  await expect(page.getByRole("heading", { level: 1, name: "Thank You" })).toBeVisible();
  await check(page);
  const order = new URL(page.url()).pathname.replace(/\/thank-you$/, "");
  for (const path of [order, "/orders", "/library", "/sell"]) {
    await page.goto(sites.shop + path);
    await check(page);
  }
  await page.goto(`${sites.payments}/account`);
  await check(page);
  await page.goto(`${sites.payments}/cobranded-ui/no-such-authorization/confirm`);
  await check(page);
});

test("the merchant's and the operator's pages", async ({ page, sites, browser }) => {
  const buyer = await browser.newPage();
  const order = await buy(buyer, sites, madeToOrder.slug, john, /Account balance/);
  await buyer.close();
  await signInToShop(page, sites, merchant);
  for (const path of ["/sell", "/sell/items/new", order]) {
    await page.goto(sites.shop + path);
    await check(page);
  }
  await page.getByRole("button", { name: "Sign out" }).click();
  await signInToShop(page, sites, operator);
  await page.goto(`${sites.shop}/operator`);
  await check(page);
});
