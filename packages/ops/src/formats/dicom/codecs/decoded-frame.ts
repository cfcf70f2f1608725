/** One frame as a codec gives it. */
export interface DecodedFrame {
  /** Interleaved samples. */
  readonly values: StoredIntegers;
  /** Of a sample in the compressed stream. */
  readonly bits: number;
  /** The stream's samples are signed; null where it does not say. */
  readonly isSigned: boolean | null;
  /** Of three samples: what the stream says that they are; null where it leaves that to the header. */
  readonly colour: "rgb" | "ybr" | null;
}

export type StoredIntegers = Uint8Array | Int8Array | Uint16Array | Int16Array | Uint32Array | Int32Array;

/** What the header says of a frame; a stream that says otherwise is refused. */
export interface FrameShape {
  /** How messages call the file. */
  readonly name: string;
  readonly width: number;
  readonly height: number;
  readonly samples: 1 | 3;
}
