// What somebody would like to have one day: put aside on the item's page, theirs after signing in, and a way to the cart.
import { nowAndForever, record } from "../../fixtures/catalogue";
import { jane, signInToShop } from "../../fixtures/people";
import { expect, test } from "../../fixtures/test";

test("a visitor wishes for two things, signs in, takes one off and puts the other into the cart", async ({ page, sites, browser }) => {
  await page.goto(`${sites.shop}/wishlist`);
  await expect(page.getByText("Your wish list is empty")).toBeVisible();
  for (const { slug } of [nowAndForever, record]) {
    await page.goto(`${sites.shop}/items/${slug}`);
    await page.getByRole("button", { name: "Add to wish list" }).click();
    await expect(page.getByRole("heading", { level: 1, name: "Your wish list" })).toBeVisible();
  }
  await page.getByRole("main").getByRole("link", { name: "Sign in" }).click();
  await page.getByLabel("E-mail").fill(jane.email);
  await page.getByLabel("Password").fill(jane.shopPassword);
  await page.getByRole("main").getByRole("button", { name: "Sign in" }).click();
  await expect(page.getByRole("heading", { level: 1, name: "Your wish list" })).toBeVisible();
  const titles = page.getByRole("main").getByRole("heading", { level: 2 });
  await expect(titles).toHaveText([new RegExp(record.title), nowAndForever.title]);
  await page.goto(`${sites.shop}/items/${record.slug}`);
  await page.getByRole("button", { name: "Remove from wish list" }).click();
  await expect(titles).toHaveText([nowAndForever.title]);
  await page.getByRole("button", { name: `Add to cart ${nowAndForever.title}` }).click();
  await expect(page.getByRole("heading", { level: 1, name: "Your cart" })).toBeVisible();
  await expect(page.getByRole("main").getByRole("link", { name: nowAndForever.title })).toBeVisible();
  const elsewhere = await browser.newPage();
  await signInToShop(elsewhere, sites, jane);
  await elsewhere.goto(sites.shop);
  await elsewhere.getByRole("link", { name: "Wish list" }).click();
  await expect(elsewhere.getByRole("main").getByRole("link", { name: nowAndForever.title })).toBeVisible();
  await elsewhere.getByRole("button", { name: `Remove ${nowAndForever.title}` }).click();
  await expect(elsewhere.getByText("Your wish list is empty")).toBeVisible();
  await elsewhere.close();
});
