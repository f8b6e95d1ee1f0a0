// The account: name and address, a second factor, what is kept about somebody, and its end.
import { readFile } from "node:fs/promises";
import type { Locator, Page } from "@playwright/test";
import { TOTP } from "otpauth";
import { madeToOrder, nowAndForever } from "../../fixtures/catalogue";
import { buy, fillShopSignIn, john, merchant, operator, signInToShop } from "../../fixtures/people";
import { expect, test, type Sites } from "../../fixtures/test";

const heading = (page: Page, name: string) => page.getByRole("heading", { level: 1, name, exact: true });
const main = (page: Page): Locator => page.getByRole("main");
const press = (page: Page, name: string) => main(page).getByRole("button", { name, exact: true }).click();

/** To the account, and to one of its sections. */
async function openSection(page: Page, sites: Sites, name: string): Promise<void> {
  await page.goto(`${sites.shop}/account`);
  await page.getByRole("navigation", { name: "Sections of your account" }).getByRole("link", { name, exact: true }).click();
}

async function givePassword(page: Page): Promise<void> {
  await page.getByLabel("Current password").fill(john.shopPassword);
}

/** What the app on the phone shows; a code is taken once, so one that was used is waited out by the next. */
class App {
  private readonly totp: TOTP;
  private used = "";

  constructor(letters: string) {
    this.totp = new TOTP({ secret: letters.replaceAll(" ", "") });
  }

  async code(): Promise<string> {
    // Codes of the next thirty seconds are good already.
    await expect.poll(() => this.next(), { timeout: 70_000, intervals: [1000] }).not.toBe(this.used);
    this.used = this.next();
    return this.used;
  }

  private next(): string {
    return this.totp.generate({ timestamp: Date.now() + 30_000 * (this.used === "" ? 0 : 1) });
  }
}

/** John turns it on; answers the app and the recovery codes. */
async function turnOn(page: Page, sites: Sites): Promise<{ app: App; codes: string[] }> {
  await signInToShop(page, sites, john);
  await openSection(page, sites, "Second factor");
  await givePassword(page);
  await press(page, "Begin");
  await expect(page.getByRole("img", { name: "The secret as a QR code" })).toBeVisible();
  const app = new App(await main(page).locator("code").innerText());
  await page.getByRole("textbox", { name: "Code" }).fill("000000");
  await press(page, "Turn it on");
  await expect(page.getByRole("alert")).toContainText("This is not the code that the app shows now.");
  await page.getByRole("textbox", { name: "Code" }).fill(await app.code());
  await press(page, "Turn it on");
  await expect(heading(page, "Your recovery codes")).toBeVisible();
  const codes = await main(page).locator("li code").allInnerTexts();
  expect(codes).toHaveLength(10);
  return { app, codes };
}

/** Through the form, up to the code. */
async function givePasswordAt(page: Page, sites: Sites, path: string): Promise<void> {
  await page.goto(sites.shop + path);
  await fillShopSignIn(page, john);
  await expect(heading(page, "Your code")).toBeVisible();
}

test("John changes his name, and his address once he has read the mail", async ({ page, sites }) => {
  await signInToShop(page, sites, john);
  await openSection(page, sites, "Profile");
  await page.getByLabel("Name").fill("Johnny Doe");
  await press(page, "Save the name");
  await expect(page.getByRole("status")).toContainText("Your name is saved.");
  await expect(page.getByRole("navigation", { name: "Account" }).or(page.getByRole("banner")).getByText("Johnny Doe").first()).toBeVisible();

  await page.getByRole("link", { name: "Change the address" }).click();
  await page.getByLabel("New address").fill("johnny@example.com");
  await press(page, "Send the link");
  await expect(page.getByRole("alert")).toContainText("This is not your password.");
  await expect(page.getByLabel("New address")).toHaveValue("johnny@example.com");
  await givePassword(page);
  await press(page, "Send the link");
  await expect(page.getByRole("status")).toContainText("We have written to johnny@example.com.");
  await expect(main(page)).toContainText(`You sign in with ${john.email}`);

  await page.goto(`${sites.shop}/mail?address=${john.email}`);
  await expect(main(page).getByRole("link", { name: "Your address at DigitalDownload is about to change" })).toBeVisible();
  await page.goto(`${sites.shop}/mail?address=johnny@example.com`);
  await main(page).getByRole("link", { name: "Confirm your new address at DigitalDownload" }).click();
  await main(page).getByRole("link", { name: "Confirm the address" }).click();
  const link = page.url();
  await press(page, "Confirm the address");
  await expect(page.getByRole("status")).toContainText("The new address is confirmed.");
  await expect(main(page)).toContainText("You sign in with johnny@example.com");
  await page.goto(link);
  await expect(main(page)).toContainText("This link is over");

  await page.getByRole("button", { name: "Sign out" }).click();
  await page.goto(`${sites.shop}/sign-in`);
  await fillShopSignIn(page, john);
  await expect(page.getByRole("alert")).toBeVisible();
  await fillShopSignIn(page, { ...john, email: "johnny@example.com" });
  await expect(page.getByRole("button", { name: "Sign out" })).toBeVisible();
});

test("with a second factor signing in asks for a code, also weeks later by the shop's clock", async ({ page, sites, browser, javaScriptEnabled }) => {
  test.setTimeout(150_000);
  const { app, codes } = await turnOn(page, sites);
  const other = await (await browser.newContext({ javaScriptEnabled })).newPage();
  await givePasswordAt(other, sites, "/sign-in?next=/library");
  // The password alone opens nothing.
  await other.goto(`${sites.shop}/library`);
  await expect(other).toHaveURL(/sign-in/);

  await sites.advance(3 * 7 * 24 * 3600);
  await givePasswordAt(other, sites, "/sign-in?next=/library");
  await other.getByRole("textbox", { name: "Code" }).fill("000000");
  await press(other, "Sign in");
  await expect(other.getByRole("alert")).toContainText("This code does not fit");
  await other.getByRole("textbox", { name: "Code" }).fill(await app.code());
  await press(other, "Sign in");
  await expect(other).toHaveURL(`${sites.shop}/library`);

  await other.getByRole("button", { name: "Sign out" }).click();
  await givePasswordAt(other, sites, "/sign-in?next=/orders");
  await other.getByRole("textbox", { name: "Code" }).fill(codes[0]!.toLowerCase());
  await press(other, "Sign in");
  await expect(other).toHaveURL(`${sites.shop}/orders`);
  await other.goto(`${sites.shop}/account`);
  await expect(main(other)).toContainText("9 recovery codes left");

  await openSection(other, sites, "Second factor");
  await main(other).getByRole("link", { name: "Turn it off" }).click();
  await givePassword(other);
  await other.getByRole("textbox", { name: "Code" }).fill(codes[0]!);
  await press(other, "Turn it off");
  await expect(other.getByRole("alert")).toContainText("was used before");
  await givePassword(other);
  await other.getByRole("textbox", { name: "Code" }).fill(codes[1]!);
  await press(other, "Turn it off");
  await expect(other.getByRole("status")).toContainText("Your second factor is off.");
  await other.getByRole("button", { name: "Sign out" }).click();
  await signInToShop(other, sites, john);
  await other.goto(`${sites.shop}/library`);
  await expect(other).toHaveURL(`${sites.shop}/library`);
  await other.context().close();
});

test("what is kept about John is a file", async ({ page, sites }) => {
  const order = await buy(page, sites, nowAndForever.slug, john, /Account balance/);
  await openSection(page, sites, "Your data");
  await press(page, "Download my data");
  await expect(page.getByRole("alert")).toContainText("This is not your password.");
  await givePassword(page);
  const began = page.waitForEvent("download");
  await press(page, "Download my data");
  const download = await began;
  expect(download.suggestedFilename()).toMatch(/^digitaldownload-\d{4}-\d\d-\d\d\.json$/);
  const file = JSON.parse(await readFile(await download.path(), "utf8"));
  expect(file.account[0].email).toBe(john.email);
  expect(file.orders).toHaveLength(1);
  expect(order).toContain(file.orders[0].id);
  expect(file.orders[0].price).toBe("0.99");
  expect(file.orders[0].events.length).toBeGreaterThan(1);
  expect(JSON.stringify(file)).not.toMatch(/argon2|digest|password_hash/);
});

test("John leaves once nothing is under way, and the books stay", async ({ page, sites }) => {
  const bought = await buy(page, sites, nowAndForever.slug, john, /Account balance/);
  const reserved = await buy(page, sites, madeToOrder.slug, john, /Account balance/);
  await openSection(page, sites, "Your data");
  await press(page, "Delete my account");
  await expect(main(page)).toContainText("One of your orders is under way.");
  await main(page).getByRole("link", { name: "Your orders" }).click();
  await page.goto(sites.shop + reserved);
  await page.getByRole("button", { name: /^Cancel/ }).click();
  const books = await sites.ledger();

  await page.goto(`${sites.shop}/account/delete`);
  await expect(page.getByRole("heading", { level: 2, name: "What stays" })).toBeVisible();
  await givePassword(page);
  await press(page, "Delete my account");
  await expect(page.getByRole("status")).toContainText("Your account is deleted.");
  await expect(page.getByRole("link", { name: "Sign in" })).toBeVisible();
  await page.goto(sites.shop + bought);
  await expect(page).toHaveURL(/sign-in/);
  await fillShopSignIn(page, john);
  await expect(page.getByRole("alert")).toContainText("do not fit");

  await signInToShop(page, sites, merchant);
  await page.goto(sites.shop + bought);
  await expect(main(page)).toContainText("Deleted account");
  await page.goto(`${sites.shop}/sell/customers`);
  await expect(main(page)).toContainText("Deleted account");
  await signInToShop(page, sites, operator);
  await page.goto(`${sites.shop}/operator/audit`);
  await expect(main(page)).toContainText("Deleted their account");
  expect(await sites.ledger()).toEqual(books);

  await page.getByRole("button", { name: "Sign out" }).click();
  await page.goto(`${sites.shop}/sign-up`);
  await page.getByLabel("Name").fill("Somebody New");
  await page.getByLabel("E-mail").fill(john.email);
  await page.getByLabel("Password").fill("tin roof weather");
  await press(page, "Sign up");
  await page.goto(`${sites.shop}/orders`);
  await expect(main(page)).not.toContainText(nowAndForever.title);
});
