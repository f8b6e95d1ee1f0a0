// The buyer's experience of the quick start, steps 1 to 5, for an item that is delivered at once (Pay).
import { buy, checkOut, chooseInstrument, fillShopSignIn, jane, john, reloadUntilVisible } from "../../fixtures/people";
import { nowAndForever } from "../../fixtures/catalogue";
import { expect, test } from "../../fixtures/test";

test("step 1: John finds Now and Forever and presses Buy Now", async ({ page, sites }) => {
  await page.goto(sites.shop);
  await page.getByRole("main").getByRole("link", { name: /Now and Forever/ }).first().click();
  await expect(page.getByRole("heading", { level: 1, name: nowAndForever.title })).toBeVisible();
  await expect(page.getByRole("main").getByText("$0.99").first()).toBeVisible();
  await page.getByRole("link", { name: "Buy Now" }).or(page.getByRole("button", { name: "Buy Now" })).click();
  await fillShopSignIn(page, john);
  await expect(page).toHaveURL(`${sites.shop}/checkout/${nowAndForever.slug}`);
  await expect(page.getByRole("radio", { name: "Amazon Payments" })).toBeVisible();
});

test("step 2: Download Now leads to the Co-Branded UI, which shows shop and amount and signs John in", async ({ page, sites }) => {
  await checkOut(page, sites, nowAndForever.slug, john);
  await expect(page.getByText("$0.99").first()).toBeVisible();
  await expect(page.getByText("DigitalDownload").first()).toBeVisible();
  await expect(page.getByText(/simulation/i).first()).toBeVisible();
  await page.getByLabel("E-mail").fill(john.email);
  await page.getByLabel("Password").fill("a wrong password");
  await page.getByRole("main").getByRole("button", { name: "Sign in" }).click();
  await expect(page.getByRole("alert")).toBeVisible();
  await expect(page.getByLabel("E-mail")).toHaveValue(john.email);
  await page.getByLabel("Password").fill(john.amazonPassword);
  await page.getByRole("main").getByRole("button", { name: "Sign in" }).click();
  await expect(page.getByRole("heading", { level: 1, name: "Payment authorization" })).toBeVisible();
});

test("steps 3 and 4: John selects his account balance, reviews and confirms", async ({ page, sites }) => {
  await checkOut(page, sites, nowAndForever.slug, john);
  await chooseInstrument(page, john, /Account balance/);
  await expect(page.getByRole("main").getByText("$0.99").first()).toBeVisible();
  await expect(page.getByRole("main").getByText(/Account balance/)).toBeVisible();
  await expect(page.getByRole("button", { name: "Confirm" })).toBeVisible();
});

test("step 5: back in the shop the payment is executed, John is thanked and downloads the song", async ({ page, sites }) => {
  const order = await buy(page, sites, nowAndForever.slug, john, /Account balance/);
  await expect(page.getByRole("link", { name: /keep shopping/i }).first()).toBeVisible();
  await page.goto(`${sites.shop}${order}`);
  await expect(page.getByText("Paid").first()).toBeVisible();
  const ledger = await sites.ledger();
  expect(ledger.sum).toMatch(/^0\.0+$/);
  expect(Number(await sites.balanceOf(john.email))).toBeCloseTo(499.01, 6);

  await page.goto(`${sites.shop}/library`);
  const link = page.getByRole("main").getByRole("link", { name: /Download/ }).first();
  const file = await page.request.get(new URL((await link.getAttribute("href"))!, sites.shop).href);
  expect(file.status()).toBe(200);
  expect(file.headers()["content-disposition"]).toContain("attachment");
  expect(file.headers()["content-type"]).toBe("audio/mpeg");
  expect((await file.body()).length).toBeGreaterThan(10_000);
});

test("a card payment is pending first and paid when its notification arrives", async ({ page, sites }) => {
  const order = await buy(page, sites, nowAndForever.slug, jane, /ending in/);
  await page.goto(`${sites.shop}${order}`);
  await reloadUntilVisible(page, "Paid");
  await page.goto(`${sites.shop}/library`);
  await expect(page.getByRole("main").getByRole("link", { name: /Download/ }).first()).toBeVisible();
});

test("a buyer who leaves Amazon Payments is not charged and can start again", async ({ page, sites }) => {
  await checkOut(page, sites, nowAndForever.slug, john);
  await page.getByRole("button", { name: "Cancel" }).click();
  await expect(page).toHaveURL(new RegExp(`^${sites.shop}/orders/`));
  await page.getByRole("button", { name: /try again|start again/i }).click();
  await chooseInstrument(page, john, /Account balance/);
  await page.getByRole("button", { name: "Confirm" }).click();
  await expect(page.getByRole("heading", { level: 1, name: "Thank You" })).toBeVisible();
  expect(Number(await sites.balanceOf(john.email))).toBeCloseTo(499.01, 6);
});

test("going back and confirming twice charges once", async ({ page, sites }) => {
  await checkOut(page, sites, nowAndForever.slug, john);
  await chooseInstrument(page, john, /Account balance/);
  const review = page.url();
  await page.getByRole("button", { name: "Confirm" }).click();
  await expect(page.getByRole("heading", { level: 1, name: "Thank You" })).toBeVisible();
  const thanks = page.url();
  await page.goto(review);
  const confirm = page.getByRole("button", { name: "Confirm" });
  if (await confirm.isVisible()) await confirm.click();
  await expect(page).toHaveURL(thanks);
  expect(Number(await sites.balanceOf(john.email))).toBeCloseTo(499.01, 6);
});
