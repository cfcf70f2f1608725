import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["packages/*/src/**/*.test.{ts,tsx}", "tests/**/*.test.ts"],
    // A flaky test is a defect: nothing is retried.
    retry: 0,
    testTimeout: 60_000,
    hookTimeout: 60_000,
    // Many tests wait for commands of their own: one worker, which is the default on two cores, would leave a core idle.
    maxWorkers: "100%",
  },
});
