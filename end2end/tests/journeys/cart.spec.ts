// Several things of several sellers with one confirmation, and credit, which pays without one.
import type { Page } from "@playwright/test";
import { choosePayment, john, signInToAmazon, signInToShop } from "../../fixtures/people";
import { madeToOrder, nowAndForever, record } from "../../fixtures/catalogue";
import { expect, test, type Sites } from "../../fixtures/test";

export async function putIntoCart(page: Page, sites: Sites, slugs: string[]): Promise<void> {
  for (const slug of slugs) {
    await page.goto(`${sites.shop}/items/${slug}`);
    await page.getByRole("button", { name: "Add to cart" }).click();
    await expect(page.getByRole("heading", { level: 1, name: "Your cart" })).toBeVisible();
  }
}

test("a visitor fills a cart, signs in, pays three orders with one visit, and the allowance is given back", async ({ page, sites }) => {
  await putIntoCart(page, sites, [nowAndForever.slug, madeToOrder.slug, record.slug]);
  await page.getByRole("button", { name: `Remove ${madeToOrder.title}` }).click();
  await expect(page.getByRole("main").getByRole("link", { name: madeToOrder.title })).toHaveCount(0);
  await putIntoCart(page, sites, [madeToOrder.slug]);
  await signInToAmazon(page, sites, john);
  await page.getByRole("link", { name: "Check out" }).click();
  await page.getByLabel("E-mail").fill(john.email);
  await page.getByLabel("Password").fill(john.shopPassword);
  await page.getByRole("main").getByRole("button", { name: "Sign in" }).click();
  await expect(page.getByRole("heading", { level: 1, name: "Checkout" })).toBeVisible();
  await page.getByLabel("Address line 1").fill("12 Elm Street");
  await page.getByLabel("City").fill("Portland");
  await page.getByLabel("ZIP or postal code").fill("97201");
  await page.getByRole("button", { name: "Continue to Amazon Payments" }).click();
  await choosePayment(page, /Account balance/);
  await expect(page.getByText("3 items:")).toBeVisible();
  await page.getByRole("button", { name: "Confirm" }).click();
  await expect(page.getByText("All 3 orders went through")).toBeVisible();
  await expect(page.getByText("has been given back")).toBeVisible();
  await page.goto(`${sites.shop}/cart`);
  await expect(page.getByText("Your cart is empty")).toBeVisible();
  await page.goto(`${sites.shop}/library`);
  await expect(page.getByRole("link", { name: `Download ${nowAndForever.title}` })).toBeVisible();
});

test("credit is charged once and then buys with one press, and a link fetches the file elsewhere", async ({ page, sites, browser }) => {
  await signInToShop(page, sites, john);
  await signInToAmazon(page, sites, john);
  await page.goto(`${sites.shop}/checkout/${nowAndForever.slug}`);
  await page.getByRole("link", { name: "Charge your credit" }).click();
  await expect(page.getByText("Credit cannot be paid back.")).toBeVisible();
  await page.getByLabel("How much").fill("20");
  await page.getByRole("button", { name: "Continue to Amazon Payments" }).click();
  await choosePayment(page, /Account balance/);
  await page.getByRole("button", { name: "Confirm" }).click();
  await expect(page.getByText("Your credit is charged.")).toBeVisible();
  await page.getByRole("radio", { name: "Credit" }).check();
  await page.getByRole("button", { name: "Download Now" }).click();
  await expect(page.getByRole("heading", { level: 1, name: "Thank You" })).toBeVisible();
  await page.getByRole("link", { name: "Follow this order" }).click();
  await page.getByText("Download on another device").click();
  await page.getByRole("button", { name: "Make a link" }).click();
  const link = await page.getByRole("link", { name: /\/downloads\// }).getAttribute("href");
  const elsewhere = await browser.newContext();
  expect((await elsewhere.request.get(link ?? "")).status()).toBe(200);
  await elsewhere.close();
  await page.getByRole("link", { name: "Receipt to print or save" }).click();
  await expect(page.getByText("Credit", { exact: true })).toBeVisible();
});
