// The Back button shows what is so: nothing of a person who signed out, on either site, and no page that was left while
// something was under way.
import type { Page } from "@playwright/test";
import { madeToOrder } from "../../fixtures/catalogue";
import { buy, jane, john, merchant, signInToAmazon, signInToShop } from "../../fixtures/people";
import { expect, test } from "../../fixtures/test";

test("a page of a person who signed out does not come back", async ({ page, sites }) => {
  await signInToShop(page, sites, john);
  await page.goto(`${sites.shop}/orders`);
  await page.getByRole("button", { name: "Sign out" }).click();
  await expect(page.getByRole("link", { name: "Sign in" })).toBeVisible();
  await page.goBack();
  await expect(page.getByRole("heading", { level: 1, name: "Sign in" })).toBeVisible();
  await signInToAmazon(page, sites, john);
  await page.goto(`${sites.payments}/account`);
  await expect(page.getByText("john@example.com").first()).toBeVisible();
  await page.getByRole("button", { name: "Sign out" }).click();
  await page.goBack();
  await expect(page.getByRole("heading", { level: 1, name: "Sign in" })).toBeVisible();
});

/** The browser shows a page that it has kept as it was; this one keeps none by itself under Playwright. */
const showAsKept = (page: Page) =>
  page.evaluate(() => window.dispatchEvent(new PageTransitionEvent("pageshow", { persisted: true })));

test.describe("where scripts run", () => {
  test.skip(({ javaScriptEnabled }) => !javaScriptEnabled, "without scripts nothing is kept alive");

  test("a page that was kept as it was is asked for again", async ({ page, sites }) => {
    await signInToShop(page, sites, john);
    await page.goto(`${sites.shop}/orders`);
    await page.request.post(`${sites.shop}/sign-out`, { headers: { origin: sites.shop } });
    await showAsKept(page);
    await expect(page.getByRole("heading", { level: 1, name: "Sign in" })).toBeVisible();
  });

  test("Back to an order that went on meanwhile", async ({ page, sites }) => {
    const order = await buy(page, sites, madeToOrder.slug, john, /Account balance/);
    await page.goto(sites.shop + order);
    await expect(page.locator(".order-status")).toHaveText("Reserved");
    await page.goto(`${sites.shop}/help`);
    const answer = await page.request.post(`${sites.shop}${order}/cancel`, { form: { cancel_reason: "" }, headers: { origin: sites.shop } });
    expect(answer.ok()).toBe(true);
    await page.goBack();
    await expect(page.locator(".order-status")).toHaveText("Cancelled");
  });

  test("an order's page hears what its seller does, keeps what is typed, and goes with the session", async ({ page, sites, browser }) => {
    const order = await buy(page, sites, madeToOrder.slug, john, /Account balance/);
    await page.goto(sites.shop + order);
    await expect(page.locator(".order-status")).toHaveText("Reserved");
    await page.getByLabel("Your message").fill("When will it");
    const seller = await browser.newPage();
    await signInToShop(seller, sites, merchant);
    await seller.goto(sites.shop + order);
    await seller.getByRole("main").getByRole("button", { name: "Fulfil", exact: true }).click();
    await expect(page.locator(".order-status")).toHaveText("Paid");
    await expect(page.getByLabel("Your message")).toHaveValue("When will it");
    await seller.close();
  });

  test("an order's page without a stream asks now and then", async ({ page, sites }) => {
    await page.addInitScript(() => Reflect.deleteProperty(window, "EventSource"));
    const order = await buy(page, sites, madeToOrder.slug, jane, /ending in/);
    await page.goto(sites.shop + order);
    await page.request.post(`${sites.shop}${order}/cancel`, { form: { cancel_reason: "" }, headers: { origin: sites.shop } });
    await expect(page.locator(".order-status")).toHaveText("Cancelled", { timeout: 15_000 });
  });
});
