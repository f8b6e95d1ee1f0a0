// axe-core finds nothing on any page, in light and in dark: the pages that people see when all goes well.
import { check } from "../../fixtures/accessibility";
import {
  buy,
  checkOut,
  chooseInstrument,
  choosePayment,
  jane,
  john,
  merchant,
  operator,
  signInAtCbui,
  signInToAmazon,
  signInToShop,
} from "../../fixtures/people";
import { madeToOrder, nowAndForever } from "../../fixtures/catalogue";
import { expect, test } from "../../fixtures/test";

test.describe.configure({ timeout: 120_000 });

test("the shop's public pages", async ({ page, sites }) => {
  for (const path of ["/", "/?q=nothing-like-this", "/?category=music", "/?q=Now+andd+Forver&max=5", "/?category=music&min=cheap", `/items/${nowAndForever.slug}`, "/sign-in", "/sign-up", `/checkout/${nowAndForever.slug}?guest=1`, "/guest/link", "/guest/orders/none", "/help", "/privacy", "/no-such-page", "/terms", "/sellers/right-here-records", "/password/forgot", "/password/reset?token=none", "/sign-up/confirm?token=none", "/cart"]) {
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
  const account = ["", "/profile", "/email", "/second-factor", "/data", "/delete"].map((path) => `/account${path}`);
  for (const path of [order, "/orders", "/library", "/sell", ...account, "/orders/none"]) {
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
  for (const path of ["/sell", "/sell/items/new", "/sell/coupons", order]) {
    await page.goto(sites.shop + path);
    await check(page);
  }
  await page.getByRole("button", { name: "Sign out" }).click();
  await signInToShop(page, sites, operator);
  for (const path of ["", "/audit", "/users", "/users?q=martha", "/items", `/items/${madeToOrder.slug}`, "/orders", "/fees", "/coupons", "/disputes", "/health"]) {
    await page.goto(`${sites.shop}/operator${path}`);
    await check(page);
  }
});

test("the account site", async ({ page, sites }) => {
  await buy(page, sites, madeToOrder.slug, john, /Account balance/);
  for (const path of ["/account", "/account?status=Failure", "/account/balance", "/account/instruments", "/account/instruments/add-card", "/account/instruments/add-bank-account", "/account/tokens", "/account/mail", "/account/profile", "/account/security", "/account/developer"]) {
    await page.goto(sites.payments + path);
    await check(page);
  }
  await page.goto(`${sites.payments}/account`);
  await page.getByRole("main").getByRole("link", { name: /^Payment to/ }).first().click();
  await check(page);
  await page.getByRole("button", { name: "Sign out" }).click();
  for (const path of ["/account/sign-in", "/account/create"]) {
    await page.goto(sites.payments + path);
    await check(page);
  }
  await page.goto(`${sites.payments}/account/sign-in`);
  await page.getByLabel("E-mail").fill(operator.amazonEmail);
  await page.getByLabel("Password").fill(operator.amazonPassword);
  await page.getByRole("main").getByRole("button", { name: "Sign in" }).click();
  for (const path of ["", "/settings", "/sites", "/notifications", "/calling"].map((part) => `/account/developer${part}`).concat("/account")) {
    await page.goto(sites.payments + path);
    await check(page);
  }
});

test("the account site's forms when something is wrong, and what they lead to", async ({ page, sites }) => {
  await buy(page, sites, nowAndForever.slug, john, /Account balance/);
  await page.goto(`${sites.payments}/account`);
  await page.getByRole("main").getByRole("link", { name: /^Payment to/ }).first().click();
  await page.getByRole("button", { name: "Ask for a refund" }).click();
  await check(page);
  await page.getByLabel("Reason").fill("It stops in the middle.");
  await page.getByRole("button", { name: "Ask for a refund" }).click();
  await expect(page.getByRole("heading", { name: "You asked for a refund" })).toBeVisible();
  await check(page);
  await page.goto(`${sites.payments}/account/profile`);
  await page.getByRole("button", { name: "Suspend the account" }).click();
  await check(page);
  await page.goto(`${sites.payments}/account`);
  await check(page);
  await signInToAmazon(page, sites, jane);
  await page.goto(`${sites.payments}/account/developer`);
  await page.getByRole("button", { name: "Make an access key" }).click();
  await check(page);
  await page.getByLabel("Your program's name").fill("Jane's Jukebox");
  await page.getByRole("button", { name: "Make an access key" }).click();
  await check(page);
  await page.getByRole("button", { name: "Show the secret" }).click();
  await expect(page.locator("#secret")).toBeVisible();
  await check(page);
});

test("every pipeline's pages", async ({ page, caller }) => {
  const asked: [string, Record<string, string>][] = [
    ["SingleUse", { callerReference: "a", transactionAmount: "9.00", collectShippingAddress: "True", itemTotal: "8.00", shipping: "1.00" }],
    ["MultiUse", { callerReference: "b", globalAmountLimit: "100.00", usageLimitType1: "Count", usageLimitValue1: "3", usageLimitPeriod1: "1 Month" }],
    ["Recurring", { callerReference: "c", transactionAmount: "4.99", recurringPeriod: "1 Month" }],
    ["Recipient", { callerReference: "d", recipientPaysFee: "True", maxFixedFee: "0.50", maxVariableFee: "10" }],
    ["SetupPrepaid", { callerReferenceSender: "e", callerReferenceFunding: "f", fundingAmount: "25.00" }],
    ["SetupPostpaid", { callerReferenceSender: "g", callerReferenceSettlement: "h", creditLimit: "20.00", globalAmountLimit: "100.00" }],
  ];
  await page.goto(caller.address(...asked[0]!));
  await check(page);
  await signInAtCbui(page, john);
  await page.getByRole("link", { name: "Add a card" }).click();
  await check(page);
  await page.getByRole("link", { name: "Back to your payment methods" }).click();
  await choosePayment(page, /Account balance/);
  await check(page);
  for (const [pipeline, parameters] of asked.slice(1)) {
    await page.goto(caller.address(pipeline, parameters));
    if (pipeline !== "Recipient") await choosePayment(page, /Account balance/);
    await check(page);
  }
  await page.goto(caller.address("MultiUse", { callerReference: "i", globalAmountLimit: "10.00" }));
  await choosePayment(page, /Account balance/);
  await page.getByRole("button", { name: "Confirm" }).click();
  const tokenId = (await caller.returned(page)).get("tokenID")!;
  await page.goto(caller.address("EditToken", { callerReference: "j", tokenId }));
  await expect(page.getByRole("heading", { level: 1, name: "Payment method" })).toBeVisible();
  await check(page);
  await choosePayment(page, /Visa/);
  await expect(page.getByRole("heading", { level: 1, name: "Confirm the payment method" })).toBeVisible();
  await check(page);
});

test("a gift, and what is bought without an account", async ({ page, sites, browser }) => {
  await signInToShop(page, sites, john);
  await signInToAmazon(page, sites, john);
  await page.goto(`${sites.shop}/checkout/${nowAndForever.slug}`);
  await page.getByText("This is a gift").click();
  await page.getByLabel("Send it to").fill("nobody");
  await page.getByRole("button", { name: "Download Now" }).click();
  await check(page);
  await page.getByLabel("Send it to").fill("jane@example.com");
  await page.getByLabel("Message").fill("For the long way home.");
  await page.getByRole("button", { name: "Download Now" }).click();
  await choosePayment(page, /Account balance/);
  await page.getByRole("button", { name: "Confirm" }).click();
  await check(page);
  await page.getByRole("link", { name: "Follow this order" }).click();
  await check(page);
  const recipient = await (await browser.newContext()).newPage();
  await recipient.goto(`${sites.shop}/mail?address=jane%40example.com`);
  await recipient.getByRole("link", { name: /A gift for you/ }).click();
  await recipient.getByRole("link", { name: "Look at your gift" }).click();
  await check(recipient);
  const gift = recipient.url();
  await signInToShop(recipient, sites, jane);
  await recipient.goto(gift);
  await check(recipient);
  await recipient.getByRole("button", { name: "Accept it" }).click();
  await check(recipient);
  await recipient.goto(`${sites.shop}/gifts/none`);
  await check(recipient);
  await recipient.context().close();

  const guest = await (await browser.newContext()).newPage();
  await guest.goto(`${sites.shop}/checkout/${nowAndForever.slug}?guest=1`);
  await guest.getByLabel("E-mail").fill("ann@example.com");
  await guest.getByRole("button", { name: "Download Now" }).click();
  await chooseInstrument(guest, john, /Account balance/);
  await guest.getByRole("button", { name: "Confirm" }).click();
  await check(guest);
  await signInToShop(guest, sites, jane);
  await guest.goto(`${sites.shop}/guest/claim`);
  await check(guest);
  await guest.context().close();
});
