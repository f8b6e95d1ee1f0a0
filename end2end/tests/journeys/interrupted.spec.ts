// What comes between choosing and confirming at the Co-Branded UI: a session that is lost, a second tab.
import type { Page } from "@playwright/test";
import type { Caller } from "../../fixtures/caller";
import { choosePayment, jane, john, signInAtCbui, signInToAmazon } from "../../fixtures/people";
import { expect, test, type Sites } from "../../fixtures/test";

const heading = (page: Page, name: string) => expect(page.getByRole("heading", { level: 1, name })).toBeVisible();

/** John's review of a payment from his balance; answers its address. */
async function review(page: Page, sites: Sites, caller: Caller): Promise<string> {
  await signInToAmazon(page, sites, john);
  await page.goto(caller.address("SingleUse", { callerReference: "one", transactionAmount: "1.00" }));
  await choosePayment(page, /Account balance/);
  await heading(page, "Confirm payment authorization");
  return page.url();
}

/** In another tab of the same browser. */
async function signOutElsewhere(page: Page, sites: Sites): Promise<void> {
  const other = await page.context().newPage();
  await other.goto(`${sites.payments}/account`);
  await other.getByRole("button", { name: "Sign out" }).click();
  await expect(other.getByRole("link", { name: "Sign in" }).first()).toBeVisible();
  await other.close();
}

test("who is signed out on the review signs in again and confirms", async ({ page, sites, caller }) => {
  await review(page, sites, caller);
  await signOutElsewhere(page, sites);
  await page.getByRole("button", { name: "Confirm" }).click();
  await signInAtCbui(page, john);
  await heading(page, "Payment authorization");
  await expect(page.getByRole("radio", { name: /Account balance/ }), "the choice is kept").toBeChecked();
  await page.getByRole("button", { name: "Continue" }).click();
  await page.getByRole("button", { name: "Confirm" }).click();
  expect((await caller.returned(page)).get("status")).toBe("SA");
});

test("who is signed out on the review can still leave for the caller, from there and from the sign-in", async ({ page, sites, caller }) => {
  await review(page, sites, caller);
  await signOutElsewhere(page, sites);
  await page.getByRole("button", { name: "Cancel" }).click();
  expect((await caller.returned(page)).get("status")).toBe("A");

  await signInToAmazon(page, sites, john);
  await page.goto(caller.address("SingleUse", { callerReference: "two", transactionAmount: "1.00" }));
  await choosePayment(page, /Account balance/);
  await signOutElsewhere(page, sites);
  await page.reload();
  await heading(page, "Sign in");
  await page.getByRole("button", { name: "Cancel" }).click();
  expect((await caller.returned(page)).get("status")).toBe("A");
});

test("somebody else who comes to John's review is told, and neither sees nor confirms it", async ({ page, sites, caller }) => {
  const address = await review(page, sites, caller);
  await signInToAmazon(page, sites, jane);
  await page.getByRole("button", { name: "Confirm" }).click();
  await heading(page, "Another account has begun this");
  await expect(page.getByText(john.email)).toHaveCount(0);
  await page.getByRole("button", { name: "Use another account" }).click();
  await signInAtCbui(page, john);
  await page.goto(address);
  await page.getByRole("button", { name: "Confirm" }).click();
  expect((await caller.returned(page)).get("status")).toBe("SA");
});

test("what is confirmed is what was reviewed: a choice that changed in another tab is reviewed again", async ({ page, sites, caller }) => {
  const address = await review(page, sites, caller);
  const other = await page.context().newPage();
  await other.goto(address.replace(/confirm$/, "instrument"));
  await choosePayment(other, /Visa/);
  await heading(other, "Confirm payment authorization");

  await expect(page.getByRole("main").getByText(/Account balance/)).toBeVisible();
  await page.getByRole("button", { name: "Confirm" }).click();
  await expect(page.getByRole("alert")).toContainText("The choice was changed elsewhere");
  await expect(page.getByRole("main").getByText(/Visa ending in/)).toBeVisible();
  await page.getByRole("button", { name: "Confirm" }).click();
  expect((await caller.returned(page)).get("status")).toBe("SC");
});
