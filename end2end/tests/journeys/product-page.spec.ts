// What an item's page shows before one buys: pages to read, a game that starts, when one has it, what one saw before; and
// what buyers say of it, in the filters.
import { nowAndForever, record } from "../../fixtures/catalogue";
import { buy, jane, john, merchant, signInToShop } from "../../fixtures/people";
import { expect, test } from "../../fixtures/test";

test("what was opened is found again, on items' pages and the front page, until it is forgotten", async ({ page, sites, browser }) => {
  const seen = page.getByRole("region", { name: "Recently seen" });
  await page.goto(`${sites.shop}/items/${nowAndForever.slug}`);
  await expect(seen).toHaveCount(0);
  await page.goto(`${sites.shop}/items/${record.slug}`);
  await expect(seen.getByRole("link")).toHaveText([nowAndForever.title]);
  await page.goto(sites.shop);
  await expect(seen.getByRole("link")).toHaveText([new RegExp(record.title), nowAndForever.title]);
  const another = await browser.newContext();
  const others = await another.newPage();
  await others.goto(sites.shop);
  await expect(others.getByRole("region", { name: "Recently seen" }), "somebody else's").toHaveCount(0);
  await another.close();
  await page.getByRole("button", { name: "Forget these" }).click();
  await expect(page).toHaveURL(`${sites.shop}/`);
  await expect(seen).toHaveCount(0);
});

test("a book is looked into, with the keyboard too", async ({ page, sites }) => {
  await page.goto(`${sites.shop}/items/the-cartographers-apprentice`);
  const pages = page.getByRole("region", { name: "Look inside" }).getByRole("link");
  await expect(pages).toHaveCount(3);
  await expect(page.getByRole("img", { name: "Page 2 of The Cartographer's Apprentice" })).toBeVisible();
  await pages.nth(1).focus();
  await expect(pages.nth(1)).toBeInViewport();
  await page.keyboard.press("Tab");
  await expect(pages.nth(2)).toBeFocused();
  await expect(pages.nth(2)).toBeInViewport();
  await page.keyboard.press("Enter");
  await expect(page).toHaveURL(`${sites.shop}/pictures/the-cartographers-apprentice/3`);
});

test("a game starts with a press, in a frame that reaches nothing; without script its pictures stand there", async ({ page, sites, javaScriptEnabled }) => {
  const asked: string[] = [];
  page.on("request", (request) => asked.push(new URL(request.url()).pathname));
  await page.goto(`${sites.shop}/items/cloud-herding`);
  await expect(page.getByRole("img", { name: "Screenshot 1 of Cloud Herding for Beginners" })).toBeVisible();
  const start = page.locator("summary", { hasText: "Start the demo" });
  if (javaScriptEnabled === false) {
    await expect(start).toBeHidden();
    await expect(page.getByText("It runs with JavaScript, which is off here.")).toBeVisible();
    return;
  }
  expect(asked).not.toContain("/demos/cloud-herding");
  await start.focus();
  await page.keyboard.press("Enter");
  const game = page.frameLocator("iframe[title='A demo of Cloud Herding for Beginners']");
  await expect(game.getByRole("heading", { name: "Cloud Herding for Beginners" })).toBeVisible();
  await game.getByRole("button", { name: /East/ }).click();
  await expect(game.getByText("1 wind")).toBeVisible();
  const reached = await game.locator("body").evaluate(async () => {
    const tried: string[] = [];
    for (const [what, attempt] of [
      ["storage", () => localStorage.length],
      ["cookies", () => document.cookie],
      ["page", () => parent.document.title],
    ] as const) {
      try {
        attempt();
        tried.push(what);
      } catch {
        // That is how it should be.
      }
    }
    const fetched = await fetch("/cart").then(() => true, () => false);
    return fetched ? [...tried, "shop"] : tried;
  });
  expect(reached).toEqual([]);
  await page.getByText("Put it away").click();
  await expect(page.locator("iframe")).toBeHidden();
  await page.goto(`${sites.shop}/demos/cloud-herding`);
  await expect(page, "alone it is no page").toHaveURL(`${sites.shop}/items/cloud-herding#demo`);
});

test("what buyers say narrows what is found, with a count", async ({ page, sites }) => {
  await buy(page, sites, nowAndForever.slug, john, /Account balance/);
  await page.goto(`${sites.shop}/items/${nowAndForever.slug}/review`);
  await page.getByRole("radio", { name: /4 stars/ }).check();
  await page.getByRole("button", { name: "Publish the review" }).click();
  await page.goto(`${sites.shop}/?category=music`);
  if (await page.getByText("Filter and sort").isVisible()) await page.getByText("Filter and sort").click();
  await page.getByRole("navigation", { name: "What buyers say" }).getByRole("link", { name: /^4 stars and up 1$/ }).click();
  await expect(page).toHaveURL(`${sites.shop}/?category=music&rating=4`);
  await expect(page.locator(".heading .count")).toHaveText("1 item");
  await expect(page.getByRole("main").getByRole("link", { name: nowAndForever.title })).toBeVisible();
  await page.getByRole("link", { name: "Remove: 4 stars and up" }).click();
  await expect(page).toHaveURL(`${sites.shop}/?category=music`);
});

test("a seller says how long it takes; the buyer reads it before, at the checkout and on the order", async ({ page, sites }) => {
  await signInToShop(page, sites, merchant);
  await page.goto(`${sites.shop}/sell/items/session-masters`);
  await page.getByLabel("Days until it is sent or ready").fill("9");
  await page.getByRole("main").getByRole("button", { name: "Save", exact: true }).click();
  await expect(page.getByRole("alert")).toContainText("Enter a number of days from 1 to 7, or nothing.");
  await page.getByLabel("Days until it is sent or ready").fill("4");
  await page.getByRole("main").getByRole("button", { name: "Save", exact: true }).click();
  await expect(page.getByText("Saved. Buyers see it now.")).toBeVisible();
  await signInToShop(page, sites, jane);
  const words = "makes it ready within 4 days of the order. What is not ready after seven days is not charged.";
  for (const path of ["/items/session-masters", "/checkout/session-masters"]) {
    await page.goto(sites.shop + path);
    await expect(page.getByText(words)).toBeVisible();
  }
  const order = await buy(page, sites, "session-masters", john, /Account balance/);
  for (const path of [`${order}/thank-you`, order]) {
    await page.goto(sites.shop + path);
    await expect(page.getByText(/said to have it ready by .* is no longer held and nothing is charged\./)).toBeVisible();
  }
});
