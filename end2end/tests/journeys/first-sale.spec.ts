// A merchant's first sale: sign up, register as recipient, list an item, sell it.
import { fillShopSignIn, jane, reloadUntilVisible, signInToShop, signOutOfShop, type Person } from "../../fixtures/people";
import { expect, test } from "../../fixtures/test";

const newMerchant: Person = { email: "nadia@example.com", shopPassword: "a long shop password", amazonPassword: "a long bank password" };

test("a new merchant signs up, registers with Amazon Payments, lists a physical item and sells it to Jane", async ({ page, sites }) => {
  await test.step("signs up and starts selling", async () => {
    await page.goto(`${sites.shop}/sign-up`);
    await page.getByLabel("Name").fill("Nadia Brandt");
    await page.getByLabel("E-mail").fill(newMerchant.email);
    await page.getByLabel("Password").fill(newMerchant.shopPassword);
    await page.getByRole("main").getByRole("button", { name: "Sign up" }).click();
    await expect(page.getByRole("button", { name: "Sign out" })).toBeVisible();
    await page.goto(`${sites.shop}/sell`);
    await page.getByRole("main").getByRole("textbox").first().fill("Brandt Prints");
    await page.getByRole("button", { name: /start selling/i }).click();
  });

  await test.step("registers as recipient with a new Amazon Payments account", async () => {
    await page.getByRole("button", { name: /Amazon Payments/ }).click();
    await expect(page).toHaveURL(new RegExp(`^${sites.payments}/cobranded-ui/`));
    await page.getByRole("link", { name: /create/i }).click();
    await page.getByLabel("Name", { exact: true }).fill("Nadia Brandt");
    await page.getByLabel("E-mail").fill(newMerchant.email);
    await page.getByLabel("Password").fill(newMerchant.amazonPassword);
    await page.getByLabel("Business name").fill("Brandt Prints");
    await page.getByRole("button", { name: "Create account" }).click();
    await expect(page.getByRole("heading", { level: 1, name: "Confirm recipient registration" })).toBeVisible();
    await page.getByRole("button", { name: "Confirm" }).click();
    await expect(page).toHaveURL(new RegExp(`^${sites.shop}/sell`));
  });

  await test.step("lists a print", async () => {
    await page.goto(`${sites.shop}/sell/items/new`);
    await page.getByLabel("Title").fill("Harbour at Dusk, A3 print");
    await page.getByLabel(/Creator|Artist/).fill("Nadia Brandt");
    await page.getByLabel("Category").selectOption({ index: 1 });
    await page.getByLabel("Description").fill("Two-colour risograph print on 200 g paper, signed.");
    await page.getByLabel(/Price/).fill("24.50");
    await page.getByRole("radio", { name: /Physical/ }).check();
    await page.getByRole("button", { name: /List|Publish/ }).click();
    await expect(page.getByText("Harbour at Dusk, A3 print").first()).toBeVisible();
  });

  await test.step("Jane buys it with her card; it asks where to send it", async () => {
    await signOutOfShop(page, sites);
    await page.goto(`${sites.shop}/?q=harbour+at+dusk`);
    await page.getByRole("main").getByRole("link", { name: /Harbour at Dusk/ }).first().click();
    const slug = new URL(page.url()).pathname.replace("/items/", "");
    await page.getByRole("link", { name: "Buy Now" }).or(page.getByRole("button", { name: "Buy Now" })).click();
    await fillShopSignIn(page, jane);
    await page.getByRole("button", { name: "Continue to Amazon Payments" }).click();
    await expect(page.getByRole("alert"), "an address is needed").toBeVisible();
    await page.getByLabel(/Full name|^Name/).fill("Jane Doe");
    await page.getByLabel(/Address line 1|Address$|Street/).first().fill("12 Elm Street");
    await page.getByLabel("City").fill("Portland");
    await page.getByLabel(/State/).fill("OR");
    await page.getByLabel(/ZIP|Postal/i).fill("97201");
    await page.getByRole("radio", { name: /Express/ }).check();
    await page.getByRole("button", { name: "Continue to Amazon Payments" }).click();
    await page.getByLabel("E-mail").fill(jane.email);
    await page.getByLabel("Password").fill(jane.amazonPassword);
    await page.getByRole("main").getByRole("button", { name: "Sign in" }).click();
    await page.getByRole("radio", { name: /ending in/ }).check();
    await page.getByRole("button", { name: "Continue" }).click();
    await page.getByRole("button", { name: "Confirm" }).click();
    await expect(page.getByRole("heading", { level: 1, name: "Thank You" })).toBeVisible();
    expect(slug).toContain("harbour");
  });

  await test.step("the merchant is told, sees the address, fulfils, is paid", async () => {
    await signOutOfShop(page, sites);
    await signInToShop(page, sites, newMerchant);
    await page.goto(`${sites.shop}/sell`);
    await reloadUntilVisible(page, /Harbour at Dusk/);
    await expect(async () => {
      await page.goto(`${sites.shop}/sell`);
      await page.getByRole("main").getByRole("link", { name: /Harbour at Dusk/ }).first().click({ timeout: 1000 });
      await expect(page.getByRole("button", { name: "Fulfil" })).toBeVisible({ timeout: 1000 });
    }).toPass();
    await expect(page.getByText("12 Elm Street")).toBeVisible();
    await page.getByRole("button", { name: "Fulfil" }).click();
    await reloadUntilVisible(page, "Settled");
    expect(Number(await sites.balanceOf(newMerchant.email))).toBeGreaterThan(20);
  });
});
