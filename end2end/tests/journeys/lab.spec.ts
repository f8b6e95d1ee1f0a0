// The lab beside a purchase: what happened, how it was signed, where the money went; and what is made to happen by hand.
import type { Page } from "@playwright/test";
import { nowAndForever } from "../../fixtures/catalogue";
import { tabTo } from "../../fixtures/keyboard";
import { buy, choosePayment, goToReview, john, pressBuyNow, reloadUntilVisible, signInToAmazon, signInToShop } from "../../fixtures/people";
import { expect, test, type Sites } from "../../fixtures/test";

/** The shop's, as a caller of Amazon Payments. */
const SECRET = "digitaldownload-demo-secret";

const main = (page: Page) => page.getByRole("main");
const rows = (page: Page) => main(page).locator("tbody tr");
const heading = (page: Page, name: string | RegExp) => expect(page.getByRole("heading", { level: 1, name })).toBeVisible();
const press = (page: Page, name: string | RegExp) => main(page).getByRole("button", { name }).click();
const room = (page: Page, name: string) => page.getByRole("navigation", { name: "The lab" }).getByRole("link", { name }).click();
const verdict = (page: Page) => page.getByRole("region", { name: "Result" }).locator(".signature-verdict");

/** A story that somebody else's purchase is. */
async function happens(page: Page, sites: Sites, story: string): Promise<void> {
  const answer = await page.request.post(`${sites.payments}/_control/scenarios/${story}`);
  expect(answer.status(), await answer.text()).toBe(200);
}

/** Narrows the list of what happened; all that is left has these words. */
async function narrow(page: Page, field: string, typed: string, words: string | RegExp): Promise<void> {
  await page.getByLabel(field).fill(typed);
  await press(page, "Filter");
  await expect(page.getByLabel(field)).toHaveValue(typed);
  await expect(rows(page).first()).toContainText(words);
  await expect(rows(page).filter({ hasNotText: words })).toHaveCount(0);
}

/** Has the signature of a request worked out. */
async function paste(page: Page, sites: Sites, request: string): Promise<void> {
  await page.goto(`${sites.payments}/lab/signature`);
  await page.getByLabel("Request").fill(request);
  await press(page, "Work it out");
}

test("what happened is narrowed down to a request, and its signature is worked out; with a wrong byte in it the step is named", async ({ page, sites }) => {
  await happens(page, sites, "abandoned");
  const order = await buy(page, sites, nowAndForever.slug, john, /Account balance/);
  await page.getByRole("contentinfo").getByRole("link", { name: "The lab" }).click();
  await heading(page, "Activity");
  await narrow(page, "Order, reference or transaction", order.split("/").pop()!, order.split("/").pop()!);
  await page.getByRole("link", { name: "Clear" }).click();
  await page.getByLabel("Kind").selectOption("Requests");
  await narrow(page, "Action or job", "Pay", "Pay was answered");
  await narrow(page, "Result", "success", "Pay was answered: Success");
  await page.getByLabel("Result").fill("failed");
  await press(page, "Filter");
  await expect(main(page)).toContainText("Nothing that is kept fits.");
  await page.goBack();
  await rows(page).getByRole("link", { name: "Pay was answered: Success" }).click();

  await heading(page, "Pay");
  await expect(main(page)).toContainText("Matches. This request to the API is signed as it should be.");
  await expect(main(page).getByRole("heading", { level: 3 })).toHaveText(["Parameters", "Sorted", "Encoded", "String to sign", "Algorithm and digest", "Signature"]);
  await expect(main(page)).toContainText("New Pay of $0.99 is Success.");
  expect(await page.content(), "the secret is not shown").not.toContain(SECRET);
  const command = (await main(page).locator("pre", { hasText: "curl" }).textContent())!;
  await paste(page, sites, command);
  await expect(verdict(page)).toContainText("Matches.");

  const stop = page.getByRole("listitem").filter({ hasText: "It stops matching here." });
  await paste(page, sites, command.replace("127.0.0.1", "127.0.0.2"));
  await expect(verdict(page)).toContainText(/Does not match\. It was signed for the host "127\.0\.0\.1:\d+" and arrived at "127\.0\.0\.2:\d+"/);
  await expect(stop.getByRole("heading")).toHaveText("String to sign");
  await expect(stop.locator("mark").first()).toContainText("2");
  await paste(page, sites, command.replace(/%3D(?='$)/, ""));
  await expect(stop.getByRole("heading")).toHaveText("Signature");
  await expect(stop).toContainText("the = at its end is missing");
  await paste(page, sites, command.replace("=0.99", "=0.98"));
  await expect(verdict(page)).toContainText("a value was changed after signing");
});

test("the money is followed from the thank-you page: drawn, in words, in the books, in the notification, and to take away", async ({ page, sites }) => {
  await buy(page, sites, nowAndForever.slug, john, /Account balance/);
  await page.getByRole("link", { name: "Follow the money" }).click();
  await heading(page, `Follow the money: ${nowAndForever.title}`);
  await reloadUntilVisible(page, "Amazon notifies: PAY SUCCESS");
  const drawn = page.getByRole("region", { name: /^Drawing/ }).getByRole("link");
  const told = page.locator(".follow-list").getByRole("link");
  const words = await told.allTextContents();
  expect(words.length).toBeGreaterThan(15);
  expect(await drawn.evaluateAll((arrows) => arrows.map((arrow) => arrow.getAttribute("aria-label")))).toEqual(words);
  const balances = page.getByRole("table", { name: "Balances before and after" });
  await expect(balances.getByRole("row", { name: /John Doe/ })).toContainText(/\$500\.00.*−\$0\.99.*\$499\.01/);

  for (const [format, type, part] of [
    ["SVG picture", "image/svg+xml", "<svg "],
    ["Mermaid diagram", "text/plain", "sequenceDiagram"],
    ["Playwright test", "text/plain", "import { expect, test } from \"@playwright/test\""],
    ["HTTP calls", "text/plain", "'Action=Pay'"],
  ] as const) {
    const href = await page.getByRole("list", { name: "Take it away" }).getByRole("link", { name: format }).getAttribute("href");
    const file = await page.request.get(sites.payments + href);
    expect(file.headers()["content-type"]).toContain(type);
    const text = await file.text();
    expect(text).toContain(part);
    for (const secret of [SECRET, john.amazonPassword, "Signature="]) expect(text, format).not.toContain(secret);
  }

  await drawn.filter({ hasText: "Shop asks Amazon: Pay" }).click();
  await heading(page, "Pay");
  await page.getByRole("link", { name: "Its notifications" }).click();
  await rows(page).getByRole("link").first().click();
  await expect(main(page)).toContainText("Genuine: the signature fits the bytes");
  await press(page, "Sign anew and send");
  await expect(page.getByRole("status")).toContainText(/^Sent once more to .*\/payments\/ipn: it answered 200\.$/);

  await room(page, "Books");
  await expect(main(page)).toContainText("Sum: $0.00. All accounts together have nothing, as they must.");
  await expect(page.getByRole("region", { name: "What always holds" }).getByRole("listitem").filter({ hasNotText: /^Holds/ })).toHaveCount(0);
  await rows(page).filter({ hasText: "John Doe" }).getByRole("link").click();
  await expect(rows(page).first()).toContainText(/−\$0\.99.*\$499\.01/);
  await rows(page).first().getByRole("link").click();
  await expect(page.getByRole("table", { name: "John Doe: debit and credit" })).toContainText("$0.99");
});

test("the view beside the shop's window, and the activity, grow while somebody buys", async ({ page, sites, context, javaScriptEnabled }) => {
  let loads = 0;
  const see = async (where: Page, words: string) => {
    if (javaScriptEnabled) await expect(main(where).getByText(words).first()).toBeVisible();
    else await reloadUntilVisible(where, words);
  };
  const activity = await context.newPage();
  await activity.goto(`${sites.payments}/lab`);
  await expect(main(activity)).toContainText("Nothing has happened yet.");
  await page.goto(`${sites.payments}/lab/beside`);
  await heading(page, "Nothing was bought yet");
  for (const one of [page, activity]) one.on("domcontentloaded", () => loads++);

  await signInToShop(page, sites, john);
  await signInToAmazon(page, sites, john);
  const opened = context.waitForEvent("page");
  await page.getByRole("link", { name: "Open the shop in a second window" }).click();
  const shop = await opened;
  await shop.goto(`${sites.shop}/items/${nowAndForever.slug}`);
  await pressBuyNow(shop, john);
  await shop.getByRole("button", { name: "Download Now" }).click();
  await heading(shop, "Payment authorization");
  await see(page, "Browser opens Amazon's page");
  await expect(main(page)).not.toContainText("Order: Paid");
  await see(activity, "The Co-Branded UI was entered: SingleUse");
  await choosePayment(shop, /Account balance/);
  await shop.getByRole("button", { name: "Confirm" }).click();
  await heading(shop, "Thank You");
  await see(page, "Order: Paid");
  await expect(main(page).getByRole("row", { name: /John Doe/ })).toContainText("$499.01");
  await see(activity, "authorized → paid");

  await happens(page, sites, "abandoned");
  await see(page, "the buyer turned back without paying");
  if (javaScriptEnabled) expect(loads, "nothing was loaded anew").toBe(0);
});

test("a fault is set by its form, happens once, and another is taken away before it does", async ({ page, sites }) => {
  await page.goto(`${sites.payments}/lab/faults`);
  await page.getByLabel(/^the action/).fill("Pay");
  await page.getByLabel(/^the error of FPS/).fill("NoSuchError");
  await press(page, /Makes something go wrong/);
  await expect(page.getByRole("alert")).toContainText("NoSuchError is no error code of FPS");
  await expect(page.getByLabel(/^the action/)).toHaveValue("Pay");
  await page.getByLabel(/^the error of FPS/).fill("InsufficientBalance");
  await press(page, /Makes something go wrong/);
  await expect(rows(page)).toContainText(["InsufficientBalance"]);

  await goToReview(page, sites, nowAndForever.slug, john, /Account balance/);
  await page.getByRole("button", { name: "Confirm" }).click();
  await expect(main(page)).toContainText("The payment did not go through. There was not enough money for this payment.");
  expect(Number(await sites.balanceOf(john.email))).toBe(500);
  await page.goto(`${sites.payments}/lab?result=failed`);
  await expect(rows(page).filter({ hasText: "As the lab wanted" })).toHaveCount(1);

  await room(page, "Faults");
  await expect(main(page)).toContainText("None.");
  await page.getByLabel(/^what happens to notifications/).selectOption("drop");
  await press(page, /Makes something go wrong/);
  await expect(rows(page)).toContainText(["drop"]);
  await page.getByText("Lets everything go right again").click();
  await press(page, "Do it: Lets everything go right again");
  await expect(main(page)).toContainText("None.");
});

test("the clock is set, stopped and moved by its form, and a story of a week is let happen", async ({ page, sites }) => {
  const clock = page.getByRole("banner").getByRole("link", { name: /^Clock/ });
  const submit = /Moves, stops or starts the clock/;
  await page.goto(`${sites.payments}/lab/clock`);
  await page.getByLabel(/^the time that it shows/).fill("2030-01-01T00:00:00Z");
  await page.getByLabel(/^stops it/).selectOption("true");
  await press(page, submit);
  await expect(page.getByRole("alert")).toContainText("say one thing, and only one");
  await page.getByLabel(/^the time that it shows/).fill("");
  await press(page, submit);
  await expect(clock).toHaveText(/, frozen$/);
  await page.getByLabel(/^the time that it shows/).fill("2030-01-01T00:00:00Z");
  await press(page, submit);
  await expect(clock).toHaveText(/^Clock: 1 Jan 2030, 00:00 UTC.*, frozen$/);
  await page.getByLabel(/^how far forward/).fill("36h");
  await press(page, submit);
  await expect(clock).toHaveText(/^Clock: 2 Jan 2030, 12:00 UTC/);

  await room(page, "Scenarios");
  await page.getByLabel(/^which story/).selectOption("reserve-and-expire");
  await press(page, "Do it: Lets a story happen");
  await expect(page.getByRole("status")).toContainText("Cancelled");
  await expect(clock).toHaveText(/Clock: (9|10) Jan 2030/);
  await page.getByRole("status").getByRole("link", { name: /^\/lab\/follow/ }).click();
  await expect(main(page)).toContainText(/Order: Reserved.*The clock.*Order: Cancelled/);
  expect(Number(await sites.balanceOf(john.email))).toBe(500);
});

test("everything is kept under a name, what changed since is shown, and one goes back", async ({ page, sites }) => {
  await page.goto(`${sites.payments}/lab`);
  await room(page, "Snapshots");
  await expect(main(page)).toContainText("Nothing yet.");
  await page.getByLabel("Name").fill("before");
  await press(page, "Keep how it is now");
  await expect(page.getByRole("status")).toHaveText("Kept: before.");
  const order = await buy(page, sites, nowAndForever.slug, john, /Account balance/);
  await page.goto(`${sites.payments}/lab/snapshots`);
  await page.getByRole("link", { name: "What has changed since before" }).click();
  await heading(page, "What changed");
  await expect(page.getByRole("row", { name: /John Doe/ })).toContainText("−$0.99");
  const orders = page.locator("details").filter({ has: page.getByText("orders 1 added", { exact: true }) });
  await orders.locator("summary").click();
  await expect(orders).toContainText(order.split("/").pop()!);
  await expect(main(page)).not.toContainText(/argon2|digitaldownload-demo-secret/);
  await page.getByRole("link", { name: "All snapshots" }).click();
  await main(page).locator("summary", { hasText: "Go back" }).click();
  await expect(main(page)).toContainText("What has come since is lost.");
  await press(page, "Go back: before");
  await expect(page.getByRole("status")).toHaveText("Everything is as it was at before.");
  expect(Number(await sites.balanceOf(john.email))).toBe(500);
  await signInToShop(page, sites, john);
  expect((await page.goto(sites.shop + order))?.status()).toBe(404);
});

test("by keyboard alone: the ways of attack are fired, and each is answered as it should be", async ({ page, sites }) => {
  await page.goto(`${sites.payments}/lab`);
  await page.keyboard.press("Tab");
  await expect(page.getByRole("link", { name: "Skip to the content" }), "the first stop").toBeFocused();
  await tabTo(page, page.getByRole("link", { name: "Attack it" }));
  await page.keyboard.press("Enter");
  await heading(page, "Attack it");
  for (const [way, outcome] of [
    ["Another Pay under the same CallerReference", /one movement of money.*3 were answered with DuplicateRequest/],
    ["A Pay that was altered on the way", /no movement of money.*4 were answered with SignatureDoesNotMatch/],
    ["The way back to the shop, followed again and again", /4 requests/],
  ] as const) {
    await tabTo(page, page.getByRole("radio", { checked: true }));
    await page.keyboard.press("ArrowDown");
    await expect(page.getByRole("radio", { name: way })).toBeChecked();
    await tabTo(page, page.getByLabel("How many at once"));
    await page.keyboard.press("Control+A");
    await page.keyboard.type("4");
    await page.keyboard.press("Enter");
    await expect(page.getByRole("status")).toContainText("As expected: 4 requests");
    await expect(page.getByRole("status")).toContainText(outcome);
  }
});
