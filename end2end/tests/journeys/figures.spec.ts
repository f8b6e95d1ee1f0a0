// What a merchant sold, in charts with their tables, as a file, and beside what Amazon Payments says of it.
import { buy, john, merchant, operator, refund, reloadUntilVisible, signInToShop } from "../../fixtures/people";
import { madeToOrder, nowAndForever } from "../../fixtures/catalogue";
import { expect, test, type Sites } from "../../fixtures/test";
import type { Page } from "@playwright/test";

test.describe.configure({ timeout: 60_000 });

const region = (page: Page, name: string | RegExp) => page.getByRole("region", { name });

/** John keeps one song, has the money of another back, and waits for a third thing. */
async function sell(page: Page, sites: Sites): Promise<void> {
  await buy(page, sites, nowAndForever.slug, john, /Account balance/);
  const returned = await buy(page, sites, nowAndForever.slug, john, /Account balance/);
  await page.goto(sites.shop + returned);
  await refund(page);
  await reloadUntilVisible(page, "$0.99 was paid back, and the download was revoked.");
  await buy(page, sites, madeToOrder.slug, john, /Account balance/);
  await signInToShop(page, sites, merchant);
}

test("the merchant sees what was sold, by day, week and month, and what went back", async ({ page, sites }) => {
  await signInToShop(page, sites, merchant);
  await page.goto(`${sites.shop}/sell`);
  await page.getByRole("link", { name: "Figures" }).click();
  await expect(region(page, "Sales by day")).toContainText("Nothing was sold in this time.");
  await sell(page, sites);
  await page.goto(`${sites.shop}/sell/figures`);
  await expect(page.getByRole("img", { name: /^Sales by day/ })).toBeVisible();
  await expect(page.getByText("$1.98").first()).toBeVisible();
  await expect(region(page, "What sold best").getByRole("link", { name: nowAndForever.title })).toBeVisible();
  await expect(region(page, "Refunds").getByRole("row").filter({ hasText: nowAndForever.title })).toContainText("$0.99");
  const byDay = region(page, "Sales by day");
  await byDay.getByText("As a table").click();
  await expect(byDay.getByRole("row")).toHaveCount(2);
  for (const [link, unit] of [["Weeks", "week"], ["Months", "month"]] as const) {
    await page.getByRole("navigation", { name: "One bar is" }).getByRole("link", { name: link }).click();
    await expect(region(page, `Sales by ${unit}`).getByRole("img")).toBeVisible();
  }
});

test("days that cannot be are named, and nothing typed is lost", async ({ page, sites }) => {
  await signInToShop(page, sites, merchant);
  expect((await page.goto(`${sites.shop}/sell/figures?from=2026-11-30&to=2026-11-01`))!.status()).toBe(422);
  await expect(page.getByRole("alert")).toContainText("The last day is before the first one.");
  await expect(page.getByLabel("From")).toHaveValue("2026-11-30");
  await page.getByLabel("To").fill("2026-12-02");
  await page.getByRole("button", { name: "Show" }).click();
  await expect(page.getByRole("heading", { level: 2, name: "30 Nov 2026 to 2 Dec 2026" })).toBeVisible();
});

test("all sales come as a file for spreadsheets", async ({ page, sites }) => {
  await sell(page, sites);
  const file = await page.request.get(`${sites.shop}/sell/sales.csv`);
  expect(file.headers()["content-disposition"]).toContain("sales.csv");
  const lines = (await file.text()).trimEnd().split("\r\n");
  expect(lines).toHaveLength(4);
  expect(lines[0]).toContain("Order,Placed,Paid,Item,Buyer,Status,Price");
  expect(lines[1]).toContain("Now and Forever,John Doe,Paid,0.99,0.00,0.00,0.149000,0.024850,0.816150,USD");
  expect(lines[2]).toContain("Refunded");
  expect((await page.request.get(`${sites.shop}/sell/sales.csv?from=soon`)).status()).toBe(400);
  const none = await page.request.get(`${sites.shop}/sell/sales.csv?from=2001-01-01&to=2001-12-31`);
  expect((await none.text()).trimEnd().split("\r\n")).toHaveLength(1);
});

test("Amazon Payments says the same of every order, and knows the balance alone", async ({ page, sites }) => {
  await sell(page, sites);
  await page.goto(`${sites.shop}/sell/figures`);
  await page.getByRole("link", { name: "What Amazon Payments says of these sales" }).click();
  await expect(region(page, "Differences")).toContainText("None: in what was compared both say the same of every order.");
  const charged = page.getByRole("row").filter({ hasText: "Charged" });
  await expect(charged.getByText("$1.98")).toHaveCount(2);
  await expect(page.getByRole("link", { name: "open your account" })).toHaveAttribute("href", `${sites.payments}/account`);
});

test("the operator sees the same charts of the market, and a customer stands where the orders say", async ({ page, sites }) => {
  await sell(page, sites);
  await page.goto(`${sites.shop}/sell/customers`);
  await page.getByRole("link", { name: "John Doe" }).click();
  await expect(region(page, "What they ordered").getByRole("row")).toHaveCount(4);
  await signInToShop(page, sites, operator);
  await page.goto(`${sites.shop}/operator`);
  await page.getByRole("navigation", { name: "Operator" }).getByRole("link", { name: "Figures" }).click();
  await expect(page.getByRole("img", { name: /^Sales of the market by day/ })).toBeVisible();
});
