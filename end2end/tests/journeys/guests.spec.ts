// Buying without an account: from the item to the download, on another device by the link in the mail, and into an account.
import { chooseInstrument, john } from "../../fixtures/people";
import { nowAndForever } from "../../fixtures/catalogue";
import { expect, test } from "../../fixtures/test";

test("a guest buys, opens the order elsewhere by mail, and claims it into a new account", async ({ page, sites, browser }) => {
  await page.goto(`${sites.shop}/items/${nowAndForever.slug}`);
  await page.getByRole("link", { name: "Buy Now" }).click();
  await page.getByRole("link", { name: "Buy without an account" }).click();
  await expect(page.getByRole("heading", { level: 1, name: "Checkout" })).toBeVisible();
  await expect(page.getByRole("radio", { name: "Credit" })).toHaveCount(0);
  await page.getByRole("button", { name: "Download Now" }).click();
  await expect(page.getByRole("alert").getByRole("link")).toHaveCount(1);
  await page.getByLabel("E-mail").fill("ann.guest@example.com");
  await page.getByRole("button", { name: "Download Now" }).click();
  await chooseInstrument(page, john, /Account balance/);
  await page.getByRole("button", { name: "Confirm" }).click();
  await expect(page.getByRole("heading", { level: 1, name: "Thank You" })).toBeVisible();
  await expect(page.getByRole("heading", { name: "You bought this without an account" })).toBeVisible();
  const download = await page.getByRole("link", { name: "Download", exact: true }).getAttribute("href");
  expect((await page.request.get(`${sites.shop}${download ?? ""}`)).status()).toBe(200);

  const elsewhere = await browser.newPage();
  await elsewhere.goto(`${sites.shop}/mail?address=ann.guest%40example.com`);
  await elsewhere.getByRole("link", { name: /Your receipt/ }).click();
  await elsewhere.getByRole("link", { name: "Your order" }).click();
  await elsewhere.getByRole("button", { name: "Open the order" }).click();
  await expect(elsewhere.getByRole("heading", { level: 1, name: nowAndForever.title })).toBeVisible();
  await expect(elsewhere.getByRole("button", { name: "Refund" })).toBeVisible();
  await elsewhere.close();

  await page.getByRole("link", { name: "Create an account" }).click();
  await page.getByLabel("Name").fill("Ann");
  await page.getByLabel("E-mail").fill("ann.guest@example.com");
  await page.getByLabel("Password").fill("a long password");
  await page.getByRole("main").getByRole("button", { name: "Sign up" }).click();
  await expect(page.getByRole("heading", { level: 1, name: "Add it to your account" })).toBeVisible();
  await page.getByRole("button", { name: "Add it" }).click();
  await expect(page.getByRole("heading", { level: 1, name: nowAndForever.title })).toBeVisible();
  await page.goto(`${sites.shop}/library`);
  await expect(page.getByRole("link", { name: `Download ${nowAndForever.title}` })).toBeVisible();
});
