// The recipient's experience of the quick start, steps 1 to 4: Reserve, fulfil, Settle, split.
import { buy, john, merchant, operator, reloadUntilVisible, signInToShop, signOutOfShop } from "../../fixtures/people";
import { madeToOrder } from "../../fixtures/catalogue";
import { expect, test } from "../../fixtures/test";

test("the merchant is told of an authorized purchase, fulfils it, and the payment is split three ways", async ({ page, sites }) => {
  const order = await buy(page, sites, madeToOrder.slug, john, /Account balance/);
  await page.goto(`${sites.shop}${order}`);
  await expect(page.getByText("Reserved").first()).toBeVisible();
  expect(Number(await sites.balanceOf(john.email)), "reserved, not charged").toBeCloseTo(500, 6);
  const before = Number(await sites.balanceOf(merchant.email));

  await signOutOfShop(page, sites);
  await signInToShop(page, sites, merchant);
  await page.goto(`${sites.shop}/sell`);
  await expect(page.getByRole("main").getByText(madeToOrder.title).first()).toBeVisible();
  await page.goto(`${sites.shop}${order}`);
  await page.getByRole("button", { name: "Fulfil" }).click();
  await reloadUntilVisible(page, "Settled");
  await expect(page.getByRole("button", { name: "Fulfil" })).toHaveCount(0);

  expect(Number(await sites.balanceOf(john.email))).toBeCloseTo(500 - madeToOrder.dollars, 6);
  expect(Number(await sites.balanceOf(merchant.email))).toBeGreaterThan(before);
  expect(Number(await sites.balanceOf(operator.amazonEmail))).toBeGreaterThan(0);
  expect((await sites.ledger()).sum).toMatch(/^0\.0+$/);

  await signOutOfShop(page, sites);
  await signInToShop(page, sites, john);
  await page.goto(`${sites.shop}/library`);
  const link = page.getByRole("main").getByRole("link", { name: /Download/ }).first();
  const file = await page.request.get(new URL((await link.getAttribute("href"))!, sites.shop).href);
  expect(file.status()).toBe(200);
});

test("the operator sees orders, fees earned and notifications; nobody else sees the page", async ({ page, sites }) => {
  await buy(page, sites, "now-and-forever", john, /Account balance/);
  expect((await page.goto(`${sites.shop}/operator`))!.status()).toBe(404);
  await signOutOfShop(page, sites);
  await signInToShop(page, sites, operator);
  await page.goto(`${sites.shop}/operator`);
  await expect(page.getByRole("main").getByText("Now and Forever").first()).toBeVisible();
  await reloadUntilVisible(page, /PAY SUCCESS/);
});
