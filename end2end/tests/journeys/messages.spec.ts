// Buyer and merchant write to each other about an order.
import { buy, john, merchant, signInToShop } from "../../fixtures/people";
import { madeToOrder } from "../../fixtures/catalogue";
import { expect, test } from "../../fixtures/test";

test("a question, an answer, and who has not read what", async ({ page, sites }) => {
  const order = await buy(page, sites, madeToOrder.slug, john, /Account balance/);
  await page.goto(sites.shop + order);
  await page.getByRole("button", { name: "Send the message" }).click();
  await expect(page.getByRole("alert")).toContainText("Enter a message.");
  await page.getByLabel("Your message").fill("Which take is it?\n<b>The second?</b>");
  await page.getByRole("button", { name: "Send the message" }).click();
  const messages = page.getByRole("region", { name: "Messages" });
  await expect(messages.getByText("<b>The second?</b>")).toBeVisible();

  await signInToShop(page, sites, merchant);
  await page.goto(`${sites.shop}/sell`);
  const toDo = page.getByRole("region", { name: "To do" });
  await expect(toDo.getByRole("link", { name: "1 order to fulfil" })).toBeVisible();
  await toDo.getByRole("link", { name: "Unread messages about 1 order" }).click();
  await page.getByRole("link", { name: `John Doe, ${madeToOrder.title}` }).click();
  await expect(messages).toContainText("Which take is it?");
  await page.getByLabel("Your message").fill("The second.");
  await page.getByRole("button", { name: "Send the message" }).click();
  await expect(messages.getByText("The second.", { exact: true })).toBeVisible();
  await page.goto(`${sites.shop}/sell`);
  await expect(toDo).not.toContainText("Unread messages");

  await signInToShop(page, sites, john);
  await page.goto(`${sites.shop}/orders`);
  await page.getByRole("link", { name: "1 unread message" }).click();
  await expect(messages.getByText("The second.", { exact: true })).toBeVisible();
  await page.goto(`${sites.shop}/orders`);
  await expect(page.getByRole("link", { name: /unread message/ })).toHaveCount(0);
});
