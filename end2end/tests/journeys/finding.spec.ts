// Somebody looks for something: with a typo, by its kind, among many; and comes to a page that there is not.
import { nowAndForever } from "../../fixtures/catalogue";
import { expect, test } from "../../fixtures/test";

test("a search with typos finds what was meant, and says so", async ({ page, sites }) => {
  await page.goto(sites.shop);
  await page.getByLabel("Search the shop").fill("Now andd Forver");
  await page.getByRole("button", { name: "Search" }).click();
  await expect(page.getByText("Showing results for Now and Forever.")).toBeVisible();
  await expect(page.getByRole("main").getByRole("link", { name: nowAndForever.title })).toBeVisible();
});

test("what is found is narrowed by links and by the form, and each choice is taken away again", async ({ page, sites }) => {
  await page.goto(`${sites.shop}/?q=sea`);
  const count = async () => Number.parseInt((await page.locator(".heading .count").textContent()) ?? "", 10);
  const all = await count();
  const format = page.getByRole("navigation", { name: "Formats" }).getByRole("link").first();
  const wanted = Number.parseInt((await format.locator(".divider-count").textContent()) ?? "", 10);
  await format.click();
  expect(await count(), "as many as the link said").toBe(wanted);
  await page.getByLabel("To", { exact: true }).fill("9");
  await page.getByLabel("Sort by").selectOption("Price, lowest first");
  await page.getByRole("button", { name: "Show", exact: true }).click();
  await expect(page.getByRole("link", { name: "Remove: up to $9.00" })).toBeVisible();
  const prices = await page.locator(".card-price").allTextContents();
  const numbers = prices.map((price) => Number(price.replace("$", "")));
  expect(numbers).toEqual([...numbers].sort((one, other) => one - other));
  expect(Math.max(0, ...numbers)).toBeLessThanOrEqual(9);
  for (const _ of [1, 2]) await page.getByRole("link", { name: /^Remove: / }).first().click();
  expect(await count()).toBe(all);
});

test("suggestions come while one types, and arrow keys choose", async ({ page, sites, javaScriptEnabled }) => {
  test.skip(javaScriptEnabled === false, "without script the field is a form like any other");
  await page.goto(sites.shop);
  const field = page.getByLabel("Search the shop");
  await field.pressSequentially("now and f");
  const option = page.getByRole("option", { name: nowAndForever.title });
  await expect(option).toBeVisible();
  await expect(field).toHaveAttribute("aria-expanded", "true");
  await field.press("ArrowDown");
  await expect(option).toHaveAttribute("aria-selected", "true");
  await field.press("Escape");
  await expect(option).toBeHidden();
  await field.press("ArrowDown");
  await field.press("Enter");
  await expect(page).toHaveURL(`${sites.shop}/items/${nowAndForever.slug}`);
});

test("a page that there is not offers a search and what is near", async ({ page, sites }) => {
  const answer = await page.goto(`${sites.shop}/items/now-and-foreve`);
  expect(answer?.status()).toBe(404);
  await expect(page.getByRole("main").getByRole("link", { name: nowAndForever.title })).toBeVisible();
  await page.getByLabel("What are you looking for?").fill("typefaces");
  await page.getByRole("main").getByRole("button", { name: "Search" }).click();
  await expect(page.locator(".heading .count")).toHaveText(/\d+ items/);
});
