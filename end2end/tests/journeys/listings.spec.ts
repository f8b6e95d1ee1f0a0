// What a seller does with listings: drafts, changes, versions of files, prices that are divided while they are typed,
// uploads that survive an error, the last piece.
import type { Page } from "@playwright/test";
import { buy, jane, john, merchant, signInToShop } from "../../fixtures/people";
import { expect, test, type Sites } from "../../fixtures/test";

const text = (name: string, content: string) => ({ name, mimeType: "text/plain", buffer: Buffer.from(content) });

async function fill(page: Page, sites: Sites, title: string): Promise<void> {
  await signInToShop(page, sites, merchant);
  await page.goto(`${sites.shop}/sell/items/new`);
  await page.getByLabel("Title").fill(title);
  await page.getByLabel("Creator").fill("Harbour Lights");
  await page.getByLabel("Category").selectOption("music");
  await page.getByLabel("Description").fill("Recorded in **one** take.");
  await page.getByLabel("Price in US dollars").fill("$1,008.00");
}

const press = (page: Page, name: string) => page.getByRole("main").getByRole("button", { name, exact: true }).click();

test("a draft is previewed, published, changed, taken off sale and archived", async ({ page, sites, browser }) => {
  await fill(page, sites, "Überfahrt");
  await press(page, "Preview");
  await expect(page.getByRole("region", { name: "As buyers will read it" }).locator("strong")).toHaveText("one");
  await expect(page.getByLabel("Price in US dollars"), "nothing typed is lost").toHaveValue("$1,008.00");
  await press(page, "Save");
  await expect(page).toHaveURL(`${sites.shop}/sell/items/ueberfahrt`);
  await expect(page.getByText("Before it can be published it needs a file for sale.")).toBeVisible();
  const stranger = await browser.newPage();
  const seen = async () => (await stranger.goto(`${sites.shop}/items/ueberfahrt`))!.status();
  expect(await seen()).toBe(404);
  await page.getByLabel("File for sale").setInputFiles([text("take.txt", "la la la"), text("words.txt", "la means la")]);
  await press(page, "Publish");
  await expect(page.getByRole("heading", { level: 1, name: "Überfahrt", exact: true })).toBeVisible();
  expect(await seen()).toBe(200);
  await expect(stranger.getByText("2 files")).toBeVisible();

  await page.getByRole("link", { name: "Edit it" }).click();
  await page.getByLabel("Price in US dollars").fill("8.00");
  await press(page, "Save");
  await expect(page.getByText("Saved. Buyers see it now.")).toBeVisible();
  await stranger.reload();
  await expect(stranger.getByText("$8.00").first()).toBeVisible();

  await press(page, "Unpublish");
  await expect(page.getByText("It is off sale, and a draft again.")).toBeVisible();
  expect(await seen()).toBe(404);
  await press(page, "Archive");
  await expect(page.getByText("It is archived, and sold no more.")).toBeVisible();
  expect(await seen()).toBe(200);
  await expect(stranger.getByText("sells this no more.")).toBeVisible();
  await page.goto(`${sites.shop}/sell/items`);
  await page.getByRole("link", { name: "Archived" }).click();
  await page.getByRole("link", { name: "Überfahrt" }).click();
  await press(page, "Bring back");
  await expect(page.getByText("It is a draft again.")).toBeVisible();
});

test("a file that was sent with a mistake in the form is kept, and a buyer gets it, and its new version", async ({ page, sites }) => {
  await fill(page, sites, "One Take");
  await page.getByLabel("Price in US dollars").fill("1.008,00");
  await page.getByLabel("File for sale").setInputFiles(text("take.txt", "la la la"));
  await press(page, "Publish");
  await expect(page.getByRole("alert")).toContainText("commas only between thousands");
  await expect(page.getByText("uploaded and kept")).toBeVisible();
  await page.getByLabel("Price in US dollars").fill("2.00");
  await press(page, "Publish");
  await expect(page.getByRole("heading", { level: 1, name: "One Take" })).toBeVisible();

  const order = await buy(page, sites, "one-take", john, /Account balance/);
  const names = async () => {
    await page.goto(sites.shop + order);
    return page.locator(".file-name").allTextContents();
  };
  expect(await names()).toEqual(["take.txt"]);
  await signInToShop(page, sites, merchant);
  await page.goto(`${sites.shop}/sell/items/one-take`);
  await page.getByLabel("More files for sale").setInputFiles(text("more.txt", "la"));
  await page.getByLabel("What is new in it").fill("A second take.");
  await press(page, "Save");
  await expect(page.getByText("more.txt", { exact: true })).toBeVisible();
  await signInToShop(page, sites, john);
  expect(await names()).toEqual(["take.txt", "more.txt"]);
  expect((await page.request.get(`${sites.shop}${order}/download/2`)).status()).toBe(200);
  await page.goto(`${sites.shop}/library`);
  await expect(page.getByRole("link", { name: "Download more.txt" })).toBeVisible();
});

/** The table of the split, as text. */
const cells = (page: Page) => page.locator(".splits tbody td").allTextContents();

test("the split is shown while the price is typed, and is the server's to the cent", async ({ page, sites }, { project }) => {
  test.setTimeout(120_000);
  await signInToShop(page, sites, merchant);
  await page.goto(`${sites.shop}/sell/items/new`);
  const price = page.getByLabel("Price in US dollars");
  if (project.use.javaScriptEnabled === false) {
    await price.fill("3.50");
    await press(page, "Show the split");
    expect((await cells(page)).slice(0, 3)).toEqual(["$2.88", "$0.40", "$0.22"]);
    await expect(price).toHaveValue("3.50");
    return;
  }
  const served = async (text: string) => {
    const answer = await page.request.post(`${sites.shop}/sell/items/new`, {
      multipart: { price: text, do: "split" },
      headers: { origin: sites.shop },
    });
    const rows = [...(await answer.text()).matchAll(/<td[^>]*data-part[^>]*>([^<]*)<\/td>/g)];
    return rows.map((row) => row[1]!);
  };
  const prices = ["3.50", "0.11", "0.12", "9.99", "10.00", "$1,234.50", " 1,234.50 ", "1.234,50", "10000", "10000.01", "free", ""];
  for (let cents = 13; cents < 5000; cents += 211) prices.push((cents / 100).toFixed(2));
  for (const text of prices) {
    await price.fill(text);
    expect(await cells(page), `of ${text}`).toEqual(await served(text));
  }
  await price.fill("3.50");
  await expect(page.getByText("Paid with a card, you get $2.88.")).toBeVisible();
});

test("the last piece is sold once; who comes second is told, and charged nothing", async ({ page, sites, browser }) => {
  await fill(page, sites, "Linocut");
  await page.getByLabel("Price in US dollars").fill("20.00");
  await page.getByRole("radio", { name: "Physical" }).check();
  await page.getByLabel("Pieces in stock").fill("1");
  await press(page, "Publish");
  await expect(page.getByRole("heading", { level: 1, name: "Linocut" })).toBeVisible();
  const before = Number(await sites.balanceOf(john.email));
  const toConfirm = async (tab: Page, person: typeof john) => {
    await signInToShop(tab, sites, person);
    await tab.goto(`${sites.shop}/checkout/linocut`);
    for (const [label, value] of [["Address line 1", "12 Elm Street"], ["City", "Portland"], ["ZIP or postal code", "97201"]] as const) {
      await tab.getByLabel(label).fill(value);
    }
    await press(tab, "Continue to Amazon Payments");
    await tab.getByLabel("E-mail").fill(person.email);
    await tab.getByLabel("Password").fill(person.amazonPassword);
    await press(tab, "Sign in");
    await tab.getByRole("radio").first().check();
    await tab.getByRole("button", { name: "Continue" }).click();
    await expect(tab.getByRole("heading", { level: 1, name: "Confirm payment authorization" })).toBeVisible();
  };
  const elsewhere = await (await browser.newContext()).newPage();
  await toConfirm(page, john);
  await toConfirm(elsewhere, jane);
  await elsewhere.getByRole("button", { name: "Confirm" }).click();
  await expect(elsewhere.getByRole("heading", { level: 1, name: "Thank You" })).toBeVisible();
  await page.getByRole("button", { name: "Confirm" }).click();
  await expect(page.getByText("The last one was sold while you confirmed. Nothing was charged.").first()).toBeVisible();
  expect(Number(await sites.balanceOf(john.email))).toBe(before);
  await page.goto(`${sites.shop}/items/linocut`);
  await expect(page.getByText("It is sold out.")).toBeVisible();
});
