// The operator: finds, holds and closes, makes fee rules, decides on refunds, and all of it stands in the audit log.
import { expect, test, type Sites } from "../../fixtures/test";
import { afterTheRefundDays, buy, checkOut, jane, john, merchant, operator, reloadUntilVisible, signInToShop, signOutOfShop } from "../../fixtures/people";
import { madeToOrder, nowAndForever } from "../../fixtures/catalogue";
import type { Page } from "@playwright/test";

const main = (page: Page) => page.getByRole("main");
const press = (page: Page, name: string) => main(page).getByRole("button", { name, exact: true }).click();

async function open(page: Page, sites: Sites, section: string): Promise<void> {
  await page.goto(`${sites.shop}/operator`);
  await page.getByRole("navigation", { name: "Operator" }).getByRole("link", { name: section }).click();
}

test("an item is held with a reason, cannot be bought, says so, and is released", async ({ page, sites }) => {
  await signInToShop(page, sites, operator);
  await open(page, sites, "Items");
  await page.getByLabel("Find").fill(nowAndForever.title);
  await press(page, "Show");
  await main(page).getByRole("link", { name: nowAndForever.title }).click();
  await press(page, "Hold this item");
  await expect(page.getByRole("alert")).toContainText("Enter a reason");
  await page.getByLabel("Reason").fill("Somebody says that it is theirs.");
  await press(page, "Hold this item");
  await expect(main(page)).toContainText("Held since");
  await signInToShop(page, sites, john);
  await page.goto(`${sites.shop}/items/${nowAndForever.slug}`);
  await expect(main(page)).toContainText("has stopped the sale of this");
  await expect(page.getByRole("link", { name: "Buy Now" })).toHaveCount(0);
  await signInToShop(page, sites, merchant);
  await page.goto(`${sites.shop}/items/${nowAndForever.slug}`);
  await expect(main(page)).toContainText("Somebody says that it is theirs.");
  await signInToShop(page, sites, operator);
  await page.goto(`${sites.shop}/operator/items/${nowAndForever.slug}`);
  await page.getByLabel("Reason").fill("It was not.");
  await press(page, "Release it");
  await signInToShop(page, sites, john);
  await page.goto(`${sites.shop}/items/${nowAndForever.slug}`);
  await expect(page.getByRole("link", { name: "Buy Now" })).toBeVisible();
});

test("a seller is held: the desk says why, nothing can be bought, and the orders that were placed go on", async ({ page, sites }) => {
  const order = await buy(page, sites, madeToOrder.slug, john, /Account balance/);
  await signInToShop(page, sites, operator);
  await open(page, sites, "Users and sellers");
  await page.getByLabel("Find").fill(merchant.email);
  await press(page, "Show");
  await main(page).getByRole("rowheader").getByRole("link").click();
  await page.getByRole("region", { name: "Shop", exact: true }).getByLabel("Reason").fill("Parcels do not arrive.");
  await press(page, "Hold this shop");
  await signInToShop(page, sites, merchant);
  await page.goto(`${sites.shop}/sell`);
  await expect(page.getByRole("region", { name: "Your shop is held" })).toContainText("Parcels do not arrive.");
  await page.goto(sites.shop + order);
  await page.getByRole("button", { name: "Fulfil" }).click();
  await expect(main(page)).toContainText(/Paid|Settled|payment pending/);
  await signInToShop(page, sites, jane);
  await page.goto(`${sites.shop}/items/${nowAndForever.slug}`);
  await expect(main(page)).toContainText("has stopped the sales of");
});

test("an account is closed and opened again", async ({ page, sites }) => {
  await signInToShop(page, sites, operator);
  await page.goto(`${sites.shop}/operator/users?q=jane`);
  await main(page).getByRole("rowheader").getByRole("link").click();
  await page.getByLabel("Reason").fill("She asked for it.");
  await press(page, "Close this account");
  await expect(main(page)).toContainText("Closed since");
  const person = page.url();
  await signOutOfShop(page, sites);
  await page.goto(`${sites.shop}/sign-in`);
  await page.getByLabel("E-mail").fill(jane.email);
  await page.getByLabel("Password").fill(jane.shopPassword);
  await press(page, "Sign in");
  await expect(page.getByRole("alert")).toContainText("closed this account");
  await signInToShop(page, sites, operator);
  await page.goto(person);
  await page.getByLabel("Reason").fill("She came back.");
  await press(page, "Open it again");
  await signInToShop(page, sites, jane);
});

test("a fee rule is made for a category, and an order keeps to it; one that takes too much is refused", async ({ page, sites }) => {
  await signInToShop(page, sites, operator);
  await open(page, sites, "Fees");
  await page.getByLabel("Fixed fee").fill("5.00");
  await page.getByLabel("Variable fee").fill("50");
  await press(page, "Make this rule");
  await expect(page.getByRole("alert")).toContainText("agreed to less");
  await expect(page.getByLabel("Variable fee")).toHaveValue("50");
  await page.getByRole("radio", { name: "A category" }).check();
  await page.getByLabel("Which category").selectOption({ label: "Music" });
  await page.getByLabel("Fixed fee").fill("0");
  await page.getByLabel("Variable fee").fill("20");
  await press(page, "Make this rule");
  await expect(page.getByRole("region", { name: "Now" })).toContainText("20 % of the price");
  const order = await buy(page, sites, nowAndForever.slug, john, /Account balance/);
  await signInToShop(page, sites, operator);
  await page.goto(sites.shop + order);
  await expect(main(page), "20 % of $0.99").toContainText("$0.20");
});

test("the operator declines a refund with a reason, and finds it in the log and its file", async ({ page, sites }) => {
  await buy(page, sites, nowAndForever.slug, john, /Account balance/);
  await afterTheRefundDays(page, sites, john);
  await page.goto(`${sites.payments}/account`);
  await main(page).getByRole("link", { name: /^Payment to/ }).first().click();
  await page.getByLabel("Reason").fill("It is not what I thought.");
  await press(page, "Ask for a refund");
  await signInToShop(page, sites, operator);
  await expect(async () => {
    await open(page, sites, "Refunds");
    await expect(page.getByRole("region", { name: "Waiting for the seller" })).toContainText("It is not what I thought.", { timeout: 500 });
  }).toPass();
  await main(page).getByRole("link", { name: nowAndForever.title }).click();
  await page.getByLabel("Reason").fill("He has listened to it for a month.");
  await press(page, "Decline");
  await open(page, sites, "Audit log");
  await page.getByLabel("What", { exact: true }).selectOption({ label: "Declined a refund" });
  await page.getByLabel("Who").fill("olga");
  await press(page, "Show");
  await expect(main(page)).toContainText("He has listened to it for a month.");
  const href = await page.getByRole("link", { name: "Save these lines as CSV" }).getAttribute("href");
  const file = await page.request.get(sites.shop + href);
  expect(file.headers()["content-type"]).toContain("text/csv");
  expect((await file.text()).trim().split("\n")).toHaveLength(2);
});

test("a buyer whom the seller refused asks the marketplace, which sends a part back and has the last word", async ({ page, sites }) => {
  const order = await buy(page, sites, nowAndForever.slug, john, /Account balance/);
  await afterTheRefundDays(page, sites, john);
  await page.goto(sites.shop + order);
  await press(page, "Refund");
  await page.getByLabel("Why do you want it back?").selectOption("It does not work, or came damaged");
  await press(page, "Ask for a refund");
  await expect(main(page)).toContainText("you can ask the marketplace to decide");
  await expect(page.getByRole("button", { name: "Ask the marketplace" })).toHaveCount(0);
  await signInToShop(page, sites, merchant);
  await page.goto(sites.shop + order);
  await press(page, "Decline");

  await signInToShop(page, sites, john);
  await page.goto(sites.shop + order);
  await press(page, "Ask the marketplace");
  await press(page, "Ask the marketplace");
  await expect(page.getByRole("alert")).toContainText("Enter what the marketplace should know");
  await page.getByLabel("What should the marketplace know?").fill("It stops after a minute, on three players.");
  await press(page, "Ask the marketplace");
  await expect(main(page)).toContainText("You asked for $0.99 back, and the marketplace to decide.");

  await signInToShop(page, sites, operator);
  await page.goto(`${sites.shop}/operator`);
  await main(page).getByRole("link", { name: "1 refund waits for your decision" }).click();
  await page.getByRole("region", { name: "Waiting for your decision" }).getByRole("link", { name: nowAndForever.title }).click();
  await expect(page.getByRole("region", { name: "What was said" })).toContainText(/declined.*John Doe asked the marketplace.*It stops after a minute/s);
  await page.getByLabel("How much goes back, if anything does").fill("0.40");
  await page.getByLabel("Reason").fill("Half of the song can be heard.");
  await press(page, "Refund");
  await expect(main(page)).toContainText("The marketplace decided that $0.40 goes back to the buyer: Half of the song can be heard.");

  await signInToShop(page, sites, john);
  await page.goto(sites.shop + order);
  await reloadUntilVisible(page, "Partly refunded");
  expect(Number(await sites.balanceOf(john.email))).toBeCloseTo(499.41, 6);
  await page.goto(`${sites.shop}/mail`);
  await main(page).getByRole("link", { name: `The marketplace decided for a refund: ${nowAndForever.title}` }).click();
  await expect(main(page)).toContainText("Half of the song can be heard.");
});

test("orders are found, jobs are seen, and nobody else sees any of it", async ({ page, sites }) => {
  await checkOut(page, sites, nowAndForever.slug, john);
  await signInToShop(page, sites, operator);
  await open(page, sites, "Orders");
  await page.getByLabel("Buyer").fill("john");
  await page.getByLabel("Status").selectOption({ label: "Not confirmed yet" });
  await press(page, "Show");
  await main(page).getByRole("rowheader").getByRole("link", { name: nowAndForever.title }).first().click();
  await expect(page).toHaveURL(/\/orders\//);
  await open(page, sites, "Health");
  await expect(page.getByRole("region", { name: "Jobs" })).toContainText("payment tracking");
  await expect(main(page)).toContainText("No differences");
  await signInToShop(page, sites, merchant);
  for (const path of ["audit", "audit.csv", "users", "items", "orders", "fees", "disputes", "health"]) {
    expect((await page.goto(`${sites.shop}/operator/${path}`))!.status(), path).toBe(404);
  }
});
