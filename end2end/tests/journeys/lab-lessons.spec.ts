// The eight lessons of the lab, each walked through as it says: do this, look here, check.
import type { Locator, Page } from "@playwright/test";
import { madeToOrder, nowAndForever } from "../../fixtures/catalogue";
import { afterTheRefundDays, chooseInstrument, choosePayment, john, merchant, openAs, pressBuyNow, reloadUntilVisible, signInToAmazon, signInToShop } from "../../fixtures/people";
import { expect, test, type Sites } from "../../fixtures/test";

interface Walk {
  page: Page;
  sites: Sites;
  /** Opens the lesson; answers the step's place in it. */
  open: () => Promise<Locator>;
}

interface Lesson {
  title: string;
  /** What Check misses before anything is done. */
  missing: string[];
  /** The words of each step, and how it is done. */
  steps: [string, (walk: Walk) => Promise<void>][];
  /** What Check finds after all of it. */
  found: RegExp[];
  /** Each link to where something is to be seen, and what is seen there; of purchases to follow, in the latest one. */
  look: [string, RegExp][];
}

const main = (page: Page) => page.getByRole("main");
const heading = (page: Page, name: string) => expect(page.getByRole("heading", { level: 1, name, exact: true })).toBeVisible();
const press = (page: Page, name: string) => main(page).getByRole("button", { name, exact: true }).click();

/** From an item's page, signed in to both sites, to the thank-you page. */
async function payFor(page: Page, instrument: RegExp): Promise<void> {
  await pressBuyNow(page, john);
  await page.getByRole("button", { name: /Download Now|Continue to Amazon Payments/ }).click();
  await heading(page, "Payment authorization");
  await choosePayment(page, instrument);
  await press(page, "Confirm");
  await heading(page, "Thank You");
}

/** Buys what the step links to, from the balance. */
async function buyIt({ page, sites, open }: Walk): Promise<void> {
  await signInToShop(page, sites, john);
  await signInToAmazon(page, sites, john);
  await (await open()).getByRole("link").click();
  await payFor(page, /Account balance/);
}

/** Presses the step's button. The clock stands from then on: the shop asks again when it is moved, and not before. */
async function makeItFail({ page, sites, open }: Walk): Promise<void> {
  await page.request.post(`${sites.payments}/_control/clock`, { data: { freeze: true } });
  await (await open()).getByRole("button").click();
  await expect(page, "it leads back to the lesson").toHaveURL(/\/lab\/lessons\//);
  await expect(page.getByRole("status")).toContainText(/^Set: .+\. It stands until it has happened\./);
}

const LESSONS: Lesson[] = [
  {
    title: "Why redirect",
    missing: ["press Buy", "arrive at Amazon Payments", "confirm the payment", "come back to the shop"],
    steps: [
      ["Open an item in the shop", async ({ page, open }) => {
        await (await open()).getByRole("link", { name: nowAndForever.title }).click();
        await pressBuyNow(page, john);
        await page.getByRole("button", { name: "Download Now" }).click();
      }],
      ["Sign in at Amazon Payments as john@example.com and confirm", async ({ page, sites }) => {
        await expect(page).toHaveURL(new RegExp(`^${sites.payments}/cobranded-ui/`));
        await chooseInstrument(page, john, /Account balance/);
        await press(page, "Confirm");
        await expect(page).toHaveURL(new RegExp(`^${sites.shop}/orders/`));
      }],
    ],
    found: [/sent the browser to Amazon Payments, with a signed address/, /took the address/, /sent the browser back with a token/, /took the return/],
    look: [
      ["Where the shop sent the browser", /The shop sends the browser to the Co-Branded UI: SingleUse/],
      ["Where Amazon sent it back to", /sends the browser back: S[ABC], authorized/],
      ["The two redirects, drawn", /Shop to Buyer: Shop sends the browser to Amazon.*Amazon Payments to Buyer: Amazon sends the browser back, signed/],
    ],
  },
  {
    title: "Why sign the return",
    missing: ["come back from Amazon Payments", "Open a return whose address was changed"],
    steps: [
      ["Buy something, so that there is a return", buyIt],
      ["with one letter of the token changed", async ({ page, open }) => {
        await (await open()).getByRole("link", { name: "The latest return, changed" }).click();
        await expect(main(page)).toContainText("not signed by Amazon Payments, or was altered on the way. Nothing was changed.");
      }],
      ["find that nothing was bought", async ({ page, sites }) => {
        await openAs(page, sites, john, "/orders");
        await expect(main(page).getByRole("link", { name: nowAndForever.title })).toHaveCount(1);
      }],
    ],
    found: [/took a return that Amazon had signed/, /refused a return whose signature did not fit/],
    look: [
      ["Returns that the shop took, and those that it did not", /not signed by Amazon.*the signature is Amazon's/],
      ["A return address, checked step by step: paste the changed one", /where it stops matching/],
    ],
  },
  {
    title: "Pay or Reserve",
    missing: ["Buy a download", "made to order", "Fulfil the order as its seller"],
    steps: [
      ["Buy a download, which is paid at once", buyIt],
      ["Buy what its seller makes to order", buyIt],
      ["As its seller, merchant@example.com, press Fulfil", async ({ page, sites, open }) => {
        await signInToShop(page, sites, merchant);
        await (await open()).getByRole("link", { name: "The seller's desk" }).click();
        await page.getByRole("link", { name: madeToOrder.title }).first().click();
        await press(page, "Fulfil");
        await reloadUntilVisible(page, "Settled");
      }],
    ],
    found: [/Pay moved money at once/, /Reserve held money, and moved none/, /Settle charged what was held/],
    look: [
      ["What is held, and by whom", /Each hold has its Reserve.*Held.*John Doe/],
      ["A hold, and no posting", /\$12\.00 is held(?!.*posted)/],
      ["The hold charged", /\$12\.00 that was held is charged; posted/],
    ],
  },
  {
    title: "Who pays which fee",
    missing: ["pay from the account balance", "pay by card", "pays the marketplace a fee"],
    steps: [
      ["pay it from the account balance", buyIt],
      ["Buy it once more and pay by card", async ({ page, sites }) => {
        await page.goto(`${sites.shop}/items/${nowAndForever.slug}`);
        await payFor(page, /Visa/);
        await reloadUntilVisible(page, "Your payment of $0.99 is complete.");
      }],
    ],
    found: [/from a balance Amazon took \$0\.02/, /by card or bank, Amazon took \$0\.0[3-9]/, /The seller paid the marketplace \$0\.149/],
    look: [
      ["Amazon's fees, one by one", /Movements.*Charge.*Charge/],
      ["Each purchase with its postings", /Right Here Records gets.*Amazon keeps: Fees/],
    ],
  },
  {
    title: "What idempotency saves you from",
    missing: ["the same Pay more than once", "Let the payment begin"],
    steps: [
      ["Fire 64 identical Pay at once", async ({ page, open }) => {
        await (await open()).getByRole("link", { name: "Attack it" }).click();
        await press(page, "Fire");
        await expect(page.getByRole("status")).toContainText("As expected: 64 requests, one movement of money");
      }],
      ["Count the movements", async ({ page, open }) => {
        await open();
        await main(page).getByRole("link", { name: "The one that changed something" }).click();
        await expect(main(page).getByRole("row").filter({ hasText: "posted" })).toHaveCount(1);
      }],
    ],
    found: [/Amazon was asked 64 times with one CallerReference/, /One payment was made of it/],
    look: [
      ["All those requests", /Pay.*Success/],
      ["The one that changed something", /new Pay of \$1\.00 is Success/],
      ["The books", /Sum: \$0\.00/],
    ],
  },
  {
    title: "What to do when the answer is lost",
    missing: ["Let the answer of the next Pay be lost", "Let the shop ask again", "Wait until the order goes on", "Let the payment begin"],
    steps: [
      ["Let the answer be lost after the work was done", makeItFail],
      ["Let nobody tell the shop otherwise", makeItFail],
      ["Buy something, and see the order wait", async (walk) => {
        await buyIt(walk);
        await expect(main(walk.page)).toContainText("Amazon Payments is working on your payment");
      }],
      ["move the clock by an hour", async ({ page, open }) => {
        await (await open()).getByRole("link", { name: "Clock" }).click();
        await page.getByLabel(/how far forward/).fill("1h");
        await main(page).getByRole("button", { name: /Moves, stops or starts the clock/ }).click();
        await expect(page.getByRole("status")).toContainText("Done: Moves, stops or starts the clock");
      }],
    ],
    found: [/the answer was lost/, /asked again with the same CallerReference/, /The order went on all the same/, /One payment was made of it/],
    look: [
      ["What was made to go wrong", /As the lab wanted.*As the lab wanted/],
      ["Two Pay with one CallerReference", /Pay.*Success.*Pay.*Success/],
      ["The purchase, drawn", /did not arrive.*Order: Paid/],
    ],
  },
  {
    title: "The notification before the return",
    missing: ["let the notification arrive", "Let the answer of the next Pay be lost", "Wait until the order goes on"],
    steps: [
      ["Let the answer be lost, so that the notification is first", makeItFail],
      ["Buy something", async (walk) => {
        await buyIt(walk);
        await reloadUntilVisible(walk.page, "Your payment of $0.99 is complete.");
      }],
      ["Send the notification once more", async ({ page, open }) => {
        await (await open()).getByRole("link", { name: "Notifications" }).click();
        await main(page).getByRole("table").getByRole("link").first().click();
        await press(page, "Send the same bytes");
        await expect(page.getByRole("status")).toBeVisible();
      }],
    ],
    found: [/took a notification/, /before any answer/, /went on once, and only once/],
    look: [
      ["Notifications that the shop took", /PAY SUCCESS: taken.*PAY SUCCESS: taken/],
      ["What they made of orders", /authorized → paid/],
    ],
  },
  {
    title: "Refunds and policies",
    missing: ["ask for a refund on the order's page", "who gives back the marketplace's fee", "Wait until the money has gone back"],
    steps: [
      ["Buy something that can be refunded", buyIt],
      ["On the order's page ask for a refund", async ({ page, sites }) => {
        // For 30 days the demo seller gives money back at once; then the seller has to agree.
        await afterTheRefundDays(page, sites, john);
        await page.goto(`${sites.shop}/orders`);
        await main(page).getByRole("link", { name: nowAndForever.title }).first().click();
        await press(page, "Refund");
        await page.getByLabel("Why do you want it back?").selectOption("It does not work, or came damaged");
        await press(page, "Ask for a refund");
      }],
      ["If its seller has to agree", async ({ page, sites, open }) => {
        await signInToShop(page, sites, merchant);
        await (await open()).getByRole("link", { name: "The seller's desk" }).click();
        await page.getByRole("region", { name: /^Refunds asked for/ }).getByRole("link", { name: nowAndForever.title }).click();
        await press(page, "Refund");
        await reloadUntilVisible(page, "Refunded");
      }],
    ],
    found: [/asked Amazon for a refund/, /Its policy was MasterAndMarketplaceTxn/, /\$0\.99 went back, by a transaction of its own/],
    look: [
      ["The call, with its policy", /Refund.*Success/],
      ["The money on its way back", /new Refund of \$0\.99 is Success/],
      ["The purchase and its refund, drawn", /Order: Refunded/],
    ],
  },
];

const check = (page: Page) => press(page, "Check whether it happened");
const findings = (page: Page) => page.getByRole("status").getByRole("listitem");
const listBelow = (page: Page, heading: string) => main(page).locator("h2", { hasText: heading }).locator("+ :is(ol, ul) > li");

for (const { title, missing, steps, found, look } of LESSONS) {
  test(`lesson: ${title}`, async ({ page, sites }) => {
    await page.goto(`${sites.payments}/lab/lessons`);
    await main(page).getByRole("link", { name: title, exact: true }).click();
    await heading(page, title);
    const lesson = page.url();

    await check(page);
    await expect(page.getByRole("status")).toContainText("Not yet.");
    await expect(findings(page)).toContainText(missing.map((words) => new RegExp(`^Missing: .*${words}`)));

    const toDo = listBelow(page, "Do this");
    await expect(toDo).toContainText(steps.map(([words]) => words));
    for (const [at, [, done]] of steps.entries()) {
      const open = async () => {
        if (page.url().replace("#check", "") !== lesson) await page.goto(lesson);
        return toDo.nth(at);
      };
      await done({ page, sites, open });
    }

    await page.goto(lesson);
    await check(page);
    await expect(page.getByRole("status")).toContainText("Done. All of it happened.");
    await expect(findings(page)).toContainText(found);

    const places = listBelow(page, "Look here").getByRole("link");
    await expect(places).toHaveText(look.map(([label]) => label));
    const addresses = await Promise.all(look.map((_, at) => places.nth(at).getAttribute("href")));
    for (const [at, [, seen]] of look.entries()) {
      await page.goto(sites.payments + addresses[at]);
      if (addresses[at] === "/lab/follow") await main(page).getByRole("table").getByRole("link").first().click();
      await expect(main(page)).toContainText(seen);
    }
  });
}
