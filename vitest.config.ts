import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["packages/*/src/**/*.test.{ts,tsx}", "tests/**/*.test.ts"],
    // A flaky test is a defect: nothing is retried.
    retry: 0,
    testTimeout: 60_000,
  },
});
