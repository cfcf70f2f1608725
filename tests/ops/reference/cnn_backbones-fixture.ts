import { readFileSync } from "node:fs";
import { inflateSync } from "node:zlib";
import type { AskedWeight } from "../../../packages/ops/src/backbones/networks/asked-weights.ts";
import type { NetworkWeights } from "../../../packages/ops/src/backbones/weights/network-weights.ts";
import type { GraphScope } from "../../../packages/ops/src/onnx/graph-builder.ts";
import { hashedValues } from "./hashed-weights.ts";

/** What `cnn_backbones.py` wrote. */
export interface CnnReference {
  readonly networks: readonly SmallNetwork[];
  /** torch's adaptive average pool to 7 x 7 of a map of hashed values (`map`). */
  readonly pools: readonly { readonly height: number; readonly width: number; readonly values: readonly number[] }[];
  readonly published: readonly PublishedNetwork[];
  readonly files: readonly PublishedFile[];
}

/** A network of a published topology and small widths, and its publisher's features of two hashed images (`images`). */
export interface SmallNetwork {
  readonly name: string;
  readonly family: Family;
  /** The builder's sizes. */
  readonly sizes: unknown;
  /** What the variance of a convolution's weights is, over 1 / inputs. */
  readonly gain: number;
  /** The tensors of another publisher whose network it is; null: torchvision's. */
  readonly stored: StoredTensors | null;
  readonly cases: readonly {
    /** Height and width. */
    readonly image: readonly [number, number];
    readonly outputs: Readonly<Record<string, OutputSummary>>;
  }[];
}

export type Family = "resnet" | "vgg" | "densenet";

export interface OutputSummary {
  readonly shape: readonly number[];
  /** Of the magnitudes of all values. */
  readonly largest: number;
  readonly mean: number;
  /** Those at the places `keptPlace` of 0, 1, 2 ... */
  readonly values: readonly number[];
}

/** A published network without its final classifier. */
export interface PublishedNetwork {
  readonly name: string;
  readonly tensors: number;
  readonly parameters: number;
  /** Of the lines `name shape`, sorted. */
  readonly sha256: string;
}

/** The tensors that a publisher's file has. */
export interface StoredTensors {
  readonly naming: string;
  readonly shapes: ReadonlyMap<string, readonly number[]>;
}

export interface PublishedFile extends StoredTensors {
  /** torchvision's name of the same network. */
  readonly network: string;
}

export function readCnnReference(): CnnReference {
  const file = new URL("cnn_backbones.json", import.meta.url);
  const { networks, files, ...rest } = JSON.parse(readFileSync(file, "utf8")) as WrittenReference;
  return {
    ...rest,
    networks: networks.map((network) => ({ ...network, stored: network.stored && unpack(network.stored) })),
    files: files.map((file) => ({ ...unpack(file), network: file.network })),
  };
}

type WrittenReference = Omit<CnnReference, "networks" | "files"> & {
  readonly networks: readonly (Omit<SmallNetwork, "stored"> & { readonly stored: PackedTensors | null })[];
  readonly files: readonly (PackedTensors & { readonly network: string })[];
};

interface PackedTensors {
  readonly naming: string;
  readonly tensors: string;
}

function unpack({ naming, tensors }: PackedTensors): StoredTensors {
  const lines = inflateSync(Buffer.from(tensors, "base64")).toString("utf8").split("\n");
  const shapes = lines.map((line): [string, number[]] => {
    const [name = "", shape = ""] = line.split(" ");
    return [name, shape === "" ? [] : shape.split("x").map(Number)];
  });
  return { naming, shapes: new Map(shapes) };
}

/** The line of a tensor, as the digests are over. */
export function tensorLine(name: string, shape: readonly number[]): string {
  return `${name} ${shape.join("x")}`;
}

/** Where among `count` values the kept one of this number stands. */
export function keptPlace(number: number, count: number): number {
  return (number * 7919) % count;
}

/** [2, 3, height, width], row-major. */
export function hashedImages([height, width]: readonly [number, number]): Float32Array {
  return Float32Array.from(hashedValues("images", 2 * 3 * height * width), (value) => 2 * value);
}

/**
 * The weights of the small networks, whatever their name: hashed under the name and shape that they are asked for, or under those that
 * `storedAs` says.
 */
export function hashedNetworkWeights(
  graph: GraphScope,
  gain: number,
  storedAs: (asked: AskedWeight) => AskedWeight = (asked) => asked,
): NetworkWeights {
  return {
    get(name, shape) {
      const stored = storedAs({ name, shape });
      return graph.weight(name, hashedNetworkWeight(stored.name, stored.shape, gain), shape);
    },
    has: () => true,
    shapeOf: () => null,
  };
}

/** Unlike `hashedWeight`, which knows a normalisation by its name: torchvision's VGG numbers them, and moments are no weights. */
function hashedNetworkWeight(name: string, shape: readonly number[], gain: number): Float32Array {
  const count = shape.reduce((product, size) => product * size, 1);
  const values = hashedValues(name, count);
  const isList = shape.length === 1;
  if (name.endsWith("running_var") || (name.endsWith("weight") && isList)) {
    return Float32Array.from(values, (value) => 1 + 0.3 * value);
  }
  if (isList) return Float32Array.from(values, (value) => 0.3 * value);
  const scale = Math.sqrt((3 * gain) / (count / (shape[0] ?? 1)));
  return Float32Array.from(values, (value) => value * scale);
}
