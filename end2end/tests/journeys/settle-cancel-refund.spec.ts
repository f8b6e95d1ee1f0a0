// Settle, Cancel and Refund of the quick start, step by step, from the shop's own buttons. What the account site's
// buttons do is in account-site.spec.ts.
import type { Page } from "@playwright/test";
import { buy, jane, john, merchant, openAs, operator, refund, reloadUntilVisible } from "../../fixtures/people";
import { madeToOrder, nowAndForever } from "../../fixtures/catalogue";
import { expect, test, type Sites } from "../../fixtures/test";

/** John's reserved order; answers its path, and its page is open. */
async function reserve(page: Page, sites: Sites): Promise<string> {
  const order = await buy(page, sites, madeToOrder.slug, john, /Account balance/);
  await page.goto(sites.shop + order);
  return order;
}

/** John's order of a song, paid and delivered; answers its path, and its page is open. */
async function pay(page: Page, sites: Sites): Promise<string> {
  const order = await buy(page, sites, nowAndForever.slug, john, /Account balance/);
  await page.goto(sites.shop + order);
  return order;
}

/** The order's payment at Amazon Payments, as its sender sees it. */
async function openAtAmazon(page: Page, sites: Sites): Promise<void> {
  const id = await page.getByRole("region", { name: /^(Receipt|The order)$/ }).locator("code").last().textContent();
  await page.goto(`${sites.payments}/account/transactions/${id}`);
  await expect(page.getByRole("heading", { level: 1, name: /^Payment to/ })).toBeVisible();
}

const latest = (page: Page) => page.getByRole("region", { name: "What happened", exact: true }).getByRole("listitem").last();
const press = (page: Page, name: string) => page.getByRole("button", { name, exact: true }).click();
const buttons = (page: Page, name: string) => page.getByRole("button", { name, exact: true });

test("settle, step 1: the merchant's Fulfil sends Settle, and the same transaction is charged", async ({ page, sites }) => {
  const order = await reserve(page, sites);
  await openAtAmazon(page, sites);
  const reserved = page.url();
  await expect(latest(page)).toContainText("Reserved");
  await openAs(page, sites, merchant, order);
  await press(page, "Fulfil");
  await reloadUntilVisible(page, "Settled");
  await page.goto(reserved);
  await expect(latest(page)).toContainText("Success");
  expect(Number(await sites.balanceOf(john.email))).toBeCloseTo(500 - madeToOrder.dollars, 6);
});

test("settle, step 2: Amazon's answer arrives as a signed notification", async ({ page, sites }) => {
  const order = await reserve(page, sites);
  await openAs(page, sites, merchant, order);
  await press(page, "Fulfil");
  await reloadUntilVisible(page, "Settled");
  await openAs(page, sites, operator, "/operator");
  await reloadUntilVisible(page, /SETTLE SUCCESS/);
});

test("settle, step 2: what was not fulfilled within a week is told to have come to nothing", async ({ page, sites }) => {
  const order = await reserve(page, sites);
  await sites.advance(8 * 24 * 3600);
  await openAs(page, sites, merchant, order);
  await reloadUntilVisible(page, "Cancelled. Do not deliver; the $12.00 was never charged.");
  await expect(buttons(page, "Fulfil")).toHaveCount(0);
  expect(Number(await sites.balanceOf(john.email))).toBeCloseTo(500, 6);
});

test("cancel, step 1: the Cancel button is there until the order is fulfilled, and never beside Refund", async ({ page, sites }) => {
  const order = await reserve(page, sites);
  await expect(buttons(page, "Cancel")).toBeVisible();
  await expect(buttons(page, "Refund")).toHaveCount(0);
  await openAs(page, sites, merchant, order);
  await press(page, "Fulfil");
  await reloadUntilVisible(page, "Settled");
  await openAs(page, sites, john, order);
  await expect(buttons(page, "Refund")).toBeVisible();
  await expect(buttons(page, "Cancel")).toHaveCount(0);
});

test("cancel, step 2: the button cancels the transaction, and nothing is held or charged", async ({ page, sites }) => {
  await reserve(page, sites);
  await press(page, "Cancel");
  await expect(page.getByText("The order was cancelled. The $12.00 was never charged.")).toBeVisible();
  await openAtAmazon(page, sites);
  await expect(latest(page)).toContainText("Cancelled");
  expect(Number(await sites.balanceOf(john.email))).toBeCloseTo(500, 6);
  await page.goto(`${sites.payments}/account`);
  await expect(page.getByRole("main").getByText("$500.00")).toBeVisible();
  await expect(page.getByText(/held/)).toHaveCount(0);
});

test("cancel, step 3: everybody is told", async ({ page, sites }) => {
  const order = await reserve(page, sites);
  await press(page, "Cancel");
  await reloadUntilVisible(page, "Cancelled");
  await expect(buttons(page, "Cancel")).toHaveCount(0);
  await openAs(page, sites, merchant, "/sell");
  await expect(page.getByText(`John Doe's order of ${madeToOrder.title} was cancelled. Do not send it.`)).toBeVisible();
  await page.goto(sites.shop + order);
  await expect(buttons(page, "Fulfil")).toHaveCount(0);
  await openAs(page, sites, operator, "/operator");
  await reloadUntilVisible(page, /CANCEL.* CANCELLED/i);
});

test("Pay, refund, steps 1 and 2: the Refund button of a delivered order pays it back by a transaction of its own", async ({ page, sites }) => {
  await pay(page, sites);
  await expect(buttons(page, "Cancel")).toHaveCount(0);
  await refund(page);
  await reloadUntilVisible(page, "$0.99 was paid back, and the download was revoked.");
  await expect(buttons(page, "Refund")).toHaveCount(0);
  await openAtAmazon(page, sites);
  await page.getByRole("region", { name: "Belongs to it" }).getByRole("link", { name: /^Refund/ }).click();
  await expect(latest(page)).toContainText("Success");
  expect(Number(await sites.balanceOf(john.email))).toBeCloseTo(500, 6);
  expect((await sites.ledger()).sum).toMatch(/^0\.0+$/);
});

test("Pay, refund, step 3: everybody is told, and the download is revoked", async ({ page, sites }) => {
  await pay(page, sites);
  const href = await page.getByRole("link", { name: "Download", exact: true }).getAttribute("href");
  await refund(page);
  await reloadUntilVisible(page, "Refunded");
  expect((await page.request.get(new URL(href!, sites.shop).href)).status()).toBe(404);
  await page.goto(`${sites.shop}/library`);
  await expect(page.getByText(/^Revoked on .* because the order was refunded or cancelled\.$/)).toBeVisible();
  await openAs(page, sites, merchant, "/sell");
  await expect(page.getByText(`John Doe's payment for ${nowAndForever.title} was refunded.`)).toBeVisible();
  await openAs(page, sites, operator, "/operator");
  await reloadUntilVisible(page, /REFUND SUCCESS/);
});

test("Reserve, refund: an order that was fulfilled and settled is paid back", async ({ page, sites }) => {
  const order = await reserve(page, sites);
  await openAs(page, sites, merchant, order);
  await press(page, "Fulfil");
  await reloadUntilVisible(page, "Settled");
  await openAs(page, sites, john, order);
  await refund(page);
  await reloadUntilVisible(page, "$12.00 was paid back, and the download was revoked.");
  expect(Number(await sites.balanceOf(john.email))).toBeCloseTo(500, 6);
  expect((await sites.ledger()).sum).toMatch(/^0\.0+$/);
});

test.describe("with a processor that takes its time", () => {
  test.use({ settings: { DD_PROCESSOR_DELAY_MS: "2500" } });

  test("Reserve, refund: what was fulfilled and is not settled yet is settled first, then paid back", async ({ page, sites }) => {
    const order = await buy(page, sites, madeToOrder.slug, jane, /ending in/);
    await openAs(page, sites, merchant, order);
    await reloadUntilVisible(page, "Reserved");
    await press(page, "Fulfil");
    await expect(page.getByText("Fulfilled, payment pending")).toBeVisible();
    await openAs(page, sites, jane, order);
    await expect(page.getByText(/The payment is completed first, because only then can it be paid back\./)).toBeVisible();
    await refund(page);
    await expect(page.getByText("Refund pending")).toBeVisible();
    await reloadUntilVisible(page, "$12.00 was paid back, and the download was revoked.");
    for (const happening of ["Settled", "Refunded"]) await expect(page.getByRole("heading", { level: 3, name: happening })).toBeVisible();
    expect((await sites.ledger()).sum).toMatch(/^0\.0+$/);
  });
});
