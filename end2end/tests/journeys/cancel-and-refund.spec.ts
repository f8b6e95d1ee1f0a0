// Cancel and Refund of the quick start, from the shop's own buttons.
import { buy, john, reloadUntilVisible } from "../../fixtures/people";
import { madeToOrder, nowAndForever } from "../../fixtures/catalogue";
import { expect, test } from "../../fixtures/test";

test("the buyer cancels a reserved order before it is fulfilled; nothing is charged", async ({ page, sites }) => {
  const order = await buy(page, sites, madeToOrder.slug, john, /Account balance/);
  await page.goto(`${sites.shop}${order}`);
  await expect(page.getByRole("button", { name: "Refund" })).toHaveCount(0);
  await page.getByRole("button", { name: "Cancel" }).click();
  await reloadUntilVisible(page, "Cancelled");
  await expect(page.getByRole("button", { name: "Cancel" })).toHaveCount(0);
  expect(Number(await sites.balanceOf(john.email))).toBeCloseTo(500, 6);
  expect((await sites.ledger()).sum).toMatch(/^0\.0+$/);
});

test("the buyer gets a refund of a delivered order; the download is revoked", async ({ page, sites }) => {
  const order = await buy(page, sites, nowAndForever.slug, john, /Account balance/);
  await page.goto(`${sites.shop}/library`);
  const href = await page.getByRole("main").getByRole("link", { name: /Download/ }).first().getAttribute("href");
  await page.goto(`${sites.shop}${order}`);
  await expect(page.getByRole("button", { name: "Cancel" })).toHaveCount(0);
  await page.getByRole("button", { name: "Refund" }).click();
  await reloadUntilVisible(page, "Refunded");
  await expect(page.getByRole("button", { name: "Refund" })).toHaveCount(0);
  expect(Number(await sites.balanceOf(john.email))).toBeCloseTo(500, 6);
  expect((await sites.ledger()).sum).toMatch(/^0\.0+$/);
  const file = await page.request.get(new URL(href!, sites.shop).href);
  expect(file.status()).toBeGreaterThanOrEqual(400);
  await page.goto(`${sites.shop}/library`);
  await expect(page.getByRole("main").getByText(/revoked|refunded/i).first()).toBeVisible();
});
