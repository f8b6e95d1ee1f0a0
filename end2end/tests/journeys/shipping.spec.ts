// What sending costs: shown at the checkout and at Amazon Payments, held and charged with the item.
import { chooseInstrument, john, merchant, reloadUntilVisible, signInToShop } from "../../fixtures/people";
import { expect, test } from "../../fixtures/test";

const linocut = { slug: "gannet-linocut", seller: "seller7@example.com" };
const gannetPress = { ...merchant, email: linocut.seller };

test("a print sent express: shown, held and settled with the item", async ({ page, sites }) => {
  const before = Number(await sites.balanceOf(linocut.seller));
  await signInToShop(page, sites, john);
  await page.goto(`${sites.shop}/checkout/${linocut.slug}`);
  await expect(page.getByText("$4.50 for sending it, $46.50 in all.")).toBeVisible();
  await expect(page.getByText("$12.00 for sending it, $54.00 in all.")).toBeVisible();
  await page.getByLabel("Address line 1").fill("12 Elm Street");
  await page.getByLabel("City").fill("Berlin");
  await page.getByLabel("ZIP or postal code").fill("10115");
  await page.getByRole("radio", { name: "Express" }).check();

  await test.step("another country costs more, which is shown before anything is placed", async () => {
    await page.getByLabel("Country").fill("Germany");
    await page.getByRole("button", { name: "Update total" }).click();
    await expect(page.getByText("$28.00 for sending it, $70.00 in all.")).toBeVisible();
    await page.getByLabel("Country").fill("United States");
    await page.getByRole("button", { name: "Continue to Amazon Payments" }).click();
    await expect(page.getByRole("alert")).toContainText("You were shown $70.00 ($42.00 and $28.00 for sending it) in all");
    await expect(page.getByRole("radio", { name: "Express" })).toBeChecked();
  });

  await test.step("Amazon Payments shows item and shipping", async () => {
    await page.getByRole("button", { name: "Continue to Amazon Payments" }).click();
    await chooseInstrument(page, john, /Account balance/);
    for (const amount of ["$42.00", "$12.00", "$54.00"]) await expect(page.getByText(amount, { exact: true }).first()).toBeVisible();
    await page.getByRole("button", { name: "Confirm" }).click();
    await expect(page.getByRole("heading", { level: 1, name: "Thank You" })).toBeVisible();
  });

  const order = new URL(page.url()).pathname.replace(/\/thank-you$/, "");
  await test.step("the receipt has both lines", async () => {
    const receipt = page.getByRole("region", { name: /^(Receipt|The order)$/ });
    for (const line of ["Price$42.00", "Shipping$12.00", "Total$54.00"]) await expect(receipt).toContainText(line);
  });

  await test.step("the seller fulfils, and the books have all of it", async () => {
    await signInToShop(page, sites, gannetPress);
    await page.goto(sites.shop + order);
    await page.getByRole("button", { name: "Fulfil" }).click();
    await page.goto(sites.shop + order);
    await reloadUntilVisible(page, "$54.00 was paid and divided as shown below.");
    // 54.00 less the marketplace's 0.05 + 10 % and Amazon's 0.01 + 1.5 %.
    expect(Number(await sites.balanceOf(linocut.seller)) - before).toBeCloseTo(54 - 5.45 - 0.82, 6);
    expect(Number((await sites.ledger()).sum)).toBe(0);
  });
});
