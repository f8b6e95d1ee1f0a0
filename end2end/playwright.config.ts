import { accessSync, constants } from "node:fs";
import { delimiter, join } from "node:path";
import { defineConfig, devices } from "@playwright/test";

// Debian's Chromium where it is installed, as .ci/test looks for it, the one without windows first;
// otherwise Playwright's own (npx playwright install chromium).
function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
const folders = (process.env.PATH ?? "").split(delimiter);
const onPath = (name: string) => folders.map((folder) => join(folder, name)).find(isExecutable);
const debianChromium = onPath("chromium-headless-shell") ?? onPath("chromium");
const launchOptions = debianChromium
  ? {
      executablePath: debianChromium,
      args: ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync"],
    }
  : {};

export default defineConfig({
  testDir: "./tests",
  outputDir: "./test-results",
  globalSetup: "./fixtures/seed.ts",
  fullyParallel: true,
  workers: 2,
  forbidOnly: Boolean(process.env.CI),
  timeout: 30_000,
  expect: { timeout: 10_000 },
  reporter: [["list"], ["html", { open: "never" }], ["./fixtures/every-page.ts"]],
  // Recording a trace of every test takes a fifth of the time: `npm test -- --trace on` where one fails.
  use: { ...devices["Desktop Chrome"], launchOptions, trace: "off" },
  projects: [
    { name: "javascript", use: { javaScriptEnabled: true } },
    // Every page works without JavaScript. axe-core is JavaScript, and where there is none pages measure the same: those tests run in the other project only.
    // So do two journeys that never leave the Co-Branded UI and the account site, whose pages have no script.
    { name: "no javascript", use: { javaScriptEnabled: false }, testIgnore: /accessibility|targets|pipelines|standing/ },
  ],
});
