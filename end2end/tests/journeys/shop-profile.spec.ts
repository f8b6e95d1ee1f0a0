// How a seller stands before buyers: name, page, picture, rule for refunds, rates and vacation.
import { nowAndForever, record } from "../../fixtures/catalogue";
import { jane, merchant, signInToShop } from "../../fixtures/people";
import { expect, test } from "../../fixtures/test";

/** A picture of one pixel. */
const picture = Buffer.from("iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==", "base64");

test("a seller changes the profile, and buyers read it on the seller's page and at the item", async ({ page, sites }) => {
  await signInToShop(page, sites, merchant);
  await page.goto(`${sites.shop}/sell`);
  await page.getByRole("navigation", { name: "Your shop" }).getByRole("link", { name: "Profile" }).click();
  await page.getByLabel("Shop name").fill("Left There Tapes");
  await page.getByLabel("About").fill("Songs about one street.\n\nRecorded on it.");
  await page.getByLabel("Links").fill("http://example.com");
  await page.getByLabel("Days").fill("14");
  await page.getByRole("radio", { name: "Only if it was not downloaded" }).check();
  await page.getByRole("button", { name: "Save" }).click();
  await expect(page.getByRole("alert")).toContainText("https://");
  await expect(page.getByLabel("Shop name"), "what was typed stays").toHaveValue("Left There Tapes");
  await page.getByLabel("Links").fill("https://example.com/street");
  await page.getByRole("button", { name: "Save" }).click();
  await expect(page.getByRole("status")).toContainText("Saved.");
  await page.getByLabel("Your picture").setInputFiles({ name: "me.png", mimeType: "image/png", buffer: picture });
  await page.getByRole("button", { name: "Use this picture" }).click();
  await expect(page.getByRole("img", { name: "Picture of Left There Tapes" })).toBeVisible();

  await page.goto(`${sites.shop}/items/${nowAndForever.slug}`);
  await expect(page.getByText("within 14 days after the sale, if you have not downloaded it")).toBeVisible();
  await page.getByRole("link", { name: "Left There Tapes", exact: true }).click();
  await expect(page).toHaveURL(`${sites.shop}/sellers/left-there-tapes`);
  await expect(page.getByRole("heading", { level: 1, name: "Left There Tapes" })).toBeVisible();
  await expect(page.getByText("Recorded on it.", { exact: true })).toBeVisible();
  await expect(page.getByRole("link", { name: "example.com/street" })).toHaveAttribute("href", "https://example.com/street");
  await expect(page.getByRole("table", { name: "What sending costs" })).toContainText("$4.50");
  await page.goto(`${sites.shop}/sellers/right-here-records`);
  await expect(page, "the address of the name before").toHaveURL(`${sites.shop}/sellers/left-there-tapes`);
});

test("a seller who is away sells nothing, says until when, and comes back", async ({ page, sites }) => {
  await signInToShop(page, sites, merchant);
  await page.goto(`${sites.shop}/sell/profile`);
  await page.getByRole("radio", { name: "Away" }).check();
  await page.getByLabel("For your buyers").fill("At the sea. Back on 3 March.");
  await page.getByRole("button", { name: "Save" }).click();
  await signInToShop(page, sites, jane);
  for (const path of [`/items/${record.slug}`, `/checkout/${record.slug}`, "/sellers/right-here-records"]) {
    await page.goto(sites.shop + path);
    await expect(page.getByText("At the sea. Back on 3 March.", { exact: true })).toBeVisible();
    await expect(page.getByRole("link", { name: "Buy Now" })).toHaveCount(0);
  }
  await signInToShop(page, sites, merchant);
  await page.goto(`${sites.shop}/sell/profile`);
  await page.getByRole("radio", { name: "Open" }).check();
  await page.getByRole("button", { name: "Save" }).click();
  await signInToShop(page, sites, jane);
  await page.goto(`${sites.shop}/items/${record.slug}`);
  await expect(page.getByRole("link", { name: "Buy Now" })).toBeVisible();
});
