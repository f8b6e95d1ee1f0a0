// axe-core finds nothing on Amazon Payments' pages when something is wrong, has ended, or is more than one page holds.
import type { Page } from "@playwright/test";
import { check } from "../../fixtures/accessibility";
import { buy, choosePayment, jane, john, merchant, operator, signInAtCbui, signInToAmazon } from "../../fixtures/people";
import { nowAndForever } from "../../fixtures/catalogue";
import { expect, test, type Sites } from "../../fixtures/test";

test.describe.configure({ timeout: 120_000 });

const press = (page: Page, name: string) => page.getByRole("main").getByRole("button", { name, exact: true }).click();
const alert = (page: Page) => expect(page.getByRole("alert").first()).toBeVisible();
const payment = { callerReference: "one", transactionAmount: "1.00" };

test("Co-Branded UI: sign in, create an account, add a card and a bank account, each with errors", async ({ page, caller }) => {
  await page.goto(caller.address("SingleUse", payment));
  await press(page, "Sign in");
  await alert(page);
  await check(page);
  await page.getByRole("link", { name: "Create an account" }).click();
  await check(page);
  await press(page, "Create account");
  await alert(page);
  await check(page);
  await page.getByRole("link", { name: "Sign in" }).last().click();
  await signInAtCbui(page, john);
  await page.getByRole("button", { name: "Continue" }).click();
  await alert(page);
  await check(page);
  for (const kind of ["Add a card", "Add a bank account"]) {
    await page.getByRole("link", { name: kind }).click();
    await check(page);
    await press(page, "Add and use it");
    await alert(page);
    await check(page);
    await page.getByRole("link", { name: "Back to your payment methods" }).click();
  }
});

test("Co-Branded UI: a balance that is too low, a wrong address, another account's request", async ({ page, sites, caller }) => {
  await signInToAmazon(page, sites, john);
  await page.goto(caller.address("SingleUse", { ...payment, transactionAmount: "900.00", collectShippingAddress: "True" }));
  await expect(page.getByRole("radio", { name: /Account balance/ })).toBeDisabled();
  await check(page);
  await choosePayment(page, /Visa/);
  await expect(page.getByRole("heading", { level: 1, name: "Shipping address" })).toBeVisible();
  await check(page);
  await page.getByRole("button", { name: /Continue|Ship to this address/ }).click();
  await alert(page);
  await check(page);
  await signInToAmazon(page, sites, jane);
  await page.reload();
  await expect(page.getByRole("heading", { level: 1, name: "Another account has begun this" })).toBeVisible();
  await check(page);
});

test("Co-Branded UI: requests that go nowhere, and one that is over", async ({ page, sites, caller }) => {
  const statusOf = async (address: string) => (await page.goto(address))!.status();
  expect(await statusOf(caller.address("SingleUse", payment).replace("=1.00", "=0.01")), "forged").toBe(403);
  await check(page);
  expect(await statusOf(caller.address("SingleUse", { ...payment, returnURL: "https://elsewhere.example/" })), "another site").toBe(403);
  await check(page);
  expect(await statusOf(caller.address("SingleUse", { ...payment, returnURL: "no address" })), "nowhere to tell CE").toBe(400);
  await check(page);
  await page.goto(caller.address("SingleUse", payment));
  const over = page.url();
  await press(page, "Cancel");
  await caller.returned(page);
  expect(await statusOf(over)).toBe(410);
  await check(page);
  expect(await statusOf(`${sites.payments}/account/sign-out`)).toBe(405);
  await check(page);
});

test("giving a refund, the refund itself, and a marketplace fee", async ({ page, sites }) => {
  await buy(page, sites, nowAndForever.slug, john, /Account balance/);
  const open = async (name: RegExp) => {
    await page.goto(`${sites.payments}/account`);
    await page.getByRole("main").getByRole("link", { name }).first().click();
  };
  await signInToAmazon(page, sites, merchant);
  await open(/^Payment from/);
  await expect(page.getByRole("heading", { name: "Give a refund" })).toBeVisible();
  await check(page);
  await page.getByLabel("Amount in US dollars").fill("100.00");
  await press(page, "Refund");
  await alert(page);
  await check(page);
  await page.getByLabel("Amount in US dollars").fill("0.50");
  await page.getByLabel("Note").fill("For the scratch.");
  await press(page, "Refund");
  await expect(page.getByText("The refund has reached John Doe.")).toBeVisible();
  await check(page);
  await open(/^Refund/);
  await check(page);
  await signInToAmazon(page, sites, operator);
  await open(/^Marketplace fee/);
  await check(page);
});

test("activity in pages, filtered, and with a filter that is wrong", async ({ page, sites, caller }) => {
  const RecipientTokenId = await caller.token(page.request, "Recipient", merchant.email, { recipientPaysFee: "True" });
  const SenderTokenId = await caller.token(page.request, "MultiUse", john.email, { globalAmountLimit: "100.00" });
  for (let number = 0; number < 26; number++) {
    const amount = { "TransactionAmount.Value": "1.00", "TransactionAmount.CurrencyCode": "USD" };
    await caller.call(page.request, "Pay", { SenderTokenId, RecipientTokenId, CallerReference: `pay-${number}`, ...amount });
  }
  await signInToAmazon(page, sites, john);
  await page.goto(`${sites.payments}/account`);
  await expect(page.getByRole("link", { name: "Older" })).toBeVisible();
  await check(page);
  await page.getByRole("link", { name: "Older" }).click();
  await expect(page.getByRole("link", { name: "Newest" })).toBeVisible();
  await check(page);
  await page.locator("summary", { hasText: "Filter" }).click();
  await page.getByLabel("Status").selectOption("Success");
  await page.getByRole("button", { name: "Show" }).click();
  await expect(page).toHaveURL(/status=Success/);
  await check(page);
  await page.goto(`${sites.payments}/account?from=2026-13-01`);
  await alert(page);
  await check(page);
});

test("the mailbox, empty and with new mail, and one mail", async ({ page, sites }) => {
  await signInToAmazon(page, sites, jane);
  await page.goto(`${sites.payments}/account/mail`);
  await expect(page.getByText("No mail yet.")).toBeVisible();
  await check(page);
  await buy(page, sites, nowAndForever.slug, john, /Account balance/);
  await signInToAmazon(page, sites, merchant);
  await page.goto(`${sites.payments}/account/mail`);
  await expect(page.getByRole("button", { name: "Mark all as read" })).toBeVisible();
  await check(page);
  await page.getByRole("link", { name: /^Payment received: Now and Forever/ }).first().click();
  await expect(page.getByRole("heading", { level: 1, name: /^Payment received/ })).toBeVisible();
  await check(page);
});

async function sendWrong(page: Page, sites: Sites, path: string, button: string): Promise<void> {
  await page.goto(sites.payments + path);
  await press(page, button);
  await alert(page);
  await check(page);
}

test("the account site's other forms with errors", async ({ page, sites }) => {
  await sendWrong(page, sites, "/account/sign-in", "Sign in");
  await sendWrong(page, sites, "/account/create", "Create account");
  await signInToAmazon(page, sites, john);
  await sendWrong(page, sites, "/account/instruments/add-card", "Add");
  await sendWrong(page, sites, "/account/instruments/add-bank-account", "Add");
  for (const [form, amount] of [["Deposit", "nothing"], ["Withdraw", "1000.00"]] as const) {
    await page.goto(`${sites.payments}/account/balance`);
    await page.locator("summary", { hasText: form }).click();
    await page.getByLabel(`Amount to ${form.toLowerCase()}, in US dollars`).fill(amount);
    await press(page, form);
    await alert(page);
    await check(page);
  }
});
