import { existsSync } from "node:fs";
import { defineConfig, devices } from "@playwright/test";

// Debian's Chromium where it is installed; otherwise Playwright's own (npx playwright install chromium).
const debianChromium = "/usr/bin/chromium";
const launchOptions = existsSync(debianChromium)
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
