// The Back button after signing out shows nothing of the person, on either site.
import { john, signInToAmazon, signInToShop } from "../../fixtures/people";
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
