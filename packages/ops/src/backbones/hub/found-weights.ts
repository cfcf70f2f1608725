/** Where the weights of a source are on this machine. */
export type FoundWeights = HereWeights | AbsentWeights;

export interface HereWeights {
  readonly status: "here";
  /** The main file, absolute: safetensors, PyTorch's, ONNX, or the index of shards. */
  readonly path: string;
  /** Every file that holds values or says where they are, the main one first. */
  readonly files: readonly FoundFile[];
}

export interface FoundFile {
  /** As the repository has it, or the file's own name. */
  readonly name: string;
  /** Absolute. */
  readonly path: string;
  /** 64 hex digits where they are known without reading the file. */
  readonly sha256: string | null;
  readonly bytes: number;
}

export interface AbsentWeights {
  readonly status: "absent";
  /** A sentence: what was looked for, and where. */
  readonly reason: string;
}

/** What the publisher says of the weights of a source, before anything is downloaded. */
export interface RemoteWeights {
  /** The commit that the revision stands for now; null for an address. */
  readonly commit: string | null;
  /** The main file first. */
  readonly files: readonly RemoteFile[];
}

export interface RemoteFile {
  readonly name: string;
  /** Hex digits of the SHA-256: all 64, or, for an address, as many as the program says; null where the hub gives git's SHA-1 alone. */
  readonly sha256: string | null;
  /** Null where the server does not say. */
  readonly bytes: number | null;
}
