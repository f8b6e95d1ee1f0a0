// The caller's part of the quick start: payment authorization, steps 1 to 5, from checkout to Pay or Reserve.
import type { Page, Request } from "@playwright/test";
import { buy, goToPaymentAuthorization, goToReview, jane, john, reloadUntilVisible, signInToShop } from "../../fixtures/people";
import { madeToOrder, nowAndForever, record, seller } from "../../fixtures/catalogue";
import { expect, test, type Sites } from "../../fixtures/test";

const ways = [
  { way: "Pay", item: nowAndForever, reserve: null, buyer: john, instrument: /Account balance/, status: "SA", transaction: "Success" },
  { way: "Reserve", item: madeToOrder, reserve: "True", buyer: john, instrument: /Visa/, status: "SC", transaction: "Reserved" },
];

const to = (address: string) => (request: Request) => request.url().startsWith(address);
const asked = (page: Page, sites: Sites): Promise<Request> => page.waitForRequest(to(`${sites.payments}/cobranded-ui/actions/start?`));
const cameBack = (page: Page, sites: Sites): Promise<Request> => page.waitForRequest(to(`${sites.shop}/payments/return?`));

test("step 1: checkout asks for the payment method, and of what is sent by post for address and speed", async ({ page, sites }) => {
  await signInToShop(page, sites, jane);
  await page.goto(`${sites.shop}/checkout/${nowAndForever.slug}`);
  await expect(page.getByRole("radio", { name: "Amazon Payments" })).toBeChecked();
  await expect(page.getByRole("radio", { name: "Credit" })).not.toBeChecked();
  await expect(page.getByRole("textbox", { name: "Full name" })).toHaveCount(0);

  await page.goto(`${sites.shop}/checkout/${record.slug}`);
  await page.getByLabel("Full name").fill("Jane Doe");
  await page.getByRole("radio", { name: "Express" }).check();
  await page.getByRole("button", { name: "Continue to Amazon Payments" }).click();
  await expect(page.getByRole("alert")).toBeVisible();
  await expect(page.getByLabel("Address line 1")).toHaveAttribute("aria-invalid", "true");
  await expect(page.getByLabel("Full name"), "what was typed stays").toHaveValue("Jane Doe");
  await expect(page.getByRole("radio", { name: "Express" })).toBeChecked();
  await page.getByLabel("Address line 1").fill("12 Elm Street");
  await page.getByLabel("City").fill("Portland");
  await page.getByLabel("ZIP or postal code").fill("97201");
  await page.getByRole("button", { name: "Continue to Amazon Payments" }).click();
  await expect(page).toHaveURL(new RegExp(`^${sites.payments}/cobranded-ui/`));
});

for (const { way, item, reserve } of ways) {
  test(`${way}, step 2: the button sends a signed request to the Co-Branded UI`, async ({ page, sites }) => {
    const request = asked(page, sites);
    await goToPaymentAuthorization(page, sites, item.slug, john);
    const parameters = new URL((await request).url()).searchParams;
    const sent = ["callerKey", "pipelineName", "transactionAmount", "reserve", "returnURL"].map((name) => parameters.get(name));
    expect(sent).toEqual(["DDCALLER000000000001", "SingleUse", item.dollars.toFixed(2), reserve, `${sites.shop}/payments/return`]);
    for (const name of ["callerReference", "recipientToken", "signature"]) expect(parameters.get(name), name).toBeTruthy();
  });
}

test("step 3: the sender selects an instrument, thinks again on the review, and confirms the other one", async ({ page, sites }) => {
  await goToReview(page, sites, madeToOrder.slug, john, /Account balance/);
  await page.getByRole("link", { name: "Change the payment method" }).click();
  await expect(page.getByRole("radio", { name: /Account balance/ })).toBeChecked();
  await page.getByRole("radio", { name: /Bank account/ }).check();
  await page.getByRole("button", { name: "Continue" }).click();
  await expect(page.getByRole("main").getByText(/Bank account/).first()).toBeVisible();
  const back = cameBack(page, sites);
  await page.getByRole("button", { name: "Confirm" }).click();
  expect(new URL((await back).url()).searchParams.get("status")).toBe("SB");
});

for (const { way, item, buyer, instrument, status, transaction } of ways) {
  test(`${way}, step 4: the returnURL gets the status and the sender's token, and only as it was signed`, async ({ page, sites }) => {
    const [request, back] = [asked(page, sites), cameBack(page, sites)];
    await goToReview(page, sites, item.slug, buyer, instrument);
    await page.getByRole("button", { name: "Confirm" }).click();
    const returned = new URL((await back).url());
    const reference = new URL((await request).url()).searchParams.get("callerReference");
    expect(["status", "callerReference"].map((name) => returned.searchParams.get(name))).toEqual([status, reference]);
    expect(returned.searchParams.get("tokenID")).toMatch(/^[0-9A-Z]{64}$/);
    for (const name of ["signature", "certificateUrl"]) expect(returned.searchParams.get(name), name).toBeTruthy();

    await expect(page.getByRole("heading", { level: 1, name: "Thank You" })).toBeVisible();
    const thanks = page.url();
    await page.goto(returned.href);
    await expect(page, "the same once more leads to the same order").toHaveURL(thanks);
    const { transactions } = await sites.ledger();
    returned.searchParams.set("status", "A");
    const forged = await page.goto(returned.href);
    expect(forged!.status()).toBeGreaterThanOrEqual(400);
    expect(forged!.status()).toBeLessThan(500);
    expect((await sites.ledger()).transactions).toBe(transactions);
  });

  test(`${way}, step 5: ${way} starts the exchange of money; shop and Amazon tell of the same transaction`, async ({ page, sites }) => {
    await buy(page, sites, item.slug, buyer, instrument);
    const id = await page.getByRole("region", { name: /^(Receipt|The order)$/ }).locator("code").last().textContent();
    await page.goto(`${sites.payments}/account/transactions/${id}`);
    await reloadUntilVisible(page, transaction);
    await expect(page.getByRole("heading", { level: 1, name: `Payment to ${seller}` })).toBeVisible();
    await expect(page.getByRole("main").getByText(item.title)).toBeVisible();
  });
}
