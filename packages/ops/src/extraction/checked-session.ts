import { OpError } from "../op-error.ts";
import type { Device } from "../runtime/device.ts";
import type { FloatTensor, Session, TensorValues } from "../runtime/session.ts";

/** Of an output's largest value. Other orders of summing float32 come to 1e-5; a kernel that is wrong, to 0.1 and more. */
const mostDifference = 1e-3;

/** Two at least: see `row-extractor.ts`. */
const checkedRows = 2;

/**
 * A session on a device, whose first run is held against the CPU's. A device that works is not one that computes every graph
 * rightly: onnxruntime 1.30 gives numbers that have nothing to do with some convolutions on WebGPU (its issues 26734 and 29651;
 * nine channels and a kernel of 3 x 1 are enough) and says nothing. Rows are kept for good, so that the two passes and the second
 * copy of the weights, for as long as they take, are worth it.
 *
 * @param open a session of the same graph on a device
 */
export async function openCheckedSession(device: Device, open: (on: Device) => Promise<Session>): Promise<Session> {
  const session = await open(device);
  if (device === "cpu") return session;
  let isChecked = false;
  return {
    ...session,
    run: async (inputs, outputs) => {
      const found = await session.run(inputs, outputs);
      if (!isChecked) {
        await compare({ device, session, open }, { inputs, outputs, found });
        isChecked = true;
      }
      return found;
    },
  };
}

interface Compared {
  readonly device: Device;
  readonly session: Session;
  readonly open: (on: Device) => Promise<Session>;
}

interface FirstRun {
  readonly inputs: TensorValues;
  readonly outputs: readonly string[];
  readonly found: ReadonlyMap<string, FloatTensor>;
}

/** @throws OpError `device-disagrees` */
async function compare({ device, session, open }: Compared, { inputs, outputs, found }: FirstRun): Promise<void> {
  const reference = await open("cpu");
  try {
    const expected = await reference.run(firstRows(inputs, session), outputs);
    for (const [name, tensor] of expected) {
      const difference = differenceOf(tensor.data, found.get(name)?.data ?? new Float32Array());
      if (difference <= mostDifference) continue;
      const amount = Number.isFinite(difference)
        ? `by ${difference.toPrecision(2)} of its largest value`
        : "altogether";
      throw new OpError(
        "device-disagrees",
        `On ${device} this backbone gives other numbers than on the CPU: ${name} differs ${amount}.`,
        "onnxruntime computes a part of it wrongly there. Use `--device cpu`, or another device.",
      );
    }
  } finally {
    await reference.close();
  }
}

/** The first rows of every input whose batch is free. */
function firstRows(inputs: TensorValues, session: Session): TensorValues {
  const shortened = Object.entries(inputs).map(([name, value]) => {
    const [batch = 0, ...rest] = value.dims;
    const isFree = session.inputs.find((slot) => slot.name === name)?.dims[0] === null;
    if (!isFree || batch <= checkedRows) return [name, value] as const;
    const length = (value.data.length / batch) * checkedRows;
    return [name, { data: value.data.slice(0, length), dims: [checkedRows, ...rest] }] as const;
  });
  return Object.fromEntries(shortened);
}

/** Rows come first: those that were expected are the beginning of what was found. */
function differenceOf(expected: Float32Array, found: Float32Array): number {
  let [largest, worst] = [0, 0];
  for (const [at, value] of expected.entries()) {
    // What is not finite on the CPU is the image's failure, and is told as such.
    if (!Number.isFinite(value)) continue;
    const difference = Math.abs(value - (found[at] ?? Number.NaN));
    largest = Math.max(largest, Math.abs(value));
    worst = Math.max(worst, Number.isNaN(difference) ? Number.POSITIVE_INFINITY : difference);
  }
  return worst === 0 ? 0 : worst / Math.max(largest, Number.MIN_VALUE);
}
