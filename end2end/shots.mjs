import { chromium } from "@playwright/test";
const b = await chromium.launch({ executablePath: process.env.CHROME, args: ["--no-sandbox", "--disable-gpu"] });
const base = "http://localhost:3710";
const first = process.argv[2] === "first";
async function signin(ctx, who) {
  const r = await ctx.request.post(base + "/sign-in", { form: { email: who, password: "digitaldownload" }, headers: { origin: base }, maxRedirects: 0 });
  if (r.status() !== 303) throw new Error("sign in " + r.status());
}
const ctx = await b.newContext({ viewport: { width: 1280, height: 900 } });
await signin(ctx, "operator@example.com");
const page = await ctx.newPage();
const post = async (path, form) => { const r = await ctx.request.post(base + path, { form, headers: { origin: base }, maxRedirects: 0 }); console.log(path, r.status(), r.headers().location); };
if (first) {
  const jc = await b.newContext(); await signin(jc, "john@example.com");
  for (const s of ["now-and-forever", "glasshouse"]) await jc.request.post(base + "/checkout/" + s, { form: { "payment_method": "amazon-payments" }, headers: { origin: base }, maxRedirects: 0 });
  await post("/operator/items/glasshouse/hold", { reason: "A reader says that the cover is theirs. Held until we hear from the seller." });
  await post("/operator/fees", { reach: "category", category: "books", fixed: "0.05", variable: "8", least: "0.20", most: "5" });
  await post("/operator/fees", { reach: "all", fixed: "0.10", variable: "12", from: "2027-02-01" });
}
await page.goto(base + "/operator/users?show=sellers");
const person = await page.locator("main tbody a").first().getAttribute("href");
const pages = { overview: "/operator", audit: "/operator/audit", users: "/operator/users", person, items: "/operator/items", item: "/operator/items/glasshouse", orders: "/operator/orders", fees: "/operator/fees", disputes: "/operator/disputes", health: "/operator/health" };
const only = process.argv[3]?.split(",");
for (const [name, path] of Object.entries(pages)) {
  if (only && !only.includes(name)) continue;
  for (const [suffix, width, scheme] of [["w", 1280, "light"], ["n", 320, "light"], ["d", 1280, "dark"]]) {
    await page.setViewportSize({ width, height: 900 });
    await page.emulateMedia({ colorScheme: scheme });
    await page.goto(base + path);
    const over = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
    if (over > 0) console.log("OVERFLOW", name, width, over);
    await page.screenshot({ path: `/tmp/op_shots/${name}-${suffix}.png`, fullPage: width !== 320 });
  }
}
await b.close();
