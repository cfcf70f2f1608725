import type { BackboneModel } from "../artifacts/backbone.ts";
import type { Example } from "../artifacts/examples.ts";
import type { DatasetReader } from "../datasets/dataset-reader.ts";
import type { RowExtractor } from "../op.ts";
import { rowWidth, type ExampleBatch, type ExampleFailure, type ExtractedRows } from "../rows.ts";
import type { Session } from "../runtime/session.ts";
import { loadImageBatch, type ImageBatch } from "./image-batch.ts";
import { createImageReading } from "./image-reading.ts";
import { readParts } from "./read-parts.ts";

export interface RowExtractorOptions {
  readonly backbone: BackboneModel;
  readonly session: Session;
  readonly reader: DatasetReader;
  /** Images per forward pass, where the model leaves that free. */
  readonly batchSize: number;
  readonly signal: AbortSignal;
}

/**
 * Images in, rows out. Passes have two rows at least: onnxruntime may multiply a single row by another kernel, which would make
 * a row's last bits depend on how many others came with it. A model whose batch is fixed always runs at that size.
 *
 * Decoding of the next pass goes on while a pass runs; the same holds over calls of `extract` that overlap.
 */
export function createRowExtractor(options: RowExtractorOptions): RowExtractor {
  const { backbone, session, reader, signal } = options;
  const { preprocessing, layout } = backbone;
  const fixedBatch = session.inputs.find(({ name }) => name === preprocessing.input)?.dims[0] ?? null;
  const batchSize = fixedBatch ?? options.batchSize;
  const tensors = [...new Set(backbone.outputs.map(({ tensor }) => tensor))];
  const readImage = createImageReading(reader, preprocessing);
  let lastPass: Promise<unknown> = Promise.resolve();
  const buffers: Float32Array[] = [];
  const takeBuffer = (length: number): Float32Array => {
    const place = buffers.findIndex((buffer) => buffer.length === length);
    return place < 0 ? new Float32Array(length) : buffers.splice(place, 1)[0]!;
  };

  const loadNext = async (chunks: Example[][]): Promise<ImageBatch | null> => {
    const examples = chunks.shift();
    if (examples === undefined) return null;
    return loadImageBatch(examples, { readImage, preprocessing, minRows: fixedBatch ?? 2, signal, takeBuffer });
  };

  const forward = async ({ examples, pixels, rows, buffer }: ImageBatch): Promise<Float32Array> => {
    signal.throwIfAborted();
    if (rows === 0) return new Float32Array();
    const dims = [rows, 3, preprocessing.imageSize, preprocessing.imageSize];
    const results = await session.run({ [preprocessing.input]: { data: pixels, dims } }, tensors);
    buffers.push(buffer);
    return readParts(backbone, results, examples.length);
  };

  /** One pass at a time, in the order of the calls. */
  const forwardInTurn = (batch: ImageBatch): Promise<Float32Array> => {
    const pass = lastPass.then(() => forward(batch));
    lastPass = pass.catch(() => undefined);
    return pass;
  };

  return {
    layout,
    batchSize,
    madeBy: session.madeBy,
    async extract({ examples }: ExampleBatch): Promise<ExtractedRows> {
      const chunks = Array.from({ length: Math.ceil(examples.length / batchSize) }, (_, index) =>
        examples.slice(index * batchSize, (index + 1) * batchSize),
      );
      const passes: ExtractedRows[] = [];
      let next = loadNext(chunks);
      for (let batch = await next; batch !== null; batch = await next) {
        next = loadNext(chunks);
        // Where the pass below fails, nobody waits for this reading any more: its own failure must not go unheard.
        next.catch(() => undefined);
        passes.push(keepFiniteRows(batch, await forwardInTurn(batch), rowWidth(layout)));
      }
      return joinRows(passes);
    },
    async close() {
      await lastPass;
      await Promise.all([session.close(), reader.close()]);
    },
  };
}

/** A row that holds NaN or an infinity would spoil a whole fit: it becomes the example's failure. */
function keepFiniteRows({ examples, failures }: ImageBatch, rows: Float32Array, width: number): ExtractedRows {
  const kept: Example[] = [];
  const notFinite: ExampleFailure[] = [];
  for (const [index, example] of examples.entries()) {
    const row = rows.subarray(index * width, (index + 1) * width);
    if (row.every(Number.isFinite)) {
      rows.copyWithin(kept.length * width, index * width, (index + 1) * width);
      kept.push(example);
    } else {
      notFinite.push({
        exampleId: example.id,
        code: "features-not-finite",
        message: `The backbone gives a number that is not finite for example ${example.id}.`,
      });
    }
  }
  return {
    rows: rows.subarray(0, kept.length * width),
    digests: kept.map(({ digest }) => digest),
    failures: [...failures, ...notFinite],
  };
}

function joinRows(passes: readonly ExtractedRows[]): ExtractedRows {
  const rows = new Float32Array(passes.reduce((length, pass) => length + pass.rows.length, 0));
  let offset = 0;
  for (const pass of passes) {
    rows.set(pass.rows, offset);
    offset += pass.rows.length;
  }
  return {
    rows,
    digests: passes.flatMap((pass) => pass.digests),
    failures: passes.flatMap((pass) => pass.failures),
  };
}
