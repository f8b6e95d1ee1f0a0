// axe-core finds nothing on any page of the lab, in light and in dark.
import { check } from "../../fixtures/accessibility";
import { nowAndForever } from "../../fixtures/catalogue";
import { buy, john } from "../../fixtures/people";
import { expect, test } from "../../fixtures/test";

test.describe.configure({ timeout: 180_000 });

test("before anything has happened", async ({ page, sites }) => {
  for (const path of ["", "?order=nobodys", "/follow", "/follow?order=nobodys", "/beside", "/requests", "/notifications", "/signature", "/books", "/lessons", "/lessons/why-redirect", "/attack", "/sign-in", "/doctor", "/reset"]) {
    await page.goto(`${sites.payments}/lab${path}`);
    await check(page);
  }
});

test("what can be done by hand", async ({ page, sites }) => {
  for (const path of ["clock", "faults", "accounts", "scenarios"]) {
    await page.goto(`${sites.payments}/lab/${path}`);
    await page.locator("details").evaluateAll((all) => all.forEach((one) => ((one as HTMLDetailsElement).open = true)));
    await check(page);
  }
  await page.goto(`${sites.payments}/lab/clock`);
  await page.getByLabel(/how far forward/).fill("soon");
  await page.getByRole("button", { name: /Moves, stops or starts the clock/ }).click();
  await expect(page.getByRole("alert")).toContainText("must be a length of time, such as 7d");
  await check(page);
  await page.getByLabel(/how far forward/).fill("7d");
  await page.getByRole("button", { name: /Moves, stops or starts the clock/ }).click();
  await expect(page.getByRole("status")).toContainText("604800");
  await check(page);
});

test("snapshots", async ({ page, sites }) => {
  await page.goto(`${sites.payments}/lab/snapshots`);
  await check(page);
  await page.getByLabel("Name").fill("Not a name");
  await page.getByRole("button", { name: "Keep how it is now" }).click();
  await expect(page.getByRole("alert")).toContainText("lower-case letters");
  await check(page);
  await page.getByLabel("Name").fill("before");
  await page.getByRole("button", { name: "Keep how it is now" }).click();
  await expect(page.getByRole("status")).toContainText("Kept: before.");
  await page.locator("details").evaluateAll((all) => all.forEach((one) => ((one as HTMLDetailsElement).open = true)));
  await check(page);
  await buy(page, sites, nowAndForever.slug, john, /Account balance/);
  await page.goto(`${sites.payments}/lab/snapshots/diff`);
  await page.locator("details").evaluateAll((all) => all.forEach((one) => ((one as HTMLDetailsElement).open = true)));
  await check(page);
});

test("after a purchase", async ({ page, sites }) => {
  await buy(page, sites, nowAndForever.slug, john, /Account balance/);
  await page.getByRole("link", { name: "Follow the money" }).click();
  await expect(page.getByRole("heading", { level: 1 })).toBeVisible();
  await check(page);
  for (const path of ["", "/beside", "/books", "/notifications", "/requests"]) {
    await page.goto(`${sites.payments}/lab${path}`);
    await check(page);
  }
  await page.goto(`${sites.payments}/lab/requests?action=Pay`);
  await page.getByRole("table").getByRole("link").first().click();
  await check(page);
  await page.goto(`${sites.payments}/lab/notifications`);
  await page.getByRole("table").getByRole("link").first().click();
  await check(page);
  await page.goto(`${sites.payments}/lab/books`);
  await page.getByRole("row", { name: /John Doe/ }).getByRole("link").first().click();
  await check(page);
  await page.getByRole("main").locator('a[href*="/lab/books/transactions/"]').first().click();
  await check(page);
});
