import { accessSync, constants } from "node:fs";
import { delimiter, join } from "node:path";
import { defineConfig, devices } from "@playwright/test";

// Debian's Chromium where it is installed, as .ci/test looks for it; otherwise Playwright's own
// (npx playwright install chromium).
function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
const onPath = (process.env.PATH ?? "").split(delimiter).map((folder) => join(folder, "chromium"));
const debianChromium = onPath.find(isExecutable);
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
  reporter: [["list"], ["html", { open: "never" }]],
  use: { ...devices["Desktop Chrome"], launchOptions, trace: "retain-on-failure" },
  projects: [
    { name: "javascript", use: { javaScriptEnabled: true } },
    // Every page works without JavaScript. axe-core is JavaScript, so its tests run in the other project only.
    { name: "no javascript", use: { javaScriptEnabled: false }, testIgnore: /accessibility/ },
  ],
});
