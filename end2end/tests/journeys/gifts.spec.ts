// A gift: bought with somebody's address, accepted by the link in the mail, in the recipient's library from then on, and taken
// back with a refund.
import { choosePayment, jane, john, signInToAmazon, signInToShop } from "../../fixtures/people";
import { nowAndForever } from "../../fixtures/catalogue";
import { expect, test } from "../../fixtures/test";

test("John gives Jane a song; she accepts it, and a refund takes it back", async ({ page, sites, browser }) => {
  await signInToShop(page, sites, john);
  await signInToAmazon(page, sites, john);
  await page.goto(`${sites.shop}/checkout/${nowAndForever.slug}`);
  await page.getByText("This is a gift").click();
  await page.getByLabel("Send it to").fill("friend.of.john@example.com");
  await page.getByLabel("Message").fill("For the long way home.");
  await page.getByRole("button", { name: "Download Now" }).click();
  await choosePayment(page, /Account balance/);
  await page.getByRole("button", { name: "Confirm" }).click();
  await expect(page.getByRole("heading", { level: 1, name: "Thank You" })).toBeVisible();
  await expect(page.getByText("It is not accepted yet.")).toBeVisible();
  await expect(page.getByRole("link", { name: "Download", exact: true })).toHaveCount(0);
  await page.getByRole("link", { name: "Follow this order" }).click();
  await page.getByLabel("Send it to").fill("jane@example.com");
  await page.getByRole("button", { name: "Send it again" }).click();
  await expect(page.getByText("We have written to jane@example.com")).toBeVisible();

  const recipient = await (await browser.newContext()).newPage();
  await recipient.goto(`${sites.shop}/mail?address=jane%40example.com`);
  await recipient.getByRole("link", { name: /A gift for you/ }).click();
  await expect(recipient.getByText("For the long way home.")).toBeVisible();
  await recipient.getByRole("link", { name: "Look at your gift" }).click();
  await recipient.getByRole("link", { name: "Sign in and accept it" }).click();
  await recipient.getByLabel("E-mail").fill(jane.email);
  await recipient.getByLabel("Password").fill(jane.shopPassword);
  await recipient.getByRole("main").getByRole("button", { name: "Sign in" }).click();
  await recipient.getByRole("button", { name: "Accept it" }).click();
  await expect(recipient.getByRole("link", { name: "Download", exact: true })).toBeVisible();
  await recipient.goto(`${sites.shop}/library`);
  await expect(recipient.getByRole("link", { name: `Download ${nowAndForever.title}` })).toBeVisible();

  await page.reload();
  await expect(page.getByText("It is for jane@example.com. It was accepted on")).toBeVisible();
  await page.getByRole("button", { name: "Refund" }).click();
  await page.getByRole("button", { name: /money back|Refund/i }).first().click();
  await expect(async () => {
    await recipient.reload();
    await expect(recipient.getByText("Revoked on")).toBeVisible({ timeout: 500 });
  }).toPass();
});
