// A merchant's first sale: sign up, register as recipient, list an item, sell it.
import type { Page } from "@playwright/test";
import { buy, chooseInstrument, jane, pressBuyNow, reloadUntilVisible, signOutOfShop, signInToShop, type Person } from "../../fixtures/people";
import { expect, test, type Sites } from "../../fixtures/test";

const newMerchant: Person = { email: "nadia@example.com", shopPassword: "a long shop password", amazonPassword: "a long bank password" };

/** Nadia signs up in the shop and registers as recipient with a new account at Amazon Payments. */
async function becomeMerchant(page: Page, sites: Sites): Promise<void> {
  await test.step("signs up and starts selling", async () => {
    await page.goto(`${sites.shop}/sign-up`);
    await page.getByLabel("Name").fill("Nadia Brandt");
    await page.getByLabel("E-mail").fill(newMerchant.email);
    await page.getByLabel("Password").fill(newMerchant.shopPassword);
    await page.getByRole("main").getByRole("button", { name: "Sign up" }).click();
    await expect(page.getByRole("button", { name: "Sign out" })).toBeVisible();
    await page.goto(`${sites.shop}/sell`);
    await page.getByLabel("Shop name").fill("Brandt Prints");
    await page.getByRole("button", { name: "Start selling" }).click();
  });

  await test.step("registers as recipient with a new Amazon Payments account", async () => {
    await page.getByRole("button", { name: "Register with Amazon Payments" }).click();
    await expect(page).toHaveURL(new RegExp(`^${sites.payments}/cobranded-ui/`));
    await page.getByRole("link", { name: "Create an account" }).click();
    await page.getByLabel("Name", { exact: true }).fill("Nadia Brandt");
    await page.getByLabel("E-mail").fill(newMerchant.email);
    await page.getByLabel("Password").fill(newMerchant.amazonPassword);
    await page.getByLabel("Business name").fill("Brandt Prints");
    await page.getByRole("button", { name: "Create account" }).click();
    await expect(page.getByRole("heading", { level: 1, name: "Confirm recipient registration" })).toBeVisible();
    await page.getByRole("button", { name: "Confirm" }).click();
    await expect(page).toHaveURL(new RegExp(`^${sites.shop}/sell`));
  });
}

/** A picture of one pixel. */
const cover = Buffer.from("iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==", "base64");
/** Every byte there is, so that nothing may be taken for text on the way. */
const book = Buffer.concat([Buffer.from("%PDF-1.4\n"), Buffer.from(Array.from({ length: 4096 }, (_, index) => index % 256))]);

test.describe("with a processor that takes its time", () => {
  test.use({ settings: { DD_PROCESSOR_DELAY_MS: "2500" } });

  test("a new merchant lists a digital item with cover and file, and Jane downloads what was uploaded", async ({ page, sites }) => {
    await becomeMerchant(page, sites);

    const slug = await test.step("lists a book with its cover and file", async () => {
      await page.getByRole("link", { name: "Add an item" }).click();
      await page.getByLabel("Title").fill("Tides of the North Quay");
      await page.getByLabel("Creator").fill("Nadia Brandt");
      await page.getByLabel("Category").selectOption("books");
      await page.getByLabel("Description").fill("Forty pages of tide tables, with drawings.");
      await page.getByLabel("Price in US dollars").fill("4.50");
      await page.getByRole("radio", { name: "Digital" }).check();
      await page.getByRole("radio", { name: "At once" }).check();
      await page.getByLabel("Cover").setInputFiles({ name: "cover.png", mimeType: "image/png", buffer: cover });
      await page.getByRole("button", { name: "Publish" }).click();
      await expect(page.getByLabel("File for sale"), "a file is missing, and the form says so").toHaveAttribute("aria-invalid", "true");
      await page.getByLabel("File for sale").setInputFiles({ name: "North Quay.pdf", mimeType: "application/pdf", buffer: book });
      await page.getByLabel("Cover").setInputFiles({ name: "cover.png", mimeType: "image/png", buffer: cover });
      await page.getByRole("button", { name: "Publish" }).click();
      await expect(page.getByRole("status")).toHaveText("Your item is for sale now.");
      return new URL(page.url()).pathname.replace("/items/", "");
    });

    await test.step("the item shows the cover that was uploaded", async () => {
      await signOutOfShop(page, sites);
      await page.getByRole("region", { name: "New", exact: true }).getByRole("link", { name: /Tides of the North Quay/ }).first().click();
      await expect(page.getByRole("main").getByText("PDF").first()).toBeVisible();
      const shown = page.getByRole("img", { name: "Cover of Tides of the North Quay" });
      expect(await shown.evaluate((image: HTMLImageElement) => image.decode().then(() => image.naturalWidth))).toBe(1);
      const served = await page.request.get(new URL((await shown.getAttribute("src"))!, sites.shop).href);
      expect(served.headers()["content-type"]).toBe("image/png");
      expect((await served.body()).equals(cover)).toBe(true);
    });

    const order = await test.step("Jane pays by card: pending first, then paid", async () => {
      const path = await buy(page, sites, slug, jane, /ending in/);
      await expect(page.getByText("Amazon Payments is working on your payment of $4.50.")).toBeVisible();
      await expect(page.getByRole("link", { name: "Download", exact: true })).toHaveCount(0);
      expect((await page.request.get(`${sites.shop}${path}/download`)).status(), "not hers before it is paid").toBe(404);
      await reloadUntilVisible(page, "Your payment of $4.50 is complete. The file is yours to download.");
      return path;
    });

    await test.step("the download has exactly the bytes that were uploaded", async () => {
      const download = page.waitForEvent("download");
      await page.getByRole("link", { name: "Download", exact: true }).click();
      const file = await download;
      expect(file.suggestedFilename()).toBe("North Quay.pdf");
      const chunks: Buffer[] = [];
      for await (const chunk of await file.createReadStream()) chunks.push(chunk as Buffer);
      expect(Buffer.concat(chunks).equals(book)).toBe(true);
      await page.goto(`${sites.shop}/library`);
      await expect(page.getByRole("link", { name: "Download Tides of the North Quay" })).toBeVisible();
    });

    await test.step("the merchant is told and paid", async () => {
      await signInToShop(page, sites, newMerchant);
      await page.goto(`${sites.shop}/sell`);
      await expect(page.getByRole("main").getByText("Jane Doe bought Tides of the North Quay. It was delivered and paid at once.")).toBeVisible();
      await page.goto(sites.shop + order);
      await expect(page.getByText("Paid", { exact: true }).first()).toBeVisible();
      // 4.50 less the marketplace's 0.05 + 10 % and Amazon's 0.05 + 5 %.
      expect(Number(await sites.balanceOf(newMerchant.email))).toBeCloseTo(4.5 - 0.5 - 0.275, 6);
    });
  });
});

test("a new merchant lists a physical item and sells it to Jane, who says where to send it and how fast", async ({ page, sites }) => {
  await becomeMerchant(page, sites);

  await test.step("lists a print", async () => {
    await page.goto(`${sites.shop}/sell/items/new`);
    await page.getByLabel("Title").fill("Harbour at Dusk, A3 print");
    await page.getByLabel("Creator").fill("Nadia Brandt");
    await page.getByLabel("Category").selectOption("art");
    await page.getByLabel("Description").fill("Two-colour risograph print on 200 g paper, signed.");
    await page.getByLabel("Price in US dollars").fill("24.50");
    await page.getByRole("radio", { name: /Physical/ }).check();
    await page.getByRole("button", { name: "Publish" }).click();
    await expect(page.getByText("Harbour at Dusk, A3 print").first()).toBeVisible();
  });

  await test.step("Jane buys it with her card; it asks where to send it and how fast", async () => {
    await signOutOfShop(page, sites);
    await page.goto(`${sites.shop}/?q=harbour+at+dusk`);
    await page.getByRole("main").getByRole("link", { name: /Harbour at Dusk/ }).first().click();
    await pressBuyNow(page, jane);
    await page.getByRole("button", { name: "Continue to Amazon Payments" }).click();
    await expect(page.getByRole("alert"), "an address is needed").toBeVisible();
    await page.getByLabel("Full name").fill("Jane Doe");
    await page.getByLabel("Address line 1").fill("12 Elm Street");
    await page.getByLabel("City").fill("Portland");
    await page.getByLabel("State or region").fill("OR");
    await page.getByLabel("ZIP or postal code").fill("97201");
    await page.getByLabel("Country").fill("United States");
    await page.getByRole("radio", { name: "Express" }).check();
    await page.getByRole("button", { name: "Continue to Amazon Payments" }).click();
    await chooseInstrument(page, jane, /ending in/);
    await page.getByRole("button", { name: "Confirm" }).click();
    await expect(page.getByRole("heading", { level: 1, name: "Thank You" })).toBeVisible();
  });

  await test.step("the merchant is told, sees the address and the speed, fulfils, is paid", async () => {
    await signInToShop(page, sites, newMerchant);
    await page.goto(`${sites.shop}/sell`);
    await reloadUntilVisible(page, /^Jane Doe ordered Harbour at Dusk/);
    await page.getByRole("region", { name: /Orders to fulfil/ }).getByRole("link", { name: /Harbour at Dusk/ }).click();
    await expect(page.getByText("12 Elm Street")).toBeVisible();
    await expect(page.getByText("Sent by: express")).toBeVisible();
    await page.getByRole("button", { name: "Fulfil" }).click();
    await reloadUntilVisible(page, "Settled");
    // 24.50 less the marketplace's 0.05 + 10 % and Amazon's 0.30 + 2.9 %.
    expect(Number(await sites.balanceOf(newMerchant.email))).toBeCloseTo(24.5 - 2.5 - 1.0105, 6);
  });
});
