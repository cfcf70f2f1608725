import type { DashboardOptions } from "./dashboard/dashboard-options.ts";
import type { Reporter } from "./run-event.ts";

/**
 * The live screen, loaded with React only where it is wanted. React's development build would be three times as slow, and
 * keep a measurement of everything that it ever drew.
 */
export async function loadDashboard(): Promise<(options: DashboardOptions) => Reporter> {
  const { NODE_ENV: before } = process.env;
  process.env["NODE_ENV"] = "production";
  try {
    const { openDashboard } = await import("./ink/open-dashboard.ts");
    return openDashboard;
  } finally {
    if (before === undefined) delete process.env["NODE_ENV"];
    else process.env["NODE_ENV"] = before;
  }
}
