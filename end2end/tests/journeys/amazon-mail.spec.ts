// What Amazon Payments writes to the two sides of the quick start: Pay, Reserve and Settle, cancel, refund.
import type { Page } from "@playwright/test";
import {
  buy,
  checkOut,
  chooseInstrument,
  john,
  merchant,
  refund,
  reloadUntilVisible,
  signInToAmazon,
  signInToShop,
} from "../../fixtures/people";
import { madeToOrder, nowAndForever, seller } from "../../fixtures/catalogue";
import { expect, test, type Sites } from "../../fixtures/test";

const press = (page: Page, name: string) => page.getByRole("button", { name, exact: true }).click();

/** The mailbox of the person, open. */
async function openMail(page: Page, sites: Sites, person: typeof john): Promise<void> {
  await signInToAmazon(page, sites, person);
  await page.goto(`${sites.payments}/account`);
  await page.getByRole("navigation", { name: "Your account" }).getByRole("link", { name: /^Mail/ }).click();
  await expect(page.getByRole("heading", { level: 1, name: "Mail" })).toBeVisible();
}

/** The subjects of those that are about this item, the newest first. */
async function about(page: Page, title: string): Promise<string[]> {
  const mails = page.getByRole("main").getByRole("listitem").filter({ hasText: title }).getByRole("link");
  return mails.allTextContents();
}

const open = (page: Page, subject: string) => page.getByRole("main").getByRole("link", { name: subject, exact: true }).click();

test("Pay: John has the mail of his payment, and the merchant what is left of it", async ({ page, sites }) => {
  await buy(page, sites, nowAndForever.slug, john, /Account balance/);
  await openMail(page, sites, john);
  expect(await about(page, nowAndForever.title)).toEqual(["Payment made: Now and Forever, $0.99"]);
  await open(page, "Payment made: Now and Forever, $0.99");
  await expect(page.getByText(`You paid $0.99 to ${seller} for Now and Forever, through DigitalDownload.`)).toBeVisible();
  await page.getByRole("link", { name: "See the payment" }).click();
  await expect(page.getByRole("heading", { level: 1, name: `Payment to ${seller}` })).toBeVisible();

  await openMail(page, sites, merchant);
  await open(page, "Payment received: Now and Forever, $0.99");
  const mail = page.url();
  const fee = (name: string) => page.getByRole("main").locator("dl > div", { hasText: name });
  await expect(fee("Marketplace fee")).toContainText("−$0.");
  await expect(fee("Left for you")).toContainText("$0.");
  await page.getByRole("link", { name: "As plain text" }).click();
  await expect(page.locator("body")).toContainText("Subject: Payment received: Now and Forever, $0.99");

  await signInToAmazon(page, sites, john);
  const foreign = await page.goto(mail.replace(/[tm]\d+$/, "m999"));
  expect(foreign!.status()).toBe(404);
});

test("Reserve and Settle: the merchant hears that a purchase has been authorized, delivers, and is paid", async ({ page, sites }) => {
  const order = await buy(page, sites, madeToOrder.slug, john, /Account balance/);
  await openMail(page, sites, merchant);
  const authorized = `A purchase has been authorized: ${madeToOrder.title}, $12.00`;
  await open(page, authorized);
  await expect(page.getByText("Deliver it, and say so at DigitalDownload: then you are paid.")).toBeVisible();
  await signInToShop(page, sites, merchant);
  await page.goto(sites.shop + order);
  await press(page, "Fulfil");
  await reloadUntilVisible(page, "Settled");
  await openMail(page, sites, merchant);
  expect(await about(page, madeToOrder.title)).toEqual([`Payment received: ${madeToOrder.title}, $12.00`, authorized]);
  await open(page, authorized);
  await expect(page.getByText("By now $12.00 of it was charged.")).toBeVisible();
  await openMail(page, sites, john);
  expect(await about(page, madeToOrder.title)).toEqual([
    `Payment made: ${madeToOrder.title}, $12.00`,
    `Payment authorized: ${madeToOrder.title}, $12.00`,
  ]);
});

test("cancel and refund are told to both, each once", async ({ page, sites }) => {
  const reserved = await buy(page, sites, madeToOrder.slug, john, /Account balance/);
  await page.goto(sites.shop + reserved);
  await press(page, "Cancel");
  await reloadUntilVisible(page, "Cancelled");
  const paid = await buy(page, sites, nowAndForever.slug, john, /Account balance/);
  await page.goto(sites.shop + paid);
  await refund(page);
  await reloadUntilVisible(page, "$0.99 was paid back, and the download was revoked.");
  await openMail(page, sites, john);
  expect(await about(page, madeToOrder.title)).toEqual([
    `Payment cancelled: ${madeToOrder.title}, $12.00`,
    `Payment authorized: ${madeToOrder.title}, $12.00`,
  ]);
  expect(await about(page, nowAndForever.title)).toEqual([
    "Refund received: Now and Forever, $0.99",
    "Payment made: Now and Forever, $0.99",
  ]);
  await openMail(page, sites, merchant);
  expect(await about(page, madeToOrder.title)).toEqual([
    `A purchase was cancelled: ${madeToOrder.title}, $12.00`,
    `A purchase has been authorized: ${madeToOrder.title}, $12.00`,
  ]);
  expect(await about(page, nowAndForever.title)).toEqual([
    "Refund given: Now and Forever, $0.99",
    "Payment received: Now and Forever, $0.99",
  ]);
});

test("new mail is counted beside its name until it is opened or marked", async ({ page, sites }) => {
  for (let number = 0; number < 2; number++) await buy(page, sites, nowAndForever.slug, john, /Account balance/);
  await openMail(page, sites, john);
  const inNavigation = page.getByRole("navigation", { name: "Your account" });
  const unread = () => page.getByRole("main").getByRole("listitem").filter({ hasText: "New" }).filter({ hasText: nowAndForever.title });
  const before = await page.getByText("New", { exact: true }).count();
  expect(before).toBeGreaterThanOrEqual(2);
  await expect(inNavigation.getByRole("link", { name: `Mail ${before} unread` })).toBeVisible();
  await unread().first().getByRole("link").click();
  await expect(inNavigation.getByRole("link", { name: `Mail ${before - 1} unread` })).toBeVisible();
  await page.getByRole("link", { name: "All mail" }).click();
  await expect(page.getByText("New", { exact: true })).toHaveCount(before - 1);
  await press(page, "Mark all as read");
  await expect(page.getByText("All mail is marked as read.")).toBeVisible();
  await expect(page.getByText("New", { exact: true })).toHaveCount(0);
  await expect(inNavigation.getByRole("link", { name: "Mail", exact: true })).toBeVisible();
  await expect(page.getByRole("button", { name: "Mark all as read" })).toHaveCount(0);
});

test("who has an account and fills in the form for a new one is led on to sign in, pays, and finds a mail", async ({ page, sites }) => {
  await checkOut(page, sites, nowAndForever.slug, john);
  await page.getByRole("link", { name: "Create an account" }).click();
  await page.getByLabel("Name", { exact: true }).fill("John Doe");
  await page.getByLabel("E-mail").fill(john.email);
  await page.getByLabel("Password").fill("not the one that it has");
  await press(page, "Create account");
  await expect(page.getByRole("status")).toHaveText(`We have written to ${john.email}. If you have an account with this address, sign in to it.`);
  await chooseInstrument(page, john, /Account balance/);
  await press(page, "Confirm");
  await expect(page.getByRole("heading", { level: 1, name: "Thank You" })).toBeVisible();
  await openMail(page, sites, john);
  await open(page, "You have an account at Amazon Payments already");
  await expect(page.getByRole("main")).toContainText("nothing about it was changed");
  await page.getByRole("link", { name: "See where you are signed in" }).click();
  await expect(page.getByRole("heading", { level: 1, name: "Security" })).toBeVisible();
});
