import { pixelModule } from "./pixel-module.ts";

/** Of the global that neither Node's nor the language's type library declares, what is used here. */
declare const WebAssembly: {
  readonly Module: new (bytes: Uint8Array) => object;
  readonly Instance: new (module: object, imports: object) => { readonly exports: unknown };
};

/** What `packages/ops/wasm/pixels.ts` exports; its comments say what each does. Addresses are bytes in `memory`. */
interface PixelExports {
  readonly memory: { readonly buffer: ArrayBuffer; grow(pages: number): number };
  splitChannels(source: number, pixels: number, target: number, planeRoom: number): number;
  transpose(
    source: number,
    sourceStride: number,
    target: number,
    targetStride: number,
    width: number,
    height: number,
    scratch: number,
  ): void;
  blendRows(
    source: number,
    sourceStride: number,
    starts: number,
    counts: number,
    weights: number,
    taps: number,
    target: number,
    targetStride: number,
    rows: number,
    length: number,
  ): void;
  normalise(source: number, pixels: number, target: number, mean: number, deviation: number): void;
}

/** The kernels over one memory that is laid out anew for every use: nothing in it outlives the call that wrote it. */
export interface PixelKernels extends PixelExports {
  /** Sets regions of these sizes out one after the other, and grows the memory where they need it; gives where each starts. */
  layOut<Name extends string>(sizes: Readonly<Record<Name, number>>): Readonly<Record<Name, number>>;
  /** The memory as it is now: growing it makes older views useless. */
  bytes(): Uint8Array;
}

/** The kernels work in steps of this many bytes, and write whole steps. */
export const step = 16;

export function roundUp(length: number): number {
  return Math.ceil(length / step) * step;
}

let instance: PixelKernels | null = null;

/** A memory that one huge image has grown beyond this is let go, since it cannot shrink. */
const keptBytes = 2 ** 27;

/** This thread's instance. What the one of an earlier call held may be gone. */
export function pixelKernels(): PixelKernels {
  if (instance === null || instance.memory.buffer.byteLength > keptBytes) instance = instantiate();
  return instance;
}

const pageSize = 65536;

function instantiate(): PixelKernels {
  const module = new WebAssembly.Module(Buffer.from(pixelModule, "base64"));
  const exported = new WebAssembly.Instance(module, {}).exports as PixelExports;
  const { memory } = exported;
  return {
    ...exported,
    layOut: <Name extends string>(sizes: Readonly<Record<Name, number>>) => {
      let end = step;
      const starts = {} as Record<Name, number>;
      for (const name of Object.keys(sizes) as Name[]) {
        starts[name] = end;
        // A step of room behind each region, for what is read or written beyond its last full one.
        end += roundUp(sizes[name]) + step;
      }
      const missing = end - memory.buffer.byteLength;
      if (missing > 0) memory.grow(Math.ceil(missing / pageSize));
      return starts;
    },
    bytes: () => new Uint8Array(memory.buffer),
  };
}
