import { collectEvidence } from "./find-lack.ts";
import type { Accelerator } from "./device.ts";
import type { ProbeMessage } from "./probe-messages.ts";
import { buildProducts, isPrecise, timeProducts } from "./probe-products.ts";
import { openSession } from "./session.ts";

/** The entry of a process that tries a device out: see `probe-device.ts`, which starts it. */
const device = process.argv[2] as Accelerator;
const isTimed = process.argv[3] === "timed";

/** Large enough for the tensor cores that would round. */
const precisionSize = 128;

/**
 * 2 GFLOP in one run: a fast CPU needs some milliseconds for them, beside which the way to the GPU and back does not count,
 * and a weak one a tenth of a second.
 */
const timedSize = 512;
const timedProducts = 8;

process.on("disconnect", () => process.exit());
await probe();
process.disconnect();
// Drivers have threads of their own, some of which do not end by themselves.
process.exit();

async function probe(): Promise<void> {
  const evidence = collectEvidence(device);
  // The libraries that are missing explain a failure, and are no ground for one: which of them it needs, the provider knows.
  if (!evidence.hasProvider) return say({ say: "lacks", evidence });
  try {
    const session = await openSession({ model: { data: await buildProducts(precisionSize, 1), name: null }, device });
    const precise = await isPrecise(session, precisionSize);
    await session.close();
    if (!precise) throw new Error("it rounds float32 to fewer bits than it has");
    await say({ say: "works" });
    if (isTimed) await say({ say: "timed", ...(await timeDevice()) });
  } catch (error) {
    const said = error instanceof Error ? `${error.message}\n${causeOf(error)}` : String(error);
    await say({ say: "lacks", evidence: { ...evidence, said } });
  }
}

async function timeDevice(): Promise<{ readonly seconds: number; readonly cpuSeconds: number }> {
  const data = await buildProducts(timedSize, timedProducts);
  const timeOn = async (on: Accelerator | "cpu"): Promise<number> => {
    const session = await openSession({ model: { data, name: null }, device: on });
    const seconds = await timeProducts(session, timedSize);
    await session.close();
    return seconds;
  };
  return { cpuSeconds: await timeOn("cpu"), seconds: await timeOn(device) };
}

function causeOf(error: Error): string {
  return error.cause instanceof Error ? error.cause.message : "";
}

/** Heard before anything else happens: what comes next may be a crash. */
function say(message: ProbeMessage): Promise<void> {
  return new Promise((resolve) => {
    process.send?.(message, () => {
      resolve();
    });
  });
}
