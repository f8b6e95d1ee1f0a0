// axe-core finds nothing on the shop's pages when something is wrong, waits for an answer or has ended.
import type { Page } from "@playwright/test";
import { TOTP } from "otpauth";
import { check } from "../../fixtures/accessibility";
import { afterTheRefundDays, buy, checkOut, fillShopSignIn, goToReview, jane, john, merchant, operator, refund, reloadUntilVisible, signInToAmazon, signInToShop } from "../../fixtures/people";
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
  for (const [path, button] of [["/account/email", "Send the link"], ["/account/data", "Download my data"], ["/account/delete", "Delete my account"], ["/account/second-factor", "Begin"]] as const) {
    await page.goto(sites.shop + path);
    await press(page, button);
    await expect(page.getByRole("alert")).toBeVisible();
    await check(page);
  }
  await page.getByLabel("Current password").fill(jane.shopPassword);
  await press(page, "Begin");
  await expect(page.getByRole("img", { name: "The secret as a QR code" })).toBeVisible();
  await check(page);
  await signInToShop(page, sites, merchant);
  await page.goto(`${sites.shop}/sell/items/new`);
  await press(page, "Publish");
  await expect(page.getByRole("alert")).toBeVisible();
  await check(page);
});

test("a second factor: its recovery codes, on, off again, new codes, and the step after the password", async ({ page, sites }) => {
  await signInToShop(page, sites, john);
  await page.goto(`${sites.shop}/account/second-factor`);
  await page.getByLabel("Current password").fill(john.shopPassword);
  await press(page, "Begin");
  const secret = (await page.getByRole("main").locator("code").innerText()).replaceAll(" ", "");
  await page.getByRole("textbox", { name: "Code" }).fill(new TOTP({ secret }).generate());
  await press(page, "Turn it on");
  await expect(page.getByRole("heading", { level: 1, name: "Your recovery codes" })).toBeVisible();
  await check(page);
  for (const path of ["", "/off", "/codes"]) {
    await page.goto(`${sites.shop}/account/second-factor${path}`);
    await check(page);
  }
  await press(page, "Make new codes");
  await expect(page.getByRole("alert")).toBeVisible();
  await check(page);
  await page.goto(`${sites.shop}/account/email/confirm?token=over`);
  await check(page);
  await page.getByRole("button", { name: "Sign out" }).click();
  await page.goto(`${sites.shop}/sign-in`);
  await fillShopSignIn(page, john);
  await expect(page.getByRole("heading", { level: 1, name: "Your code" })).toBeVisible();
  await check(page);
  await signInToShop(page, sites, operator);
  await page.goto(`${sites.shop}/operator/users?q=${john.email}`);
  await page.getByRole("rowheader").getByRole("link").click();
  await press(page, "Turn the second factor off");
  await expect(page.getByRole("alert")).toBeVisible();
  await check(page);
});

test("a seller's profile with errors, and its page while the seller is away; a checkout of what is sent elsewhere", async ({ page, sites }) => {
  await signInToShop(page, sites, jane);
  await page.goto(`${sites.shop}/checkout/${record.slug}`);
  await page.getByLabel("Country").fill("Germany");
  await press(page, "Update total");
  await expect(page.getByText("$28.00 for sending it")).toBeVisible();
  await check(page);
  await signInToShop(page, sites, merchant);
  await page.goto(`${sites.shop}/sell/profile`);
  await page.getByRole("radio", { name: "Away" }).check();
  await page.getByLabel("For your buyers").fill("Back on 3 March.");
  await page.getByLabel("Links").fill("example.com");
  await press(page, "Save");
  await expect(page.getByRole("alert")).toBeVisible();
  await check(page);
  await page.getByLabel("Links").fill("https://example.com/");
  await press(page, "Save");
  await check(page);
  for (const path of ["/sellers/right-here-records", `/items/${record.slug}`]) {
    await page.goto(sites.shop + path);
    await expect(page.getByText("Back on 3 March.", { exact: true })).toBeVisible();
    await check(page);
  }
});

test("listings: all, none of a state, the editor of one on sale, its preview", async ({ page, sites }) => {
  await signInToShop(page, sites, merchant);
  for (const path of ["/sell/items", "/sell/items?state=draft", `/sell/items/${nowAndForever.slug}`]) {
    await page.goto(sites.shop + path);
    await check(page);
  }
  await press(page, "Preview");
  await expect(page.getByText("As buyers will read it")).toBeVisible();
  await check(page);
  await page.goto(`${sites.shop}/items/${nowAndForever.slug}`);
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

test("a review: written with an error first, answered, hidden; and words set in a font", async ({ page, sites }) => {
  const order = await buy(page, sites, nowAndForever.slug, john, /Account balance/);
  await page.goto(sites.shop + order);
  await press(page, "Review it");
  await press(page, "Publish the review");
  await expect(page.getByRole("alert")).toBeVisible();
  await check(page);
  await page.getByRole("radio", { name: "4 stars" }).check();
  await page.getByLabel("In your words").fill("Played it four times.");
  await press(page, "Publish the review");
  await expect(page.getByText("Played it four times.")).toBeVisible();
  await page.getByText("Other ways to pay").click();
  await check(page);
  await page.goto(`${sites.shop}/items/${nowAndForever.slug}/reviews`);
  await check(page);
  await signInToShop(page, sites, merchant);
  await page.goto(`${sites.shop}/sell/reviews`);
  await check(page);
  await page.getByRole("link", { name: "Answer to John D." }).first().click();
  await page.getByLabel("Your answer").fill("Thank you!");
  await check(page);
  await press(page, "Publish the answer");
  await expect(page.getByText("Thank you!")).toBeVisible();
  await signInToShop(page, sites, operator);
  await page.goto(`${sites.shop}/operator/reviews`);
  await check(page);
  await page.getByRole("link", { name: `Look at the review of ${nowAndForever.title}` }).first().click();
  await check(page);
  await press(page, "Hide this review");
  await expect(page.getByRole("alert")).toBeVisible();
  await check(page);
  await page.goto(`${sites.shop}/items/halden-grotesk/type?try=Harbour+99`);
  await expect(page.getByAltText("“Harbour 99”, set in Halden Grotesk")).toBeVisible();
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
  await afterTheRefundDays(page, sites, john);
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

  await signInToShop(page, sites, john);
  await page.goto(sites.shop + order);
  await press(page, "Ask the marketplace");
  await press(page, "Ask the marketplace");
  await expect(page.getByRole("alert")).toBeVisible();
  await check(page);
  await page.getByLabel("What should the marketplace know?").fill("On three players.");
  await press(page, "Ask the marketplace");
  await check(page);
  await signInToShop(page, sites, operator);
  for (const path of ["/operator", "/operator/disputes", order.replace("/orders", "/operator/disputes")]) {
    await page.goto(sites.shop + path);
    await check(page);
  }
});

test("the operator's forms with errors, and what is held", async ({ page, sites }) => {
  await signInToShop(page, sites, operator);
  await page.goto(`${sites.shop}/operator/fees`);
  await press(page, "Make this rule");
  await expect(page.getByRole("alert")).toBeVisible();
  await check(page);
  await page.goto(`${sites.shop}/operator/users?q=${merchant.email}`);
  await page.getByRole("rowheader").getByRole("link").click();
  await check(page);
  await press(page, "Hold this shop");
  await expect(page.getByRole("alert")).toBeVisible();
  await check(page);
  await page.goto(`${sites.shop}/operator/items/${nowAndForever.slug}`);
  await page.getByLabel("Reason").fill("Not theirs.");
  await press(page, "Hold this item");
  await check(page);
  await page.goto(`${sites.shop}/operator/audit?from=soon`);
  await expect(page.getByRole("alert")).toBeVisible();
  await check(page);
  await signInToShop(page, sites, merchant);
  await page.goto(`${sites.shop}/items/${nowAndForever.slug}`);
  await expect(page.getByText("This item is held")).toBeVisible();
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

test("the orders' desk: empty, full, found and not; fulfilled together; before a refund and before less is charged", async ({ page, sites }) => {
  const [first, second] = [await buy(page, sites, madeToOrder.slug, john, /Account balance/), await buy(page, sites, madeToOrder.slug, jane, /ending in/)];
  await page.goto(`${sites.shop}/orders`);
  await check(page);
  await signInToShop(page, sites, merchant);
  for (const query of ["", "?show=failed", "?show=to-fulfil&q=john"]) {
    await page.goto(`${sites.shop}/sell/orders${query}`);
    await check(page);
  }
  await page.goto(sites.shop + first);
  await check(page);
  await page.getByLabel(/^Charge less/).fill("13");
  await press(page, "Fulfil");
  await expect(page.getByRole("alert")).toBeVisible();
  await check(page);
  await page.getByLabel(/^Charge less/).fill("8");
  await press(page, "Fulfil");
  await expect(page.getByRole("heading", { name: "Charge $8.00 instead of $12.00?" })).toBeVisible();
  await check(page);
  await page.goto(`${sites.shop}/sell/orders?show=to-fulfil`);
  await page.getByRole("checkbox", { name: /for John Doe$/ }).check();
  await press(page, "Fulfil selected");
  await expect(page.getByRole("heading", { name: "What became of them" })).toBeVisible();
  await check(page);
  await page.goto(`${sites.shop}${first}/refund`);
  await check(page);
  await page.getByLabel("How much goes back").fill("100");
  await press(page, "Refund");
  await expect(page.getByRole("alert")).toBeVisible();
  await check(page);
  await page.goto(sites.shop + second);
  await check(page);
  await signInToShop(page, sites, john);
  await page.goto(`${sites.shop}${first}/refund`);
  await check(page);
  await page.getByLabel("Why do you want it back?").selectOption("Something else");
  await press(page, "Refund");
  await expect(page.getByRole("alert")).toBeVisible();
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

    await signInToShop(page, sites, jane);
    await page.goto(sites.shop + order);
    await refund(page);
    await page.goto(thanks);
    await checkAsItIs(page, "Amazon Payments is paying $12.00 back.");
    await reloadUntilVisible(page, "$12.00 was paid back, and the download was revoked.");
    await check(page);
    await signInToAmazon(page, sites, jane);
    await page.goto(`${sites.payments}/account`);
    await check(page);
  });
});

test("mail: a mailbox, a mail, a forgotten password, a new one, a link that is over", async ({ page, sites }) => {
  await page.goto(`${sites.shop}/password/forgot`);
  await check(page);
  await press(page, "Send the link");
  await expect(page.getByRole("alert")).toBeVisible();
  await check(page);
  await page.getByLabel("E-mail").fill(john.email);
  await press(page, "Send the link");
  await check(page);
  await page.getByRole("link", { name: "Open the mailbox" }).click();
  await check(page);
  await page.getByRole("main").getByRole("link", { name: /Choose a new password/ }).click();
  await check(page);
  await page.getByRole("main").getByRole("link", { name: "Choose a new password" }).click();
  await check(page);
  await press(page, "Set the new password");
  await expect(page.getByRole("alert")).toBeVisible();
  await check(page);
  await page.goto(`${sites.shop}/password/reset?token=over`);
  await check(page);
  await page.goto(`${sites.shop}/sign-up/sent`);
  await check(page);
  await page.goto(`${sites.shop}/sign-up/confirm?token=over`);
  await check(page);
  await signInToShop(page, sites, jane);
  await page.goto(`${sites.shop}/mail`);
  await expect(page.getByText("There is no mail yet")).toBeVisible();
  await check(page);
});

test("the cart, its checkout with errors, what became of it, credit, a link to a file, the receipt", async ({ page, sites }) => {
  await page.goto(`${sites.shop}/cart`);
  await check(page);
  await signInToShop(page, sites, john);
  await signInToAmazon(page, sites, john);
  for (const { slug } of [nowAndForever, record]) {
    await page.goto(`${sites.shop}/items/${slug}`);
    await press(page, "Add to cart");
  }
  await check(page);
  await page.goto(`${sites.shop}/cart/checkout`);
  await press(page, "Continue to Amazon Payments");
  await expect(page.getByRole("alert")).toBeVisible();
  await check(page);
  await page.goto(`${sites.shop}/credit`);
  await page.getByLabel("How much").fill("1");
  await press(page, "Continue to Amazon Payments");
  await expect(page.getByRole("alert")).toBeVisible();
  await check(page);
  await page.goto(`${sites.shop}/cart/checkout`);
  await page.getByLabel("Address line 1").fill("12 Elm Street");
  await page.getByLabel("City").fill("Portland");
  await page.getByLabel("ZIP or postal code").fill("97201");
  await press(page, "Continue to Amazon Payments");
  await page.getByRole("radio", { name: /Account balance/ }).check();
  await press(page, "Continue");
  await press(page, "Confirm");
  await expect(page.getByText("All 2 orders went through")).toBeVisible();
  await check(page);
  await page.getByRole("main").getByRole("link", { name: nowAndForever.title }).click();
  await page.getByText("Download on another device").click();
  await press(page, "Make a link");
  await check(page);
  await page.getByRole("link", { name: "Receipt to print or save" }).click();
  await check(page);
});

test("a wish list empty and full, a game that runs, pages of a book, what was opened last, a choice by stars", async ({ page, sites }) => {
  await page.goto(`${sites.shop}/wishlist`);
  await check(page);
  for (const slug of ["cloud-herding", "the-cartographers-apprentice", record.slug]) {
    await page.goto(`${sites.shop}/items/${slug}`);
    await check(page);
    await press(page, "Add to wish list");
  }
  await check(page);
  await page.goto(sites.shop);
  await expect(page.getByRole("region", { name: "Recently seen" })).toBeVisible();
  await check(page);
  await page.goto(`${sites.shop}/?rating=4`);
  await check(page);
  await page.goto(`${sites.shop}/items/cloud-herding`);
  await page.getByText("Start the demo").click();
  await expect(page.frameLocator("iframe").getByRole("heading", { level: 1 })).toBeVisible();
  await check(page);
});
