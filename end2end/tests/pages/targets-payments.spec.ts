// At 320 px everything that can be pressed on Amazon Payments' pages is 24 px high and wide, except within a sentence,
// or has that much room around it (WCAG 2.5.8); and nothing hangs over the edge.
import type { Page } from "@playwright/test";
import { buy, john, merchant, operator, signInToAmazon } from "../../fixtures/people";
import { nowAndForever } from "../../fixtures/catalogue";
import { expect, test } from "../../fixtures/test";

test.use({ viewport: { width: 320, height: 640 } });
test.describe.configure({ timeout: 120_000 });

/** What is too small and has too little room, in words. */
const tooSmall = (page: Page): Promise<string[]> =>
  page.evaluate(() => {
    for (const details of document.querySelectorAll("details")) details.open = true;
    const all = [...document.querySelectorAll("a[href], button, input:not([type=hidden]), select, summary, textarea")];
    const targets = all
      .filter((element) => element.checkVisibility() && !element.classList.contains("skip"))
      .map((element) => ({ element, box: element.getBoundingClientRect() }));
    const isSmall = (box: DOMRect) => box.width < 24 || box.height < 24;
    const inSentence = (element: Element) =>
      getComputedStyle(element).display === "inline" &&
      [...element.parentElement!.childNodes].some((node) => node.nodeType === Node.TEXT_NODE && /\w{2}/.test(node.textContent!));
    const isCrowded = ({ element, box }: (typeof targets)[number]) => {
      const [x, y] = [box.x + box.width / 2, box.y + box.height / 2];
      return targets.some((other) => {
        if (other.element === element) return false;
        const beside = Math.max(other.box.left - x, 0, x - other.box.right);
        const apart = Math.max(other.box.top - y, 0, y - other.box.bottom);
        const between = Math.hypot(other.box.x + other.box.width / 2 - x, other.box.y + other.box.height / 2 - y);
        return Math.hypot(beside, apart) < 12 || (isSmall(other.box) && between < 24);
      });
    };
    const small = targets.filter((target) => isSmall(target.box) && !inSentence(target.element) && isCrowded(target));
    return small.map(({ element, box }) => `${element.outerHTML.slice(0, 80)} ${box.width} x ${box.height}`);
  });

test("targets have 24 px, and nothing scrolls sideways", async ({ page, sites, browser }) => {
  const visit = async (path: string) => {
    await page.goto(sites.payments + path);
    expect(await tooSmall(page), path).toEqual([]);
    const over = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
    expect(over, path).toBeLessThanOrEqual(0);
  };
  const buyer = await browser.newPage();
  await buy(buyer, sites, nowAndForever.slug, john, /Account balance/);
  await buyer.close();
  for (const path of ["/", "/account/sign-in", "/account/create", "/nothing"]) await visit(path);
  await signInToAmazon(page, sites, john);
  for (const path of ["", "/mail", "/balance", "/instruments", "/instruments/add-card", "/tokens", "/profile", "/security"]) {
    await visit(`/account${path}`);
  }
  await signInToAmazon(page, sites, merchant);
  await visit("/account");
  const row = page.getByRole("row", { name: /Payment from/ }).first();
  await expect(row, "a payment and its fees are one row").toContainText("Marketplace fee");
  await expect(row).toContainText("Now and Forever");
  await visit((await row.getByRole("link").first().getAttribute("href"))!);
  await signInToAmazon(page, sites, operator);
  for (const part of ["", "/settings", "/sites", "/notifications", "/calling"]) await visit(`/account/developer${part}`);
});
