// axe-core finds nothing on the shop's pages when something is wrong, waits for an answer or has ended.
import type { Page } from "@playwright/test";
import { check } from "../../fixtures/accessibility";
import { buy, checkOut, goToReview, jane, john, merchant, operator, reloadUntilVisible, signInToAmazon, signInToShop } from "../../fixtures/people";
import { madeToOrder, nowAndForever, record } from "../../fixtures/catalogue";
import { expect, test, type Sites } from "../../fixtures/test";

test.describe.configure({ timeout: 120_000 });

const press = (page: Page, name: string) => page.getByRole("main").getByRole("button", { name, exact: true }).click();

test("forms with errors: sign in, sign up, checkout of a record, start selling, a new item, a new password", async ({ page, sites, browser }) => {
  for (const [path, button] of [["/sign-in", "Sign in"], ["/sign-up", "Sign up"]] as const) {
    await page.goto(sites.shop + path);
    await press(page, button);
    await expect(page.getByRole("alert")).toBeVisible();
    await check(page);
  }
  await signInToShop(page, sites, jane);
  for (const [path, button] of [[`/checkout/${record.slug}`, "Continue to Amazon Payments"], ["/sell", "Start selling"]] as const) {
    await page.goto(sites.shop + path);
    await press(page, button);
    await expect(page.getByRole("alert")).toBeVisible();
    await check(page);
  }
  // With a session elsewhere, that the page offers to end.
  const elsewhere = await browser.newPage();
  await signInToShop(elsewhere, sites, jane);
  await page.goto(`${sites.shop}/account`);
  await press(page, "Change the password");
  await expect(page.getByRole("alert")).toBeVisible();
  await expect(page.getByRole("button", { name: "End all other sessions" })).toBeVisible();
  await check(page);
  await elsewhere.close();
  await signInToShop(page, sites, merchant);
  await page.goto(`${sites.shop}/sell/items/new`);
  await press(page, "List this item");
  await expect(page.getByRole("alert")).toBeVisible();
  await check(page);
});

test("the merchant's figures, customers, messages and notices: empty, full and refused", async ({ page, sites }) => {
  const paths = ["/sell/figures", "/sell/figures/amazon", "/sell/customers", "/sell/messages", "/sell/notices"];
  await signInToShop(page, sites, merchant);
  for (const path of paths) {
    await page.goto(sites.shop + path);
    await check(page);
  }
  const order = await buy(page, sites, nowAndForever.slug, john, /Account balance/);
  await page.goto(sites.shop + order);
  await press(page, "Send the message");
  await expect(page.getByRole("alert")).toBeVisible();
  await check(page);
  await page.getByLabel("Your message").fill("Thank you.");
  await press(page, "Send the message");
  await check(page);
  await page.goto(`${sites.shop}/orders`);
  await signInToShop(page, sites, merchant);
  for (const path of [...paths, "/sell", "/sell/figures?from=a&to=b"]) {
    await page.goto(sites.shop + path);
    for (const table of await page.getByText("As a table").all()) await table.click();
    await check(page);
  }
  await page.goto(`${sites.shop}/sell/customers`);
  await page.getByRole("link", { name: "John Doe" }).click();
  await check(page);
  await signInToShop(page, sites, operator);
  await page.goto(`${sites.shop}/operator/figures`);
  await check(page);
});

test("error pages: 400, 403, 404 and 405", async ({ page, sites, caller }) => {
  const statusOf = async (path: string) => (await page.goto(sites.shop + path))!.status();
  expect(await statusOf("/items/no-such-item")).toBe(404);
  await check(page);
  expect(await statusOf("/sign-out")).toBe(405);
  await check(page);
  expect(await statusOf("/payments/return?status=SA&callerReference=x&signature=forged")).toBe(400);
  await check(page);
  // A form of another site's page.
  await page.goto(caller.site);
  await page.setContent(`<form method="post" action="${sites.shop}/sign-out"><button>Go</button></form>`);
  const refused = page.waitForResponse(`${sites.shop}/sign-out`);
  await page.getByRole("button", { name: "Go" }).click();
  expect((await refused).status()).toBe(403);
  await expect(page.getByRole("heading", { level: 1 })).toBeVisible();
  await check(page);
});

test("a request for a refund: on the merchant's desk, the operator's page and the order, and declined", async ({ page, sites }) => {
  const order = await buy(page, sites, nowAndForever.slug, john, /Account balance/);
  await page.goto(`${sites.payments}/account`);
  await page.getByRole("main").getByRole("link", { name: /^Payment to/ }).first().click();
  await page.getByLabel("Reason").fill("It stops in the middle.");
  await press(page, "Ask for a refund");
  await page.goto(sites.shop + order);
  await reloadUntilVisible(page, "It stops in the middle.");
  await check(page);
  for (const [person, path] of [[operator, "/operator"], [merchant, "/sell"], [merchant, order]] as const) {
    await signInToShop(page, sites, person);
    await page.goto(sites.shop + path);
    await expect(page.getByText("It stops in the middle.", { exact: true })).toBeVisible();
    await check(page);
  }
  await press(page, "Decline");
  await expect(page.getByRole("heading", { level: 3, name: "Refund declined" })).toBeVisible();
  await check(page);
});

test("orders that came to nothing: not confirmed yet, left, failed, cancelled", async ({ page, sites }) => {
  await checkOut(page, sites, nowAndForever.slug, john);
  await page.goto(`${sites.shop}/orders`);
  await page.getByRole("main").getByRole("link", { name: nowAndForever.title }).first().click();
  await expect(page.getByText("Not confirmed yet")).toBeVisible();
  await check(page);

  await checkOut(page, sites, nowAndForever.slug, john);
  await press(page, "Cancel");
  await expect(page.getByText("Not confirmed", { exact: true })).toBeVisible();
  await check(page);

  await goToReview(page, sites, nowAndForever.slug, john, /Account balance/);
  const review = page.url();
  await page.goto(`${sites.payments}/account/profile`);
  await press(page, "Suspend the account");
  await page.goto(review);
  await expect(page.getByText("Failed", { exact: true })).toBeVisible();
  await check(page);
  await page.goto(`${sites.payments}/account/profile`);
  await press(page, "Make the account active");

  const order = await buy(page, sites, madeToOrder.slug, john, /Account balance/);
  await page.goto(sites.shop + order);
  await press(page, "Cancel");
  await expect(page.getByText("Cancelled", { exact: true }).first()).toBeVisible();
  await check(page);
  await page.goto(`${sites.shop}${order}/thank-you`);
  await check(page);
  await page.goto(`${sites.shop}/orders`);
  await check(page);
});

test.describe("with a processor that takes its time", () => {
  test.use({ settings: { DD_PROCESSOR_DELAY_MS: "3000" } });

  /** The page as it is now: without a connection it does not bring itself up to date under axe's hands. */
  async function checkAsItIs(page: Page, text: string | RegExp): Promise<void> {
    await expect(page.getByText(text).first()).toBeVisible();
    await page.context().setOffline(true);
    await check(page);
    await page.context().setOffline(false);
  }

  async function step(page: Page, sites: Sites, person: typeof john, path: string, button: string): Promise<void> {
    await signInToShop(page, sites, person);
    await page.goto(sites.shop + path);
    await press(page, button);
  }

  test("the thank-you page in each status of a payment by card", async ({ page, sites }) => {
    const order = await buy(page, sites, madeToOrder.slug, jane, /ending in/);
    const thanks = page.url();
    await checkAsItIs(page, "Amazon Payments is working on your payment of $12.00.");
    await reloadUntilVisible(page, /^\$12\.00 is held for/);
    await check(page);

    await step(page, sites, merchant, order, "Fulfil");
    await signInToShop(page, sites, jane);
    await page.goto(thanks);
    await checkAsItIs(page, /Amazon Payments is charging the \$12\.00 that was held\.$/);
    await reloadUntilVisible(page, "Your payment of $12.00 is complete. The file is yours to download.");
    await check(page);

    await step(page, sites, jane, order, "Refund");
    await page.goto(thanks);
    await checkAsItIs(page, "Amazon Payments is paying $12.00 back.");
    await reloadUntilVisible(page, "$12.00 was paid back, and the download was revoked.");
    await check(page);
    await signInToAmazon(page, sites, jane);
    await page.goto(`${sites.payments}/account`);
    await check(page);
  });
});
