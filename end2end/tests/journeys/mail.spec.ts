// Mail: what is bought is told to buyer and seller, a forgotten password is replaced, sign-up tells nobody anything.
import type { Page } from "@playwright/test";
import { madeToOrder, nowAndForever } from "../../fixtures/catalogue";
import { buy, fillShopSignIn, jane, john, merchant, signInToShop } from "../../fixtures/people";
import { expect, test, type Sites } from "../../fixtures/test";

const newPassword = "tin roof weather";

const mailbox = (sites: Sites, address: string) => `${sites.shop}/mail?address=${encodeURIComponent(address)}`;

/** Opens somebody's newest mail with this subject, as the lab lets anybody. */
async function openMail(page: Page, sites: Sites, address: string, subject: string | RegExp): Promise<void> {
  await page.goto(mailbox(sites, address));
  await page.getByRole("main").getByRole("link", { name: subject }).first().click();
  await expect(page.getByRole("heading", { level: 1, name: subject })).toBeVisible();
}

/** From the sign-in page to the form for a new password. */
async function askForLink(page: Page, sites: Sites, address: string): Promise<void> {
  await page.goto(`${sites.shop}/sign-in`);
  await page.getByRole("link", { name: "Forgot your password?" }).click();
  await page.getByLabel("E-mail").fill(address);
  await page.getByRole("button", { name: "Send the link" }).click();
  await expect(page.getByText(`We have written to ${address}.`)).toBeVisible();
}

test("a song that is bought is a receipt for the buyer and a sale for the seller", async ({ page, sites }) => {
  const order = await buy(page, sites, nowAndForever.slug, john, /Account balance/);
  await page.goto(sites.shop);
  const navigation = page.getByRole("navigation", { name: "Account" });
  await navigation.getByRole("link", { name: "Mail 1 new mail" }).click();
  await page.getByRole("main").getByRole("link", { name: `Your receipt: ${nowAndForever.title}` }).click();
  await expect(page.getByRole("article")).toContainText("$0.99 was paid");
  await expect(navigation.getByRole("link", { name: "Mail", exact: true })).toBeVisible();

  const text = page.getByRole("link", { name: "The same as plain text" });
  const plain = await page.request.get(new URL((await text.getAttribute("href"))!, sites.shop).href);
  expect(plain.headers()["content-type"]).toBe("text/plain; charset=utf-8");
  expect(await plain.text()).toContain(`${sites.shop}${order}`);

  await page.getByRole("main").getByRole("link", { name: "Your order" }).click();
  await expect(page).toHaveURL(sites.shop + order);

  await signInToShop(page, sites, merchant);
  await page.goto(`${sites.shop}/mail`);
  await page.getByRole("main").getByRole("link", { name: `Sold: ${nowAndForever.title}` }).click();
  await expect(page.getByRole("article")).toContainText("John Doe bought");
});

test("a seller is told by when to fulfil an order, and again two days before", async ({ page, sites }) => {
  await buy(page, sites, madeToOrder.slug, john, /Account balance/);
  await page.goto(mailbox(sites, merchant.email));
  await expect(page.getByText("anybody can open any mailbox here")).toBeVisible();
  const main = page.getByRole("main");
  await expect(main.getByRole("link", { name: new RegExp(`^New order: ${madeToOrder.title}, fulfil by`) })).toBeVisible();
  const reminder = main.getByRole("link", { name: new RegExp(`^Fulfil by .*: ${madeToOrder.title}`) });
  await expect(reminder).toHaveCount(0);
  await sites.advance(5 * 24 * 3600 + 60);
  await page.reload();
  await reminder.click();
  await expect(page.getByRole("article")).toContainText("waits for you");
});

test("John has forgotten his password, and signs in with a new one", async ({ page, sites, browser, javaScriptEnabled }) => {
  const other = await (await browser.newContext({ javaScriptEnabled })).newPage();
  await signInToShop(other, sites, john);

  await askForLink(page, sites, john.email);
  await page.getByRole("link", { name: "Open the mailbox" }).click();
  await page.getByRole("main").getByRole("link", { name: "Choose a new password for DigitalDownload" }).click();
  await page.getByRole("main").getByRole("link", { name: "Choose a new password" }).click();
  const link = page.url();
  await page.getByLabel("New password").fill("password1");
  await page.getByRole("button", { name: "Set the new password" }).click();
  await expect(page.getByRole("alert")).toContainText("Too many people use this password");
  await page.getByLabel("New password").fill(newPassword);
  await page.getByRole("button", { name: "Set the new password" }).click();
  await expect(page.getByRole("status")).toContainText("Your password is changed.");
  await fillShopSignIn(page, { ...john, shopPassword: newPassword });
  await expect(page.getByRole("button", { name: "Sign out" })).toBeVisible();

  await other.goto(`${sites.shop}/library`);
  await expect(other, "his other session is over").toHaveURL(/sign-in/);
  await fillShopSignIn(other, john);
  await expect(other.getByRole("alert"), "so is the old password").toBeVisible();
  await other.goto(link);
  await expect(other.getByText("This link is over")).toBeVisible();
  await other.context().close();

  await openMail(page, sites, john.email, /Your password .* was changed/);
});

test("whoever asks is not told whether there is an account; the mail says it", async ({ page, sites }) => {
  await askForLink(page, sites, "nobody@example.com");
  await openMail(page, sites, "nobody@example.com", /There is no account with this address/);

  await page.goto(`${sites.shop}/sign-up?next=%2Flibrary`);
  await page.getByLabel("Name").fill("Somebody");
  await page.getByLabel("E-mail").fill(jane.email);
  await page.getByLabel("Password").fill("a long shop password");
  await page.getByRole("main").getByRole("button", { name: "Sign up" }).click();
  await expect(page.getByRole("status")).toContainText(`We have written to ${jane.email}`);
  await expect(page.getByText(/there is an account/i)).toHaveCount(0);
  await openMail(page, sites, jane.email, /You have an account .* already/);
  await expect(page.getByRole("article")).toContainText("nothing about it was changed");
});

test.describe("where others come and no mail server is set", () => {
  test.use({ settings: { DD_LAB: "false" } });

  test("a new password by mail is off and says so, and mailboxes are their owners'", async ({ page, sites }) => {
    await page.goto(`${sites.shop}/password/forgot`);
    await expect(page.getByText("This shop cannot write to you")).toBeVisible();
    await expect(page.getByLabel("E-mail")).toHaveCount(0);
    await page.goto(mailbox(sites, john.email));
    await expect(page).toHaveURL(/sign-in/);
  });
});
