// What people do about the safety of their own account: another password, and the end of sessions elsewhere.
import type { Browser, Page } from "@playwright/test";
import { john, signInToAmazon, signInToShop } from "../../fixtures/people";
import { expect, test, type Sites } from "../../fixtures/test";

const newPassword = "tin roof weather";

interface Site {
  name: string;
  account: (sites: Sites) => string;
  signIn: (page: Page, sites: Sites, password?: string) => Promise<void>;
  password: string;
}

const both: Site[] = [
  {
    name: "the shop",
    account: (sites) => `${sites.shop}/account`,
    signIn: (page, sites, password = john.shopPassword) => signInToShop(page, sites, { ...john, shopPassword: password }),
    password: john.shopPassword,
  },
  {
    name: "Amazon Payments",
    account: (sites) => `${sites.payments}/account/security`,
    signIn: (page, sites, password = john.amazonPassword) => signInToAmazon(page, sites, { ...john, amazonPassword: password }),
    password: john.amazonPassword,
  },
];

/** John on another machine. */
async function elsewhere(browser: Browser, javaScriptEnabled: boolean): Promise<Page> {
  const context = await browser.newContext({ javaScriptEnabled });
  return context.newPage();
}

/** Signed out, a page of the account leads to signing in. */
const signedOut = /sign-in/;

for (const site of both) {
  test(`a new password at ${site.name} ends the session on another machine`, async ({ page, sites, browser, javaScriptEnabled }) => {
    const other = await elsewhere(browser, javaScriptEnabled ?? true);
    await site.signIn(page, sites);
    await site.signIn(other, sites);
    await page.goto(site.account(sites));

    await page.getByLabel("Current password").fill("not my password");
    await page.getByLabel("New password").fill(newPassword);
    await page.getByRole("button", { name: "Change the password" }).click();
    await expect(page.getByRole("alert")).toContainText("This is not your password.");
    await expect(page.getByLabel("Current password")).toHaveAttribute("aria-invalid", "true");
    await expect(page.getByLabel("New password")).toHaveValue("");

    await page.getByLabel("Current password").fill(site.password);
    await page.getByLabel("New password").fill("password1");
    await page.getByRole("button", { name: "Change the password" }).click();
    await expect(page.getByRole("alert")).toContainText("Too many people use this password");

    await page.getByLabel("Current password").fill(site.password);
    await page.getByLabel("New password").fill(newPassword);
    await page.getByRole("button", { name: "Change the password" }).click();
    await expect(page.getByRole("status")).toContainText("Your password is changed.");

    await other.goto(site.account(sites));
    await expect(other).toHaveURL(signedOut);
    await site.signIn(other, sites, newPassword);
    await other.context().close();
  });

  test(`at ${site.name} one session is ended, then all others`, async ({ page, sites, browser, javaScriptEnabled }) => {
    const others = [await elsewhere(browser, javaScriptEnabled ?? true), await elsewhere(browser, javaScriptEnabled ?? true)];
    await site.signIn(page, sites);
    for (const other of others) await site.signIn(other, sites);
    await page.goto(site.account(sites));
    const list = page.getByRole("table", { name: "Where you are signed in" });
    await expect(list.getByText("This is the one you are using")).toHaveCount(1);
    await expect(list.getByRole("button", { name: /^End it/ })).toHaveCount(2);

    await list.getByRole("button", { name: /^End it/ }).first().click();
    await expect(page.getByRole("status")).toContainText("The session is ended.");
    await expect(list.getByRole("button", { name: /^End it/ })).toHaveCount(1);

    await page.getByRole("button", { name: "End all other sessions" }).click();
    await expect(page.getByRole("status")).toContainText("All other sessions are ended.");
    await expect(list.getByRole("button")).toHaveCount(0);
    for (const other of others) {
      await other.goto(site.account(sites));
      await expect(other).toHaveURL(signedOut);
      await other.context().close();
    }
  });
}
