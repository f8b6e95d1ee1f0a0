// What a merchant does with orders: find them, fulfil one or many, charge less, cancel, give money back; and what the
// buyer gets to see of it. Each figure is held against the books.
import type { Page } from "@playwright/test";
import { afterTheRefundDays, buy, jane, john, merchant, openAs, operator, refund, reloadUntilVisible, signInToShop } from "../../fixtures/people";
import { madeToOrder, nowAndForever } from "../../fixtures/catalogue";
import { expect, test, type Sites } from "../../fixtures/test";

const press = (page: Page, name: string) => page.getByRole("main").getByRole("button", { name, exact: true }).click();
const buttons = (page: Page, name: string) => page.getByRole("main").getByRole("button", { name, exact: true });

/** What buyer, seller and marketplace have at Amazon Payments. */
async function balances(sites: Sites): Promise<[number, number, number]> {
  const of = async (email: string) => Number(await sites.balanceOf(email));
  return [await of(john.email), await of(merchant.email), await of(operator.amazonEmail)];
}

async function expectMoved(sites: Sites, before: number[], moved: number[]): Promise<void> {
  const after = await balances(sites);
  moved.forEach((amount, index) => expect(after[index]! - before[index]!).toBeCloseTo(amount, 6));
  expect((await sites.ledger()).sum).toMatch(/^0\.0+$/);
}

test("orders are found by where they stand and by words, and several are fulfilled together", async ({ page, sites }) => {
  const [first, second] = [await buy(page, sites, madeToOrder.slug, john, /Account balance/), await buy(page, sites, madeToOrder.slug, jane, /ending in/)];
  await openAs(page, sites, merchant, second);
  await reloadUntilVisible(page, "Reserved");
  await page.goto(`${sites.shop}/sell`);
  await page.getByRole("navigation", { name: "Your shop" }).getByRole("link", { name: "Orders" }).click();
  const rows = page.getByRole("table").getByRole("row").filter({ hasText: madeToOrder.title });
  await page.getByLabel("Show", { exact: true }).selectOption("To fulfil");
  await page.getByLabel("Buyer, title or order").fill("JANE");
  await press(page, "Find");
  await expect(rows).toHaveCount(1);
  await expect(rows).toContainText("Reserved");
  await page.getByLabel("Buyer, title or order").fill(first.split("/").pop()!);
  await press(page, "Find");
  await expect(rows).toContainText("John Doe");
  await page.getByLabel("Buyer, title or order").fill("nobody of that name");
  await press(page, "Find");
  await expect(page.getByText("No order fits.")).toBeVisible();

  await page.goto(`${sites.shop}/sell/orders?show=to-fulfil`);
  await press(page, "Fulfil selected");
  await expect(page.getByText("Tick the orders that you want to fulfil first.")).toBeVisible();
  const cancelling = await page.context().browser()!.newPage();
  await openAs(cancelling, sites, jane, second);
  for (const box of await page.getByRole("checkbox").all()) await box.check();
  await press(cancelling, "Cancel");
  await expect(cancelling.getByText("The order was cancelled. The $12.00 was never charged.")).toBeVisible();
  await cancelling.close();
  await press(page, "Fulfil selected");
  await expect(page.getByText(/1 not charged\.$/)).toBeVisible();
  await expect(page.getByText("Do not send it: $12.00 was not charged. It was not open to be fulfilled any more.")).toBeVisible();
  await reloadUntilVisible(page, "John Doe was charged $12.00.");
});

test("with a tracking number and a message, which the buyer reads", async ({ page, sites }) => {
  const order = await buy(page, sites, madeToOrder.slug, john, /Account balance/);
  await openAs(page, sites, merchant, order);
  await page.getByLabel(/^Message for the buyer/).fill("Mixed this morning, with the tape on.");
  await press(page, "Fulfil");
  await reloadUntilVisible(page, "Settled");
  await openAs(page, sites, john, order);
  await expect(page.getByRole("region", { name: /^From / })).toContainText("Mixed this morning, with the tape on.");
});

test("less than was reserved is charged once it is confirmed, and divides as the books say", async ({ page, sites }) => {
  const before = await balances(sites);
  const order = await buy(page, sites, madeToOrder.slug, john, /Account balance/);
  await openAs(page, sites, merchant, order);
  await page.getByLabel(/^Message for the buyer/).fill("One of the two is sold out.");
  for (const [amount, problem] of [["12.01", "No more than the $12.00 that are held can be charged."], ["0.02", /the fees would leave nothing/], ["some", "Enter an amount like 4.50."]] as const) {
    await page.getByLabel(/^Charge less/).fill(amount);
    await press(page, "Fulfil");
    await expect(page.getByRole("alert")).toContainText(problem);
    await expect(page.getByLabel(/^Message for the buyer/)).toHaveValue("One of the two is sold out.");
  }
  await page.getByLabel(/^Charge less/).fill("8.00");
  await press(page, "Fulfil");
  await expect(page.getByText(/John Doe is charged \$8\.00, and the other \$4\.00 that are held are released\./)).toBeVisible();
  await press(page, "Fulfil and charge $8.00");
  await reloadUntilVisible(page, "Settled");
  // Of 8.00 from a balance 0.85 is the marketplace's and 0.13 Amazon's.
  await expectMoved(sites, before, [-8, 8 - 0.85 - 0.13, 0.85]);
  const split = page.getByRole("region", { name: "How the price divides" });
  for (const part of ["$7.02", "$0.85", "$0.13", "$8.00"]) await expect(split.getByText(part)).toBeVisible();
  await openAs(page, sites, john, order);
  await expect(page.getByText(/Your payment of \$8\.00 is complete\./)).toBeVisible();
  const receipt = page.getByRole("region", { name: /^(Receipt|The order)$/ });
  await expect(receipt).toContainText("Charged$8.00");
  await expect(receipt).toContainText("Price$12.00");
  await refund(page);
  await reloadUntilVisible(page, "$8.00 was paid back, and the download was revoked.");
  await expectMoved(sites, before, [0, 0, 0]);
});

test("the merchant cancels what is held, and the buyer reads why", async ({ page, sites }) => {
  const order = await buy(page, sites, madeToOrder.slug, john, /Account balance/);
  await openAs(page, sites, merchant, order);
  await expect(page.getByText("Releases the $12.00 that is held. The buyer is charged nothing; do not deliver.")).toBeVisible();
  await page.getByLabel(/^Why you cancel/).fill("The tape broke.");
  await press(page, "Cancel");
  await reloadUntilVisible(page, "Cancelled. Do not deliver; the $12.00 was never charged.");
  await openAs(page, sites, john, order);
  await expect(page.getByText(/The tape broke\./)).toBeVisible();
  expect(Number(await sites.balanceOf(john.email))).toBeCloseTo(500, 6);
});

/** What the script shows of several amounts is what the server says of them; at last of what was typed before. */
async function expectTheServersShares(page: Page, sites: Sites, order: string): Promise<void> {
  const field = page.getByLabel("How much goes back");
  const typed = await field.inputValue();
  const policy = await page.locator("input[name=policy]:checked").inputValue();
  for (const amount of ["0.01", "3.33", "$7.77", "11.99", "12", typed]) {
    await field.fill(amount);
    const answer = await page.request.post(`${sites.shop}${order}/refund`, { form: { amount, policy, shown_amount: "" }, headers: { origin: sites.shop } });
    const shares = [...(await answer.text()).matchAll(/data-part="(?:you|marketplace|amazon|buyer)"[^>]*>([^<]*)</g)].map(([, text]) => text);
    expect(shares).toHaveLength(4);
    await expect(page.locator(".shares [data-part]"), amount).toHaveText(shares);
  }
  await field.fill("13");
  await expect(page.locator(".shares [data-part]").first()).toHaveText("—");
  await expect(page.getByText("Type how much goes back, at most $12.00.")).toBeVisible();
  await field.fill(typed);
}

for (const [policy, seller, marketplace] of [
  ["Each gives back their share", -(4 - 4 / 12 * 1.25 - 4 / 12 * 0.19), -4 / 12 * 1.25],
  ["The marketplace keeps its fee", -(4 - 4 / 12 * 0.19), 0],
] as const) {
  test(`a part goes back, and its numbers are shown before: ${policy}`, async ({ page, sites }, { project }) => {
    const order = await buy(page, sites, madeToOrder.slug, john, /Account balance/);
    await openAs(page, sites, merchant, order);
    await press(page, "Fulfil");
    await reloadUntilVisible(page, "Settled");
    const before = await balances(sites);
    await press(page, "Refund");
    await expect(page.getByText("$12.00 goes back to John Doe, all that is left of the payment.")).toBeVisible();
    await page.getByLabel("How much goes back").fill("12.01");
    await press(page, "Refund");
    await expect(page.getByRole("alert")).toContainText("No more than $12.00 can go back.");
    await page.getByLabel("How much goes back").fill("4");
    await page.getByRole("radio", { name: policy }).check();
    await page.getByLabel(/^Why/).fill("For the hiss.");
    if (project.use.javaScriptEnabled === false) {
      await press(page, "Refund");
      await expect(page.getByText("These are the numbers for what you chose. Nothing has moved yet.")).toBeVisible();
    } else {
      await expectTheServersShares(page, sites, order);
    }
    await expectMoved(sites, before, [0, 0, 0]);
    await expect(page.getByText("$4.00 goes back to John Doe, a part of the payment.")).toBeVisible();
    const cents = (amount: number) => `$${Math.abs(amount).toFixed(2)}`;
    for (const amount of [cents(marketplace), cents(4 / 12 * 0.19)]) await expect(page.getByRole("main").getByText(amount).first()).toBeVisible();
    await press(page, "Refund");
    await reloadUntilVisible(page, "Partly refunded");
    await expect(page.getByText(/Reason: For the hiss\./)).toBeVisible();
    await expectMoved(sites, before, [4, seller, marketplace]);
  });
}

test("after the days of the seller's rule the seller is asked, and a declined request stays declined", async ({ page, sites }) => {
  const order = await buy(page, sites, nowAndForever.slug, john, /Account balance/);
  await page.goto(sites.shop + order);
  await expect(page.getByText(/gives money back at once within 30 days after the sale\./)).toBeVisible();
  await afterTheRefundDays(page, sites, john);
  await page.goto(sites.shop + order);
  await press(page, "Refund");
  await expect(page.getByText(/The 30 days in which .* gives money back at once are over, so .* decides\./)).toBeVisible();
  await page.getByLabel("Why do you want it back?").selectOption("Something else");
  await press(page, "Ask for a refund");
  await expect(page.getByRole("alert")).toContainText("Say in a few words");
  await page.getByLabel(/^In your own words/).fill("The second half is silence.");
  await press(page, "Ask for a refund");
  await expect(page.getByText("You asked for $0.99 back.", { exact: false }).first()).toBeVisible();
  await expect(buttons(page, "Refund")).toHaveCount(0);
  expect(Number(await sites.balanceOf(john.email))).toBeCloseTo(499.01, 6);

  await openAs(page, sites, merchant, "/sell/orders?show=refund-asked");
  await page.getByRole("table").getByRole("link", { name: nowAndForever.title }).click();
  await expect(page.getByText("The second half is silence.").first()).toBeVisible();
  await press(page, "Decline");
  await openAs(page, sites, john, order);
  await expect(page.getByText(/^You asked for \$0\.99 back\. .* declined\.$/)).toBeVisible();
  await expect(buttons(page, "Refund")).toHaveCount(0);
  const again = await page.request.post(`${sites.shop}${order}/refund`, { form: { reason: "changed-mind" }, headers: { origin: sites.shop }, maxRedirects: 0 });
  expect(again.status()).toBe(409);
  expect(await again.text()).toContain("The seller declined to send this money back");
  expect(Number(await sites.balanceOf(john.email))).toBeCloseTo(499.01, 6);

  await openAs(page, sites, merchant, order);
  await press(page, "Refund");
  await reloadUntilVisible(page, "Refunded");
  expect(Number(await sites.balanceOf(john.email))).toBeCloseTo(500, 6);
});

test("what is asked for at Amazon Payments within the days goes back at once", async ({ page, sites }) => {
  const order = await buy(page, sites, nowAndForever.slug, john, /Account balance/);
  await page.goto(`${sites.payments}/account`);
  await page.getByRole("main").getByRole("link", { name: /^Payment to/ }).first().click();
  await page.getByLabel("Reason").fill("It stops in the middle.");
  await page.getByRole("button", { name: "Ask for a refund" }).click();
  await page.goto(sites.shop + order);
  await reloadUntilVisible(page, "$0.99 was paid back, and the download was revoked.");
  expect(Number(await sites.balanceOf(john.email))).toBeCloseTo(500, 6);
});

test("each step of the money is told to the merchant, with Amazon's XML a click away", async ({ page, sites }) => {
  const order = await buy(page, sites, madeToOrder.slug, john, /Account balance/);
  await page.goto(sites.shop + order);
  await expect(page.getByRole("region", { name: "What Amazon was asked" }), "not the buyer's").toHaveCount(0);
  await openAs(page, sites, merchant, order);
  await press(page, "Fulfil");
  await reloadUntilVisible(page, "Settled");
  const steps = page.getByRole("region", { name: "What Amazon was asked" }).getByRole("listitem");
  await expect(steps.filter({ hasText: "Hold $12.00." })).toContainText("Reserve \u2192");
  const settle = steps.filter({ hasText: "Charge what is held." });
  const href = await settle.getByRole("link", { name: "The answer to Settle in XML" }).getAttribute("href");
  const answer = await page.request.get(sites.shop + href!);
  expect(answer.headers()["content-type"]).toContain("application/xml");
  expect(answer.headers()["x-content-type-options"]).toBe("nosniff");
  expect(answer.headers()["content-security-policy"]).toContain("sandbox");
  expect(await answer.text()).toContain("<SettleResponse");
  await signInToShop(page, sites, john);
  expect((await page.request.get(sites.shop + href!)).status()).toBe(404);
});
