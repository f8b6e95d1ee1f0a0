// Coupons: a seller's lowers the price that is divided, the market's comes out of its own fee, and both are kept with the
// order.
import type { Page } from "@playwright/test";
import { choosePayment, jane, john, merchant, operator, signInToAmazon, signInToShop } from "../../fixtures/people";
import { madeToOrder, nowAndForever } from "../../fixtures/catalogue";
import { expect, test, type Sites } from "../../fixtures/test";

async function makeCoupon(page: Page, sites: Sites, path: string, code: string, percent: string): Promise<void> {
  await page.goto(sites.shop + path);
  await page.getByLabel("Code").fill(code);
  await page.getByLabel("How much").fill(percent);
  await page.getByRole("button", { name: "Make this coupon" }).click();
  await expect(page.getByText("The coupon is made.")).toBeVisible();
}

test("a seller makes a coupon, a buyer pays less with it, and order, receipt and desk say so", async ({ page, sites, browser }) => {
  const desk = await browser.newPage();
  await signInToShop(desk, sites, merchant);
  await makeCoupon(desk, sites, "/sell/coupons", "Spring-20", "20");

  await signInToShop(page, sites, john);
  await signInToAmazon(page, sites, john);
  await page.goto(`${sites.shop}/checkout/${nowAndForever.slug}`);
  await page.getByLabel("Coupon").fill("autumn");
  await page.getByRole("button", { name: "Apply" }).click();
  await expect(page.getByRole("alert").getByText("There is no such coupon")).toBeVisible();
  await page.getByLabel("Coupon").fill("spring-20");
  await page.getByRole("button", { name: "Apply" }).click();
  await expect(page.getByText("Coupon SPRING-20")).toBeVisible();
  await expect(page.getByText("bears the discount")).toBeVisible();
  await page.getByRole("button", { name: "Download Now" }).click();
  await choosePayment(page, /Account balance/);
  await expect(page.getByText("$0.80").first()).toBeVisible();
  await page.getByRole("button", { name: "Confirm" }).click();
  await expect(page.getByRole("heading", { level: 1, name: "Thank You" })).toBeVisible();
  await expect(page.getByText("Coupon SPRING-20")).toBeVisible();
  await page.getByRole("link", { name: "Receipt to print or save" }).click();
  await expect(page.getByText("Coupon SPRING-20, borne by")).toBeVisible();

  await desk.goto(`${sites.shop}/sell/coupons`);
  const row = desk.getByRole("row", { name: /SPRING-20/ });
  await expect(row).toContainText("$0.19");
  await row.getByRole("button", { name: "Withdraw" }).click();
  await expect(desk.getByRole("row", { name: /SPRING-20/ })).toContainText("Withdrawn");
  await desk.goto(`${sites.shop}/sell/figures`);
  await expect(desk.getByText("Coupons took $0.19 off the prices of 1 sale")).toBeVisible();
  await desk.close();
});

test("the market's coupon leaves it no fee, in a cart, and the seller gets no less", async ({ page, sites, browser }) => {
  const desk = await browser.newPage();
  await signInToShop(desk, sites, operator);
  await makeCoupon(desk, sites, "/operator/coupons", "Market", "99");
  await desk.close();

  await signInToShop(page, sites, jane);
  await signInToAmazon(page, sites, jane);
  for (const slug of [nowAndForever.slug, madeToOrder.slug]) {
    await page.goto(`${sites.shop}/items/${slug}`);
    await page.getByRole("button", { name: "Add to cart" }).click();
  }
  await page.getByRole("link", { name: "Check out" }).click();
  await page.getByLabel("Coupon").fill("market");
  await page.getByRole("button", { name: "Apply" }).click();
  await expect(page.getByText("out of its own share").first()).toBeVisible();
  await page.getByRole("button", { name: "Continue to Amazon Payments" }).click();
  await choosePayment(page, /Visa|card/i);
  await page.getByRole("button", { name: "Confirm" }).click();
  await expect(page.getByText("All 2 orders went through")).toBeVisible({ timeout: 15_000 });
  await page.getByRole("link", { name: nowAndForever.title }).click();
  await expect(page.getByText("DigitalDownload bears the discount").first()).toBeVisible();
});
