// Accounts that cannot pay, callers that may not ask, tokens that cannot be changed: what callers are told
// (fps.md §7.4), each reached as a person reaches it.
import type { Page } from "@playwright/test";
import type { Caller } from "../../fixtures/caller";
import { choosePayment, jane, john, merchant, signInAtCbui, signInToAmazon } from "../../fixtures/people";
import { expect, test, type Sites } from "../../fixtures/test";

async function setStanding(page: Page, sites: Sites, button: string): Promise<void> {
  await page.goto(`${sites.payments}/account/profile`);
  await page.getByRole("button", { name: button }).click();
  await expect(page.getByText(/^The (account|e-mail address) /)).toBeVisible();
}

/** The page of somebody who is signed in and may not go on: it says so, and leads back to the caller. */
async function expectToBeStopped(page: Page, caller: Caller, status: string): Promise<void> {
  await expect(page.getByRole("heading", { level: 1, name: "Sign in" })).toBeVisible();
  await expect(page.getByRole("alert")).toContainText("cannot do this");
  await page.getByRole("button", { name: "Cancel" }).click();
  expect((await caller.returned(page)).get("status")).toBe(status);
}

/** John allows the caller payments within limits; answers the token. */
async function allow(page: Page, caller: Caller, reference: string): Promise<string> {
  await page.goto(caller.address("MultiUse", { callerReference: reference, globalAmountLimit: "10.00" }));
  await choosePayment(page, /Account balance/);
  await page.getByRole("button", { name: "Confirm" }).click();
  return (await caller.returned(page)).get("tokenID")!;
}

for (const [button, back] of [
  ["Suspend the account", "Make the account active"],
  ["Close the account", "Make the account active"],
  ["Mark the e-mail as not verified", "Mark the e-mail as verified"],
] as const) {
  test(`profile: "${button}" stops payments until "${back}"`, async ({ page, sites, caller }) => {
    await signInToAmazon(page, sites, john);
    await setStanding(page, sites, button);
    await page.goto(caller.address("SingleUse", { callerReference: "one", transactionAmount: "1.00" }));
    await expectToBeStopped(page, caller, "A");
    await setStanding(page, sites, back);
    await page.goto(caller.address("SingleUse", { callerReference: "two", transactionAmount: "1.00" }));
    await expect(page.getByRole("radio", { name: /Account balance/ })).toBeVisible();
  });
}

test("NP: suspended between choosing and confirming", async ({ page, sites, caller }) => {
  await signInToAmazon(page, sites, john);
  await page.goto(caller.address("SingleUse", { callerReference: "one", transactionAmount: "1.00" }));
  await choosePayment(page, /Account balance/);
  const review = page.url();
  await setStanding(page, sites, "Suspend the account");
  await page.goto(review);
  expect((await caller.returned(page)).get("status")).toBe("NP");
});

test("PE: only a balance is taken, and she has none", async ({ page, caller }) => {
  await page.goto(caller.address("SingleUse", { callerReference: "one", transactionAmount: "1.00", paymentMethod: "ABT" }));
  await signInAtCbui(page, jane);
  expect((await caller.returned(page)).get("status")).toBe("PE");
});

test("SU: the token keeps what pays for it; SE: a failure by request", async ({ page, sites, caller }) => {
  await signInToAmazon(page, sites, john);
  const tokenId = await allow(page, caller, "first");
  await page.goto(caller.address("EditToken", { callerReference: "same", tokenId }));
  await choosePayment(page, /Account balance/);
  await page.getByRole("button", { name: "Confirm" }).click();
  const returned = await caller.returned(page);
  expect([returned.get("status"), returned.get("tokenID")]).toEqual(["SU", tokenId]);

  await page.goto(caller.address("SingleUse", { callerReference: "simulate-SE-1", transactionAmount: "1.00" }));
  await choosePayment(page, /Account balance/);
  await page.getByRole("button", { name: "Confirm" }).click();
  expect((await caller.returned(page)).get("status")).toBe("SE");
});

test("two tabs and a double confirm: one token, told twice alike", async ({ page, sites, caller, context }) => {
  await signInToAmazon(page, sites, john);
  await page.goto(caller.address("SingleUse", { callerReference: "tabs", transactionAmount: "1.00" }));
  await choosePayment(page, /Account balance/);
  const other = await context.newPage();
  await other.goto(page.url());
  await page.getByRole("button", { name: "Confirm" }).click();
  const first = await caller.returned(page);
  await other.getByRole("button", { name: "Confirm" }).click();
  const second = await caller.returned(other);
  expect([second.get("status"), second.get("tokenID")]).toEqual(["SA", first.get("tokenID")]);
  await page.goBack();
  await expect(page.getByRole("button", { name: "Confirm" })).toHaveCount(0);
});

test("IT, NA and UT: tokens that cannot be changed", async ({ page, sites, caller }) => {
  const edit = (reference: string, tokenId: string): string => caller.address("EditToken", { callerReference: reference, tokenId });
  await signInToAmazon(page, sites, john);
  const token = await allow(page, caller, "first");
  expect(await caller.comesBackAtOnce(page, edit("e1", `${token.slice(0, -1)}${token.endsWith("A") ? "B" : "A"}`))).toBe("IT");

  await signInToAmazon(page, sites, merchant);
  await page.goto(edit("e2", token));
  await signInAtCbui(page, jane);
  expect((await caller.returned(page)).get("status")).toBe("UT");

  await signInToAmazon(page, sites, john);
  await page.goto(`${sites.payments}/account/tokens`);
  await page.getByRole("button", { name: "Cancel" }).first().click();
  expect(await caller.comesBackAtOnce(page, edit("e3", token))).toBe("IT");

  const another = await allow(page, caller, "second");
  await setStanding(page, sites, "Close the account");
  expect(await caller.comesBackAtOnce(page, edit("e4", another))).toBe("NA");
});

test("a developer makes a key, registers a site and sees the secret; NM until it is a marketplace", async ({ page, sites, caller }) => {
  await signInToAmazon(page, sites, jane);
  await page.goto(`${sites.payments}/account/developer`);
  await page.getByRole("button", { name: "Make an access key" }).click();
  await expect(page.getByRole("alert")).toBeVisible();
  await page.getByLabel("Your program's name").fill("Jane's Jukebox");
  await page.getByRole("button", { name: "Make an access key" }).click();
  await expect(page.getByText("Your access key is made.")).toBeVisible();

  await page.getByRole("button", { name: "Show the secret" }).click();
  const secret = (await page.locator("#secret").textContent())!;
  expect(secret).toMatch(/^[0-9A-Z]{40}$/);
  const accessKey = (await page.getByRole("region", { name: "Access key" }).locator("code").first().textContent())!;
  const key = { accessKey, secret };
  await page.goto(`${sites.payments}/account/developer`);
  await expect(page.locator("#secret"), "shown this once").toHaveCount(0);

  const payment = caller.address("SingleUse", { callerReference: "one", transactionAmount: "1.00" }, key);
  expect((await page.goto(payment))!.status(), "the site is not registered").toBe(403);
  await page.goto(`${sites.payments}/account/developer`);
  await page.getByRole("navigation", { name: "Developer" }).getByRole("link", { name: "Sites" }).click();
  await page.getByLabel("Address of a site").fill("ftp://nowhere");
  await page.getByRole("button", { name: "Register the site" }).click();
  await expect(page.getByRole("alert")).toBeVisible();
  await page.getByLabel("Address of a site").fill(caller.site);
  await page.getByRole("button", { name: "Register the site" }).click();
  await expect(page.getByRole("main").getByText(caller.site)).toBeVisible();

  const registration = caller.address("Recipient", { callerReference: "two", recipientPaysFee: "True" }, key);
  expect(await caller.comesBackAtOnce(page, registration)).toBe("NM");
  await page.goto(`${sites.payments}/account/developer/settings`);
  await page.getByLabel("Marketplace", { exact: true }).check();
  await page.getByRole("button", { name: "Save" }).click();
  await expect(page.getByText("Saved.")).toBeVisible();
  await page.goto(registration);
  await expect(page.getByRole("heading", { level: 1, name: "Confirm recipient registration" })).toBeVisible();
});
