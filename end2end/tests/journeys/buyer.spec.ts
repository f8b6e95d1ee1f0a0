// The buyer's experience of the quick start, steps 1 to 5: for an item that is delivered at once (Pay), and for one
// that its merchant fulfils by hand (Reserve).
import type { Page } from "@playwright/test";
import {
  buy,
  checkOut,
  chooseInstrument,
  choosePayment,
  goToPaymentAuthorization,
  goToReview,
  jane,
  john,
  pressBuyNow,
  reloadUntilVisible,
  signInAtCbui,
} from "../../fixtures/people";
import { madeToOrder, nowAndForever, seller } from "../../fixtures/catalogue";
import { expect, test } from "../../fixtures/test";

const purchases = [
  {
    way: "Pay",
    button: "Download Now",
    item: nowAndForever,
    price: "$0.99",
    before: "The download is yours as soon as the payment is through.",
    allowed: "DigitalDownload may take $0.99 from this payment method, once.",
    thanks: "Your payment of $0.99 is complete. The file is yours to download.",
    status: "Paid",
    balance: 499.01,
    files: 1,
  },
  {
    way: "Reserve",
    button: "Continue to Amazon Payments",
    item: madeToOrder,
    price: "$12.00",
    before: `Your money is held until ${seller} delivers`,
    allowed: "DigitalDownload may set $12.00 aside on this payment method and take it later, once.",
    thanks: `$12.00 is held for ${seller} and will be charged when ${seller} is ready to deliver it.`,
    status: "Reserved",
    balance: 500,
    files: 0,
  },
];

const main = (page: Page, text: string) => page.getByRole("main").getByText(text).first();

for (const { way, button, item, price, before, allowed, thanks, status, balance, files } of purchases) {
  test.describe(way, () => {
    test(`step 1: John finds ${item.title}, presses Buy Now and selects Amazon Payments`, async ({ page, sites }) => {
      await page.goto(sites.shop);
      await page.getByLabel("Search the shop").fill(item.title);
      await page.getByRole("button", { name: "Search" }).click();
      await page.getByRole("main").getByRole("link", { name: item.title }).first().click();
      await expect(page.getByRole("heading", { level: 1, name: item.title })).toBeVisible();
      await expect(main(page, price)).toBeVisible();
      await expect(main(page, before)).toBeVisible();
      await pressBuyNow(page, john);
      await expect(page).toHaveURL(`${sites.shop}/checkout/${item.slug}`);
      await page.getByRole("radio", { name: "Amazon Payments" }).check();
      await expect(page.getByRole("button", { name: button })).toBeVisible();
    });

    test("step 2: the button leads to the Co-Branded UI, which shows shop and amount, and John signs in", async ({ page, sites }) => {
      await checkOut(page, sites, item.slug, john);
      const request = page.getByRole("region", { name: "The request" });
      await expect(request).toContainText("DigitalDownload asks for one payment");
      await expect(request).toContainText(price);
      await expect(page.getByText(/simulation/i).first()).toBeVisible();
      await signInAtCbui(page, { ...john, amazonPassword: "a wrong password" });
      await expect(page.getByRole("alert")).toBeVisible();
      await expect(page.getByLabel("E-mail")).toHaveValue(john.email);
      await signInAtCbui(page, john);
      await expect(page.getByRole("heading", { level: 1, name: "Payment authorization" })).toBeVisible();
    });

    test("step 3: John selects his account balance among his payment methods and continues", async ({ page, sites }) => {
      await goToPaymentAuthorization(page, sites, item.slug, john);
      await expect(page.getByRole("radio", { name: /Visa ending in/ })).toBeEnabled();
      await expect(page.getByRole("radio", { name: /Bank account/ })).toBeEnabled();
      await expect(main(page, "$500.00"), "what the balance has").toBeVisible();
      await page.getByRole("button", { name: "Continue" }).click();
      await expect(page.getByRole("alert"), "nothing is selected for him").toBeVisible();
      await choosePayment(page, /Account balance/);
      await expect(page.getByRole("heading", { level: 1, name: "Confirm payment authorization" })).toBeVisible();
    });

    test("step 4: John reviews who is paid what for what, and confirms", async ({ page, sites }) => {
      await goToReview(page, sites, item.slug, john, /Account balance/);
      for (const fact of [seller, item.title, price, "Account balance", allowed]) await expect(main(page, fact), fact).toBeVisible();
      expect(Number(await sites.balanceOf(john.email)), "nothing is executed by Amazon Payments itself").toBeCloseTo(500, 6);
      await page.getByRole("button", { name: "Confirm" }).click();
      await expect(page).toHaveURL(new RegExp(`^${sites.shop}/orders/`));
    });

    test(`step 5: back in the shop ${way} is executed and John is thanked`, async ({ page, sites }) => {
      const order = await buy(page, sites, item.slug, john, /Account balance/);
      await expect(page.getByText(thanks)).toBeVisible();
      await expect(page.getByRole("link", { name: "Keep shopping" })).toBeVisible();
      await page.goto(sites.shop + order);
      await expect(page.getByText(status, { exact: true }).first()).toBeVisible();
      expect(Number(await sites.balanceOf(john.email))).toBeCloseTo(balance, 6);
      expect((await sites.ledger()).sum).toMatch(/^0\.0+$/);
      await page.goto(`${sites.shop}/library`);
      await expect(page.getByRole("link", { name: `Download ${item.title}` })).toHaveCount(files);
    });
  });
}

test("a card payment is pending first and paid when its notification arrives; the song is an MP3 to be kept", async ({ page, sites }) => {
  const order = await buy(page, sites, nowAndForever.slug, jane, /ending in/);
  await page.goto(sites.shop + order);
  await reloadUntilVisible(page, "Paid");
  await expect(page.getByRole("heading", { level: 3, name: "Pending" })).toBeVisible();
  await page.goto(`${sites.shop}/library`);
  const href = await page.getByRole("link", { name: `Download ${nowAndForever.title}` }).getAttribute("href");
  const file = await page.request.get(new URL(href!, sites.shop).href);
  expect(file.status()).toBe(200);
  expect(file.headers()["content-disposition"]).toContain("attachment");
  expect(file.headers()["content-type"]).toBe("audio/mpeg");
  expect((await file.body()).length).toBeGreaterThan(10_000);
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
  await goToReview(page, sites, nowAndForever.slug, john, /Account balance/);
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
