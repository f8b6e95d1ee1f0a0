// The pipelines of the Co-Branded UI from a caller's side: what people see and what they bring back.
import type { Page } from "@playwright/test";
import { choosePayment as choose, jane, john, merchant, signInAtCbui as signIn } from "../../fixtures/people";
import { expect, test } from "../../fixtures/test";

const confirm = (page: Page): Promise<void> => page.getByRole("button", { name: "Confirm" }).click();
const heading = (page: Page, name: string) => expect(page.getByRole("heading", { level: 1, name })).toBeVisible();

const payments: [string, RegExp, string][] = [
  ["account balance", /Account balance/, "SA"],
  ["bank account", /Bank account/, "SB"],
  ["card", /Visa/, "SC"],
];
for (const [name, instrument, status] of payments) {
  test(`SingleUse: one payment by ${name} brings ${status}`, async ({ page, caller }) => {
    await page.goto(caller.address("SingleUse", { callerReference: "one", transactionAmount: "12.50", paymentReason: "A <b>poster</b>" }));
    await signIn(page, john);
    await choose(page, instrument);
    await heading(page, "Confirm payment authorization");
    await expect(page.getByRole("main").getByText("$12.50").first()).toBeVisible();
    await confirm(page);
    const returned = await caller.returned(page);
    expect([returned.get("status"), returned.get("callerReference")]).toEqual([status, "one"]);
    expect(returned.get("tokenID")).toMatch(/^[0-9A-Z]{64}$/);
    expect(returned.has("expiry")).toBe(status === "SC");
  });
}

test("MultiUse: the limits are said in words and the token comes back; EditToken changes what pays", async ({ page, caller }) => {
  await page.goto(
    caller.address("MultiUse", {
      callerReference: "many",
      globalAmountLimit: "100.00",
      amountType: "Maximum",
      transactionAmount: "20.00",
      usageLimitType1: "Count",
      usageLimitValue1: "3",
      usageLimitPeriod1: "1 Month",
    }),
  );
  await signIn(page, john);
  await choose(page, /Account balance/);
  await expect(page.getByRole("main").getByText(/\$20\.00/).first()).toBeVisible();
  await expect(page.getByRole("main").getByText(/\$100\.00/).first()).toBeVisible();
  await expect(page.getByRole("main").getByText(/3 /).first()).toBeVisible();
  await confirm(page);
  const first = await caller.returned(page);
  expect(first.get("status")).toBe("SA");

  await page.goto(caller.address("EditToken", { callerReference: "edit", tokenId: first.get("tokenID")! }));
  await choose(page, /Visa/);
  await heading(page, "Confirm the payment method");
  await confirm(page);
  const edited = await caller.returned(page);
  expect(edited.get("status")).toBe("SC");
  expect(edited.get("tokenID")).toMatch(/^[0-9A-Z]{64}$/);
});

test("EditToken: somebody else's token cannot be changed", async ({ page, caller }) => {
  await page.goto(caller.address("MultiUse", { callerReference: "hers", globalAmountLimit: "10.00" }));
  await signIn(page, john);
  await choose(page, /Account balance/);
  await confirm(page);
  const token = (await caller.returned(page)).get("tokenID")!;
  await page.goto(caller.address("EditToken", { callerReference: "edit", tokenId: token }));
  await page.getByRole("button", { name: "Use another account" }).or(page.getByRole("link", { name: "Use another account" })).click();
  await signIn(page, jane);
  expect((await caller.returned(page)).get("status")).toBe("UT");
});

test("Recurring: one payment a month", async ({ page, caller }) => {
  await page.goto(caller.address("Recurring", { callerReference: "monthly", transactionAmount: "4.99", recurringPeriod: "1 Month" }));
  await signIn(page, john);
  await choose(page, /Visa/);
  await heading(page, "Confirm recurring payments");
  await expect(page.getByRole("main").getByText(/\$4\.99/).first()).toBeVisible();
  await confirm(page);
  expect((await caller.returned(page)).get("status")).toBe("SC");
});

test("Recipient: the terms of being paid", async ({ page, caller }) => {
  await page.goto(caller.address("Recipient", { callerReference: "seller", recipientPaysFee: "True", maxFixedFee: "0.50", maxVariableFee: "10" }));
  await signIn(page, merchant);
  await heading(page, "Confirm recipient registration");
  await confirm(page);
  const returned = await caller.returned(page);
  expect(returned.get("status")).toBe("SR");
  expect(returned.get("refundTokenID")).toMatch(/^[0-9A-Z]{64}$/);
});

test("SetupPrepaid: a balance to buy from later", async ({ page, caller }) => {
  await page.goto(caller.address("SetupPrepaid", { callerReferenceSender: "spend", callerReferenceFunding: "fund", fundingAmount: "25.00" }));
  await signIn(page, john);
  await choose(page, /Account balance/);
  await heading(page, "Confirm your prepaid balance");
  await confirm(page);
  const returned = await caller.returned(page);
  expect(returned.get("status")).toBe("SA");
  for (const name of ["prepaidInstrumentID", "prepaidSenderTokenID", "fundingTokenID"]) expect(returned.get(name), name).toMatch(/^[0-9A-Z]{20,64}$/);
});

test("SetupPostpaid: buying on credit", async ({ page, caller }) => {
  await page.goto(
    caller.address("SetupPostpaid", { callerReferenceSender: "buy", callerReferenceSettlement: "settle", creditLimit: "20.00", globalAmountLimit: "100.00" }),
  );
  await signIn(page, john);
  await choose(page, /Visa/);
  await heading(page, "Confirm buying on credit");
  await confirm(page);
  const returned = await caller.returned(page);
  expect(returned.get("status")).toBe("SC");
  for (const name of ["creditInstrumentID", "creditSenderTokenID", "settlementTokenID"]) expect(returned.get(name), name).toMatch(/^[0-9A-Z]{20,64}$/);
});

test("a card added on the way pays; a mistyped number is found", async ({ page, caller }) => {
  await page.goto(caller.address("SingleUse", { callerReference: "new card", transactionAmount: "3.00" }));
  await signIn(page, jane);
  await page.getByRole("link", { name: "Add a card" }).click();
  await page.getByLabel("Card number").fill("4111 1111 1111 1112");
  const year = new Date().getFullYear() + 3;
  await page.getByLabel("Good until").fill(`12/${year % 100}`);
  await page.getByRole("button", { name: "Add and use it" }).click();
  await expect(page.getByRole("alert")).toBeVisible();
  await page.getByLabel("Card number").fill("3782 822463 10005");
  await page.getByRole("button", { name: "Add and use it" }).click();
  await heading(page, "Confirm payment authorization");
  await expect(page.getByRole("main").getByText(/American Express ending in 0005/)).toBeVisible();
  await confirm(page);
  const returned = await caller.returned(page);
  expect([returned.get("status"), returned.get("expiry")]).toEqual(["SC", `12/${year}`]);
});

test("the caller that asks for a shipping address gets it", async ({ page, caller }) => {
  await page.goto(caller.address("SingleUse", { callerReference: "ship", transactionAmount: "9.00", collectShippingAddress: "True" }));
  await signIn(page, john);
  await choose(page, /Account balance/);
  await heading(page, "Shipping address");
  await page.getByLabel("Full name").fill("John Doe");
  await page.getByLabel("Address line 1").fill("1 Pine Street");
  await page.getByLabel("City").fill("Seattle");
  await page.getByLabel(/State/).fill("WA");
  await page.getByLabel(/ZIP/).fill("98101");
  await page.getByLabel("Country").fill("United States");
  await page.getByRole("button", { name: /Continue|Ship to this address/ }).click();
  await expect(page.getByRole("main").getByText("1 Pine Street").first()).toBeVisible();
  await confirm(page);
  const returned = await caller.returned(page);
  expect([returned.get("status"), returned.get("addressName"), returned.get("zip")]).toEqual(["SA", "John Doe", "98101"]);
});

test("leaving brings A, wrong parameters bring CE, paying oneself brings NP", async ({ page, caller }) => {
  await page.goto(caller.address("SingleUse", { callerReference: "left", transactionAmount: "1.00" }));
  await page.getByRole("button", { name: "Cancel" }).click();
  expect((await caller.returned(page)).get("status")).toBe("A");

  await page.goto(caller.address("SingleUse", { callerReference: "wrong", transactionAmount: "a lot" }));
  const wrong = await caller.returned(page);
  expect(wrong.get("status")).toBe("CE");
  expect(wrong.get("errorMessage")).toContain("transactionAmount");

  await page.goto(caller.address("Recipient", { callerReference: "me", recipientPaysFee: "True" }));
  await signIn(page, john);
  await confirm(page);
  const recipientToken = (await caller.returned(page)).get("tokenID")!;
  await page.goto(caller.address("SingleUse", { callerReference: "to me", transactionAmount: "1.00", recipientToken }));
  await signIn(page, john);
  expect((await caller.returned(page)).get("status")).toBe("NP");
});

test("a forged request goes nowhere", async ({ page, caller }) => {
  const forged = caller.address("SingleUse", { callerReference: "forged", transactionAmount: "1.00" }).replace("transactionAmount=1.00", "transactionAmount=0.01");
  const answer = await page.goto(forged);
  expect(answer!.status()).toBe(403);
  await expect(page.getByRole("heading", { level: 1 })).toBeVisible();
});
