// A whole purchase without a mouse: Tab, Space, Enter and what is typed.
import type { Locator, Page } from "@playwright/test";
import { tabTo } from "../../fixtures/keyboard";
import { john } from "../../fixtures/people";
import { nowAndForever } from "../../fixtures/catalogue";
import { expect, test } from "../../fixtures/test";

async function enter(page: Page, target: Locator): Promise<void> {
  await tabTo(page, target);
  await page.keyboard.press("Enter");
}

async function signIn(page: Page, password: string): Promise<void> {
  await tabTo(page, page.getByLabel("E-mail"));
  await page.keyboard.type(john.email);
  await tabTo(page, page.getByLabel("Password"));
  await page.keyboard.type(password);
  await page.keyboard.press("Enter");
}

test("by keyboard alone: find a song, buy it, pay for it and download it", async ({ page, sites }) => {
  await page.goto(sites.shop);
  await page.keyboard.press("Tab");
  await expect(page.getByRole("link", { name: "Skip to the content" }), "the first stop").toBeFocused();
  await tabTo(page, page.getByLabel("Search the shop"));
  await page.keyboard.type(nowAndForever.title);
  await page.keyboard.press("Enter");
  await enter(page, page.getByRole("main").getByRole("link", { name: nowAndForever.title }).first());
  await enter(page, page.getByRole("link", { name: "Buy Now" }));
  await expect(page.getByRole("heading", { level: 1, name: "Sign in" })).toBeVisible();
  await signIn(page, john.shopPassword);
  await expect(page.getByRole("heading", { level: 1, name: "Checkout" })).toBeVisible();
  await enter(page, page.getByRole("button", { name: "Download Now" }));

  await expect(page).toHaveURL(new RegExp(`^${sites.payments}/cobranded-ui/`));
  await signIn(page, john.amazonPassword);
  const balance = page.getByRole("radio").first();
  await expect(balance).toHaveAccessibleName(/Account balance/);
  await tabTo(page, balance);
  await page.keyboard.press("Space");
  await expect(balance).toBeChecked();
  await enter(page, page.getByRole("button", { name: "Continue" }));
  await expect(page.getByRole("heading", { level: 1, name: "Confirm payment authorization" })).toBeVisible();
  await enter(page, page.getByRole("button", { name: "Confirm" }));

  await expect(page.getByRole("heading", { level: 1, name: "Thank You" })).toBeVisible();
  const download = page.waitForEvent("download");
  await enter(page, page.getByRole("link", { name: "Download", exact: true }));
  expect((await download).suggestedFilename()).toMatch(/\.mp3$/);
});
