// The merchant's experience of the quick start, steps 1 to 4: for items that are delivered at once (Pay), and for those
// that the merchant fulfils by hand (Reserve, then Settle).
import type { Page } from "@playwright/test";
import { buy, goToReview, john, merchant, operator, reloadUntilVisible, signInToShop } from "../../fixtures/people";
import { madeToOrder, nowAndForever, seller } from "../../fixtures/catalogue";
import { expect, test, type Sites } from "../../fixtures/test";

async function listItem(page: Page, sites: Sites, title: string, delivery: string): Promise<void> {
  await signInToShop(page, sites, merchant);
  await page.goto(`${sites.shop}/sell/items/new`);
  await page.getByLabel("Title").fill(title);
  await page.getByLabel("Creator").fill("Harbour Lights");
  await page.getByLabel("Category").selectOption("music");
  await page.getByLabel("Description").fill("Recorded in one take.");
  await page.getByLabel("Price in US dollars").fill("8.00");
  await page.getByRole("radio", { name: delivery }).check();
  await page.getByLabel("File for sale").setInputFiles({ name: "take.txt", mimeType: "text/plain", buffer: Buffer.from("la la la") });
  await page.getByRole("button", { name: "Publish" }).click();
  await expect(page.getByRole("heading", { level: 1, name: title })).toBeVisible();
}

/** The three parts of a sale, as the books have them. */
async function shares(sites: Sites): Promise<{ buyer: number; seller: number; marketplace: number; sum: string }> {
  const balance = async (email: string) => Number(await sites.balanceOf(email));
  const [buyer, seller, marketplace] = [await balance(john.email), await balance(merchant.email), await balance(operator.amazonEmail)];
  return { buyer, seller, marketplace, sum: (await sites.ledger()).sum };
}

const desk = (page: Page, name: string | RegExp) => page.getByRole("region", { name });

for (const [way, delivery, delivered] of [
  ["Pay", "At once", "At once: you download it as soon as the payment is through."],
  ["Reserve", "By hand", `${seller} makes it ready by hand, and gives no time for it. What is not ready after seven days is not charged.`],
] as const) {
  test(`${way}, step 1: the merchant lists an item and sees how its price divides`, async ({ page, sites }) => {
    await listItem(page, sites, "One Take", delivery);
    await expect(page.getByText(delivered).first()).toBeVisible();
    await expect(page.getByText("This is your own listing.")).toBeVisible();
    await page.goto(`${sites.shop}/sell`);
    const row = desk(page, "Listings").getByRole("row").filter({ hasText: "One Take" });
    // 8.00 by card: 0.05 + 10 % for the marketplace, 0.05 + 5 % for Amazon.
    for (const part of ["$8.00", "$6.70", "$0.85", "$0.45"]) await expect(row.getByText(part), part).toBeVisible();
  });
}

test("step 2: only when the buyer has authorized the payment is the merchant told", async ({ page, sites, browser }) => {
  await goToReview(page, sites, madeToOrder.slug, john, /Account balance/);
  const merchants = await browser.newPage();
  await signInToShop(merchants, sites, merchant);
  await merchants.goto(`${sites.shop}/sell`);
  await expect(desk(merchants, "Sales").getByRole("row").filter({ hasText: madeToOrder.title })).toHaveCount(0);
  await expect(desk(merchants, /Orders to fulfil/)).toContainText("Nothing waits for you.");
  await page.getByRole("button", { name: "Confirm" }).click();
  await expect(page.getByRole("heading", { level: 1, name: "Thank You" })).toBeVisible();
  await merchants.reload();
  await expect(merchants.getByRole("link", { name: "Sell 1 new notice" })).toBeVisible();
  await expect(desk(merchants, /Orders to fulfil/).getByRole("link", { name: madeToOrder.title })).toBeVisible();
});

test("Pay, step 3: the merchant is told that a purchase was authorized; there is nothing to fulfil", async ({ page, sites }) => {
  const order = await buy(page, sites, nowAndForever.slug, john, /Account balance/);
  await signInToShop(page, sites, merchant);
  await page.goto(`${sites.shop}/sell`);
  await expect(desk(page, "Notices")).toContainText("John Doe bought Now and Forever. It was delivered and paid at once.");
  await expect(desk(page, /Orders to fulfil/)).toContainText("Nothing waits for you.");
  await page.getByRole("button", { name: "Mark all as read" }).click();
  await expect(page.getByRole("link", { name: "Sell", exact: true })).toBeVisible();
  await page.goto(sites.shop + order);
  await expect(page.getByRole("button", { name: "Fulfil" })).toHaveCount(0);
});

test("Reserve, step 3: the merchant is told that a purchase was authorized, and fulfils the order", async ({ page, sites }) => {
  await buy(page, sites, madeToOrder.slug, john, /Account balance/);
  await expect(page.getByRole("button", { name: "Fulfil" }), "not the buyer's to press").toHaveCount(0);
  await signInToShop(page, sites, merchant);
  await page.goto(`${sites.shop}/sell`);
  await expect(desk(page, "Notices")).toContainText(`John Doe ordered ${madeToOrder.title}. The payment is reserved: fulfil the order to be paid.`);
  await desk(page, /Orders to fulfil/).getByRole("link", { name: madeToOrder.title }).click();
  await expect(page.getByText("$12.00 is held at Amazon Payments until the order is fulfilled.")).toBeVisible();
  await page.getByRole("button", { name: "Fulfil" }).click();
  await reloadUntilVisible(page, "Settled");
  await expect(page.getByRole("heading", { level: 3, name: "Fulfilled" })).toBeVisible();
  await expect(page.getByRole("button", { name: "Fulfil" })).toHaveCount(0);
});

test("Pay, step 4: the payment is split between merchant, marketplace and Amazon at once", async ({ page, sites }) => {
  const before = await shares(sites);
  await buy(page, sites, nowAndForever.slug, john, /Account balance/);
  const after = await shares(sites);
  // From a balance: 0.05 + 10 % for the marketplace, 0.01 + 1.5 % for Amazon.
  expect(after.buyer - before.buyer).toBeCloseTo(-0.99, 6);
  expect(after.marketplace - before.marketplace).toBeCloseTo(0.149, 6);
  expect(after.seller - before.seller).toBeCloseTo(0.99 - 0.149 - 0.02485, 6);
  expect(after.sum).toMatch(/^0\.0+$/);
});

test("Reserve, step 4: when the order is fulfilled the payment is split, and John has the file", async ({ page, sites }) => {
  const before = await shares(sites);
  const order = await buy(page, sites, madeToOrder.slug, john, /Account balance/);
  expect(await shares(sites), "reserved, not charged").toEqual(before);
  await signInToShop(page, sites, merchant);
  await page.goto(sites.shop + order);
  await page.getByRole("button", { name: "Fulfil" }).click();
  await reloadUntilVisible(page, "Settled");
  const after = await shares(sites);
  expect(after.buyer - before.buyer).toBeCloseTo(-12, 6);
  expect(after.marketplace - before.marketplace).toBeCloseTo(1.25, 6);
  expect(after.seller - before.seller).toBeCloseTo(12 - 1.25 - 0.19, 6);
  expect(after.sum).toMatch(/^0\.0+$/);
  await signInToShop(page, sites, john);
  await page.goto(`${sites.shop}/library`);
  const href = await page.getByRole("link", { name: `Download ${madeToOrder.title}` }).getAttribute("href");
  expect((await page.request.get(new URL(href!, sites.shop).href)).status()).toBe(200);
});

test("the operator sees orders, fees earned and notifications; nobody else sees the page", async ({ page, sites }) => {
  await buy(page, sites, nowAndForever.slug, john, /Account balance/);
  expect((await page.goto(`${sites.shop}/operator`))!.status()).toBe(404);
  await signInToShop(page, sites, operator);
  await page.goto(`${sites.shop}/operator`);
  await expect(desk(page, "Latest orders")).toContainText(nowAndForever.title);
  await expect(page.getByText("$0.15")).toBeVisible();
  await reloadUntilVisible(page, /PAY SUCCESS/);
});
