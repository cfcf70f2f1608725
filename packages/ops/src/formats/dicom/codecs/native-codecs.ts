import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";

/** Of the global that neither Node's nor the language's type library declares, what is used here. */
declare const WebAssembly: {
  compile(bytes: Uint8Array): Promise<object>;
  readonly Instance: new (module: object, imports: object) => { readonly exports: unknown };
};

/**
 * What the module of dcmjs-codecs exports, as far as it is used here: libijg of 8, 12 and 16 bits, and OpenJPEG. A
 * context and its parameters are addresses; so are the buffers.
 */
interface CodecExports {
  readonly memory: { readonly buffer: ArrayBuffer };
  _initialize(): void;
  CreateCodecsContext(): number;
  ReleaseCodecsContext(context: number): void;
  CreateDecoderParameters(): number;
  ReleaseDecoderParameters(parameters: number): void;
  SetColumns(context: number, columns: number): void;
  SetRows(context: number, rows: number): void;
  SetBitsAllocated(context: number, bits: number): void;
  SetBitsStored(context: number, bits: number): void;
  SetSamplesPerPixel(context: number, samples: number): void;
  SetEncodedBufferSize(context: number, length: number): void;
  GetEncodedBuffer(context: number): number;
  GetDecodedBuffer(context: number): number;
  GetDecodedBufferSize(context: number): number;
  DecodeJpeg(context: number, parameters: number): void;
  DecodeJpeg2000(context: number, parameters: number): void;
}

interface NativeCodecs {
  readonly exported: CodecExports;
  /** Whether a remark of the decoder tells of damage: of the call at hand. */
  tellsDamage: (remark: string) => boolean;
}

export type NativeCodec = "DecodeJpeg" | "DecodeJpeg2000";

/** What the module relies on; wrong numbers make it write beyond its buffers. */
export interface StreamShape {
  readonly width: number;
  readonly height: number;
  readonly samples: number;
  /** 8 or 16, as the stream's samples need. */
  readonly bitsAllocated: 8 | 16;
  readonly bits: number;
}

let module: Promise<object> | null = null;
let instance: NativeCodecs | null = null;

/** A memory cannot shrink: one that had to hold more than this is let go. */
const keptBytes = 2 ** 26;

/**
 * Runs a decoder on this thread's instance of the module, which is compiled on first use: the samples, little-endian; null
 * where it gave up, or was broken off for a remark that tells of damage. Such an instance is never used again: it was left
 * in the middle of its work.
 *
 * The package's own JavaScript is not loaded: it would load all of dcmjs, and keeps one instance for good.
 */
export async function runCodec(
  codec: NativeCodec,
  stream: Uint8Array,
  shape: StreamShape,
  tellsDamage: (remark: string) => boolean,
): Promise<Uint8Array | null> {
  module ??= compile();
  const compiled = await module.catch((error: unknown) => {
    module = null;
    throw error;
  });
  // From here on nothing is waited for, so that no other call meets the instance at work.
  const codecs = instance ?? instantiate(compiled);
  instance = null;
  codecs.tellsDamage = tellsDamage;
  try {
    const bytes = decode(codecs.exported, codec, stream, shape);
    if (bytes.length + stream.length <= keptBytes) instance = codecs;
    return bytes;
  } catch {
    return null;
  }
}

function decode(exported: CodecExports, codec: NativeCodec, stream: Uint8Array, shape: StreamShape): Uint8Array {
  const context = exported.CreateCodecsContext();
  const parameters = exported.CreateDecoderParameters();
  exported.SetColumns(context, shape.width);
  exported.SetRows(context, shape.height);
  exported.SetBitsAllocated(context, shape.bitsAllocated);
  exported.SetBitsStored(context, shape.bits);
  exported.SetSamplesPerPixel(context, shape.samples);
  exported.SetEncodedBufferSize(context, stream.length);
  new Uint8Array(exported.memory.buffer).set(stream, exported.GetEncodedBuffer(context));
  exported[codec](context, parameters);
  // The memory may have grown meanwhile, which makes older views useless.
  const start = exported.GetDecodedBuffer(context);
  const bytes = new Uint8Array(exported.memory.buffer).slice(start, start + exported.GetDecodedBufferSize(context));
  exported.ReleaseDecoderParameters(parameters);
  exported.ReleaseCodecsContext(context);
  return bytes;
}

async function compile(): Promise<object> {
  const path = createRequire(import.meta.url).resolve("dcmjs-codecs/build/dcmjs-native-codecs.wasm");
  return WebAssembly.compile(await readFile(path));
}

function instantiate(compiled: object): NativeCodecs {
  const codecs = { tellsDamage: () => false } as unknown as {
    -readonly [Key in keyof NativeCodecs]: NativeCodecs[Key];
  };
  const { exports } = new WebAssembly.Instance(compiled, moduleImports(codecs));
  codecs.exported = exports as CodecExports;
  codecs.exported._initialize();
  return codecs;
}

/** The part of WASI that the module asks for: no files, no clock, no environment, and what it prints is dropped. */
function moduleImports(codecs: NativeCodecs): object {
  const view = (): DataView => new DataView(codecs.exported.memory.buffer);
  const giveUp = (): never => {
    throw new Error("The decoder gave up.");
  };
  const remark = (address: number, length: number): void => {
    const text = Buffer.from(codecs.exported.memory.buffer, address, length).toString("latin1");
    if (codecs.tellsDamage(text)) giveUp();
  };
  return {
    env: {
      onCodecsException: giveUp,
      onCodecsInfo: remark,
      onCodecsTrace: () => undefined,
      emscripten_notify_memory_growth: () => undefined,
    },
    wasi_snapshot_preview1: {
      proc_exit: giveUp,
      clock_time_get: (_clock: number, _precision: bigint, time: number) => {
        view().setBigUint64(time, 0n, true);
        return 0;
      },
      environ_sizes_get: (count: number, size: number) => {
        view().setUint32(count, 0, true);
        view().setUint32(size, 0, true);
        return 0;
      },
      environ_get: () => 0,
      fd_write: (_file: number, vectors: number, count: number, written: number) => {
        let length = 0;
        for (let vector = 0; vector < count; vector++) length += view().getUint32(vectors + 8 * vector + 4, true);
        view().setUint32(written, length, true);
        return 0;
      },
      fd_seek: () => 0,
      fd_close: () => 0,
    },
  };
}
