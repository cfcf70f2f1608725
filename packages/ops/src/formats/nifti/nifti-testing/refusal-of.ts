import { OpError } from "../../../op-error.ts";

/** The error that a reader refuses with; null where it reads. Any other exception is a bug and goes on. */
export async function refusalOf(reading: Promise<unknown>): Promise<OpError | null> {
  try {
    await reading;
    return null;
  } catch (error) {
    if (error instanceof OpError) return error;
    throw error;
  }
}
