// The sender's and the recipient's account at Amazon Payments, and what the shop makes of it.
import type { Page } from "@playwright/test";
import {
  afterTheRefundDays,
  buy,
  checkOut,
  john,
  merchant,
  operator,
  reloadUntilVisible,
  signInToAmazon,
  signInToShop,
} from "../../fixtures/people";
import { madeToOrder, nowAndForever } from "../../fixtures/catalogue";
import { expect, test, type Sites } from "../../fixtures/test";

/** The latest payment on the activity page. */
async function openLatestPayment(page: Page, sites: Sites): Promise<void> {
  await page.goto(`${sites.payments}/account`);
  await page.getByRole("main").getByRole("link", { name: /^Payment (to|from)/ }).first().click();
}

test("the sender cancels a reserved payment at Amazon Payments; the shop shows it", async ({ page, sites }) => {
  const order = await buy(page, sites, madeToOrder.slug, john, /Account balance/);
  await openLatestPayment(page, sites);
  await page.getByRole("button", { name: "Cancel this payment" }).click();
  await expect(page.getByRole("main").getByText("Cancelled").first()).toBeVisible();
  await page.goto(sites.shop + order);
  await reloadUntilVisible(page, "Cancelled");
  expect(Number(await sites.balanceOf(john.email))).toBeCloseTo(500, 6);
});

test("the sender asks for a refund; the merchant answers in the shop; the download is revoked", async ({ page, sites }) => {
  const order = await buy(page, sites, nowAndForever.slug, john, /Account balance/);
  await afterTheRefundDays(page, sites, john);
  await openLatestPayment(page, sites);
  await page.getByLabel("Reason").fill("It stops in the middle.");
  await page.getByRole("button", { name: "Ask for a refund" }).click();
  await expect(page.getByRole("main").getByText(/You asked/).first()).toBeVisible();

  await signInToShop(page, sites, merchant);
  await page.goto(sites.shop + order);
  await reloadUntilVisible(page, "It stops in the middle.");
  await page.getByRole("button", { name: /Refund/ }).first().click();
  await reloadUntilVisible(page, "Refunded");
  expect(Number(await sites.balanceOf(john.email))).toBeCloseTo(500, 6);

  await signInToShop(page, sites, john);
  await page.goto(`${sites.shop}/library`);
  await expect(page.getByRole("main").getByText(/revoked|refunded/i).first()).toBeVisible();
});

test("the recipient gives a refund at Amazon Payments; the shop shows it", async ({ page, sites }) => {
  const order = await buy(page, sites, nowAndForever.slug, john, /Account balance/);
  await signInToAmazon(page, sites, merchant);
  await openLatestPayment(page, sites);
  await page.getByRole("button", { name: "Refund" }).click();
  await expect(page.getByRole("main").getByText(/Refund/).first()).toBeVisible();
  await page.goto(sites.shop + order);
  await reloadUntilVisible(page, "Refunded");
  expect(Number(await sites.balanceOf(john.email))).toBeCloseTo(500, 6);
});

test("the recipient gives a part back; the order says so and the download stays", async ({ page, sites }) => {
  const order = await buy(page, sites, madeToOrder.slug, john, /Account balance/);
  await signInToShop(page, sites, merchant);
  await page.goto(sites.shop + order);
  await page.getByRole("button", { name: /Fulfil/ }).click();
  await reloadUntilVisible(page, "Settled");

  await signInToAmazon(page, sites, merchant);
  await openLatestPayment(page, sites);
  const amount = page.getByLabel("Amount in US dollars");
  await amount.fill("12.01");
  await page.getByRole("button", { name: "Refund" }).click();
  await expect(page.getByRole("alert")).toBeVisible();
  await amount.fill("2.00");
  await page.getByLabel(/^Note/).fill("For the scratch.");
  await page.getByRole("button", { name: "Refund" }).click();
  await expect(page.getByText("The refund has reached John Doe.")).toBeVisible();

  await page.goto(sites.shop + order);
  await reloadUntilVisible(page, "Partly refunded");
  await page.goto(`${sites.shop}/sell`);
  await expect(page.getByRole("main").getByText("Paid to you so far")).toContainText("$8.59");
  await signInToShop(page, sites, john);
  await page.goto(`${sites.shop}/library`);
  await expect(page.getByRole("main").getByRole("link", { name: /Download/ }).first()).toBeVisible();
  expect(Number(await sites.balanceOf(john.email))).toBeCloseTo(490, 6);
  expect((await sites.ledger()).sum).toMatch(/^0\.0+$/);
});

test("a request for a refund waits for merchant and operator; the merchant declines, and the buyer reads it in the shop", async ({ page, sites }) => {
  const order = await buy(page, sites, nowAndForever.slug, john, /Account balance/);
  await afterTheRefundDays(page, sites, john);
  await openLatestPayment(page, sites);
  await page.getByRole("button", { name: "Ask for a refund" }).click();
  await expect(page.getByRole("alert")).toContainText("Say what was wrong");
  await page.getByLabel("Amount in US dollars").fill("0.50");
  await page.getByLabel("Reason").fill("Half of it is silence.");
  await page.getByRole("button", { name: "Ask for a refund" }).click();
  await expect(page.getByRole("heading", { name: "You asked for a refund" })).toBeVisible();
  await expect(page.getByRole("button", { name: "Ask for a refund" })).toHaveCount(0);

  await signInToShop(page, sites, operator);
  await page.goto(`${sites.shop}/operator`);
  await reloadUntilVisible(page, "Half of it is silence.");
  const waiting = page.getByRole("region", { name: /Refunds asked for/ });
  await expect(waiting.getByText(/^John Doe asks for \$0\.50 back/)).toBeVisible();
  await waiting.getByRole("link", { name: nowAndForever.title }).click();
  await expect(page.getByRole("link", { name: "Read the whole story and decide" }), "the operator may answer, too").toBeVisible();

  await signInToShop(page, sites, merchant);
  await page.goto(`${sites.shop}/sell`);
  await waiting.getByRole("link", { name: nowAndForever.title }).click();
  await page.getByRole("button", { name: "Decline" }).click();
  await expect(page.getByRole("main").getByText("Refund declined")).toBeVisible();
  await page.goto(`${sites.shop}/sell`);
  await expect(waiting, "nothing to answer any more").toHaveCount(0);

  await signInToShop(page, sites, john);
  await page.goto(sites.shop + order);
  await expect(page.getByRole("main").getByText(/^You asked for \$0\.50 back\. .* declined\.$/)).toBeVisible();
  expect(Number(await sites.balanceOf(john.email))).toBeCloseTo(499.01, 6);
});

test("a payment method is removed, and is not offered any more", async ({ page, sites }) => {
  await signInToAmazon(page, sites, john);
  await page.goto(`${sites.payments}/account/instruments`);
  const card = page.getByRole("listitem").filter({ hasText: "Visa ending in 1111" });
  await card.getByRole("button", { name: "Remove" }).click();
  await expect(page.getByText("Removed.")).toBeVisible();
  await expect(card).toHaveCount(0);
  await checkOut(page, sites, nowAndForever.slug, john);
  await expect(page.getByRole("radio", { name: /Account balance/ })).toBeVisible();
  await expect(page.getByRole("radio", { name: /Visa/ })).toHaveCount(0);
});

test("a merchant who takes the authorization back cannot sell until it registers again", async ({ page, sites }) => {
  await signInToAmazon(page, sites, merchant);
  await page.goto(`${sites.payments}/account/tokens`);
  await page.getByRole("main").getByRole("button", { name: /Cancel/ }).first().click();
  await expect(page.getByRole("main").getByText(/No longer in use|Cancelled/i).first()).toBeVisible();
  await expect(async () => {
    await page.goto(`${sites.shop}/items/${nowAndForever.slug}`);
    await expect(page.getByRole("link", { name: "Buy Now" }).or(page.getByRole("button", { name: "Buy Now" }))).toHaveCount(0, { timeout: 500 });
  }).toPass();
});

test("activity can be filtered and downloaded", async ({ page, sites }) => {
  await buy(page, sites, madeToOrder.slug, john, /Account balance/);
  await page.goto(`${sites.payments}/account?status=Success`);
  await expect(page.getByRole("main").getByRole("link", { name: /^Payment to/ })).toHaveCount(0);
  await page.goto(`${sites.payments}/account?status=Reserved`);
  await expect(page.getByRole("main").getByRole("link", { name: /^Payment to/ })).toHaveCount(1);
  const link = page.getByRole("link", { name: "Download as CSV" });
  const file = await page.request.get(new URL((await link.getAttribute("href"))!, sites.payments).href);
  expect(file.headers()["content-type"]).toContain("text/csv");
  expect((await file.text()).trim().split("\n").length, "a heading and one payment").toBe(2);
});

test("money goes in and out of the balance", async ({ page, sites }) => {
  await signInToAmazon(page, sites, john);
  await page.goto(`${sites.payments}/account/balance`);
  await page.getByText("Deposit", { exact: true }).first().click();
  await page.getByLabel("Amount to deposit, in US dollars").fill("25.00");
  await page.getByRole("button", { name: "Deposit" }).click();
  await expect(page.getByRole("main").getByText("$525.00").first()).toBeVisible();
  await page.getByText("Withdraw", { exact: true }).first().click();
  await page.getByLabel("Amount to withdraw, in US dollars").fill("1000.00");
  await page.getByRole("button", { name: "Withdraw" }).click();
  await expect(page.getByRole("alert")).toBeVisible();
  expect(Number(await sites.balanceOf(john.email))).toBeCloseTo(525, 6);
});
