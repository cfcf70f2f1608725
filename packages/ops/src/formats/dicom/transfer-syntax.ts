/** How elements are written (DICOM PS3.5 section 7.1). */
export interface Encoding {
  /** Each element says its value representation. */
  readonly isExplicit: boolean;
  readonly isLittleEndian: boolean;
}

/** How a frame's pixels are written. `native`: as they are, `fragments`: as they are, but in fragments. */
export type FrameCodec = "native" | "fragments" | "rle" | "jpeg" | "jpeg-lossless" | "jpeg-ls" | "jpeg-2000";

/** DICOM PS3.5 section 10 and PS3.6 table A-1. */
export interface TransferSyntax {
  readonly name: string;
  readonly encoding: Encoding;
  /** Everything behind the file meta information is compressed. */
  readonly isDeflated: boolean;
  /** Null where it is not readable. */
  readonly codec: FrameCodec | null;
}

export const explicitLittleEndian: Encoding = { isExplicit: true, isLittleEndian: true };
export const implicitLittleEndian: Encoding = { isExplicit: false, isLittleEndian: true };
export const explicitBigEndian: Encoding = { isExplicit: true, isLittleEndian: false };

/** Of a file without file meta information. */
export function nativeSyntax(encoding: Encoding): TransferSyntax {
  return { name: "none stated", encoding, isDeflated: false, codec: "native" };
}

/** Null where the standard has none of this identifier. */
export function findTransferSyntax(uid: string): TransferSyntax | null {
  const known = uncompressed.get(uid);
  if (known !== undefined) return known;
  const [name, codec] = encapsulated.get(uid) ?? [];
  if (name === undefined) return null;
  return { name, encoding: explicitLittleEndian, isDeflated: false, codec: codec ?? null };
}

const uncompressed: ReadonlyMap<string, TransferSyntax> = new Map([
  ["1.2.840.10008.1.2", plain("Implicit VR Little Endian", implicitLittleEndian)],
  ["1.2.840.10008.1.2.1", plain("Explicit VR Little Endian", explicitLittleEndian)],
  [
    "1.2.840.10008.1.2.1.99",
    { ...plain("Deflated Explicit VR Little Endian", explicitLittleEndian), isDeflated: true },
  ],
  ["1.2.840.10008.1.2.2", plain("Explicit VR Big Endian", explicitBigEndian)],
  // Their pixels are in an order of their own.
  ["1.2.840.113619.5.2", plain("GE Private Implicit VR Big Endian", implicitLittleEndian, null)],
  ["1.2.840.10008.1.20", plain("Papyrus 3 Implicit VR Little Endian", implicitLittleEndian, null)],
]);

function plain(name: string, encoding: Encoding, codec: FrameCodec | null = "native"): TransferSyntax {
  return { name, encoding, isDeflated: false, codec };
}

const jpeg = "1.2.840.10008.1.2.4";

/** All in Explicit VR Little Endian. */
const encapsulated: ReadonlyMap<string, readonly [name: string, codec?: FrameCodec]> = new Map<
  string,
  readonly [name: string, codec?: FrameCodec]
>([
  ["1.2.840.10008.1.2.1.98", ["Encapsulated Uncompressed Explicit VR Little Endian", "fragments"]],
  ["1.2.840.10008.1.2.5", ["RLE Lossless", "rle"]],

  [`${jpeg}.50`, ["JPEG Baseline (Process 1)", "jpeg"]],
  [`${jpeg}.51`, ["JPEG Extended (Process 2 and 4)", "jpeg"]],
  [`${jpeg}.53`, ["JPEG Spectral Selection, Non-Hierarchical (Process 6 and 8)", "jpeg"]],
  [`${jpeg}.55`, ["JPEG Full Progression, Non-Hierarchical (Process 10 and 12)", "jpeg"]],
  [`${jpeg}.57`, ["JPEG Lossless, Non-Hierarchical (Process 14)", "jpeg-lossless"]],
  [`${jpeg}.70`, ["JPEG Lossless, First-Order Prediction (Process 14, Selection Value 1)", "jpeg-lossless"]],
  [`${jpeg}.80`, ["JPEG-LS Lossless", "jpeg-ls"]],
  [`${jpeg}.81`, ["JPEG-LS Near-Lossless", "jpeg-ls"]],
  [`${jpeg}.90`, ["JPEG 2000 (Lossless Only)", "jpeg-2000"]],
  [`${jpeg}.91`, ["JPEG 2000", "jpeg-2000"]],
  [`${jpeg}.201`, ["High-Throughput JPEG 2000 (Lossless Only)", "jpeg-2000"]],
  [`${jpeg}.202`, ["High-Throughput JPEG 2000 with RPCL Options (Lossless Only)", "jpeg-2000"]],
  [`${jpeg}.203`, ["High-Throughput JPEG 2000", "jpeg-2000"]],

  [`${jpeg}.52`, ["JPEG Extended (Process 3 and 5)"]],
  [`${jpeg}.54`, ["JPEG Spectral Selection, Non-Hierarchical (Process 7 and 9)"]],
  [`${jpeg}.56`, ["JPEG Full Progression, Non-Hierarchical (Process 11 and 13)"]],
  [`${jpeg}.58`, ["JPEG Lossless, Non-Hierarchical (Process 15)"]],
  [`${jpeg}.59`, ["JPEG Extended, Hierarchical (Process 16 and 18)"]],
  [`${jpeg}.60`, ["JPEG Extended, Hierarchical (Process 17 and 19)"]],
  [`${jpeg}.61`, ["JPEG Spectral Selection, Hierarchical (Process 20 and 22)"]],
  [`${jpeg}.62`, ["JPEG Spectral Selection, Hierarchical (Process 21 and 23)"]],
  [`${jpeg}.63`, ["JPEG Full Progression, Hierarchical (Process 24 and 26)"]],
  [`${jpeg}.64`, ["JPEG Full Progression, Hierarchical (Process 25 and 27)"]],
  [`${jpeg}.65`, ["JPEG Lossless, Hierarchical (Process 28)"]],
  [`${jpeg}.66`, ["JPEG Lossless, Hierarchical (Process 29)"]],
  [`${jpeg}.92`, ["JPEG 2000 Part 2 Multi-component (Lossless Only)"]],
  [`${jpeg}.93`, ["JPEG 2000 Part 2 Multi-component"]],
  [`${jpeg}.94`, ["JPIP Referenced"]],
  [`${jpeg}.95`, ["JPIP Referenced Deflate"]],
  [`${jpeg}.100`, ["MPEG2 Main Profile / Main Level"]],
  [`${jpeg}.100.1`, ["Fragmentable MPEG2 Main Profile / Main Level"]],
  [`${jpeg}.101`, ["MPEG2 Main Profile / High Level"]],
  [`${jpeg}.101.1`, ["Fragmentable MPEG2 Main Profile / High Level"]],
  [`${jpeg}.102`, ["MPEG-4 AVC/H.264 High Profile / Level 4.1"]],
  [`${jpeg}.102.1`, ["Fragmentable MPEG-4 AVC/H.264 High Profile / Level 4.1"]],
  [`${jpeg}.103`, ["MPEG-4 AVC/H.264 BD-compatible High Profile / Level 4.1"]],
  [`${jpeg}.103.1`, ["Fragmentable MPEG-4 AVC/H.264 BD-compatible High Profile / Level 4.1"]],
  [`${jpeg}.104`, ["MPEG-4 AVC/H.264 High Profile / Level 4.2 for 2D Video"]],
  [`${jpeg}.104.1`, ["Fragmentable MPEG-4 AVC/H.264 High Profile / Level 4.2 for 2D Video"]],
  [`${jpeg}.105`, ["MPEG-4 AVC/H.264 High Profile / Level 4.2 for 3D Video"]],
  [`${jpeg}.105.1`, ["Fragmentable MPEG-4 AVC/H.264 High Profile / Level 4.2 for 3D Video"]],
  [`${jpeg}.106`, ["MPEG-4 AVC/H.264 Stereo High Profile / Level 4.2"]],
  [`${jpeg}.106.1`, ["Fragmentable MPEG-4 AVC/H.264 Stereo High Profile / Level 4.2"]],
  [`${jpeg}.107`, ["HEVC/H.265 Main Profile / Level 5.1"]],
  [`${jpeg}.108`, ["HEVC/H.265 Main 10 Profile / Level 5.1"]],
  [`${jpeg}.110`, ["JPEG XL Lossless"]],
  [`${jpeg}.111`, ["JPEG XL JPEG Recompression"]],
  [`${jpeg}.112`, ["JPEG XL"]],
  [`${jpeg}.204`, ["JPIP HTJ2K Referenced"]],
  [`${jpeg}.205`, ["JPIP HTJ2K Referenced Deflate"]],
  ["1.2.840.10008.1.2.6.1", ["RFC 2557 MIME Encapsulation"]],
  ["1.2.840.10008.1.2.6.2", ["XML Encoding"]],
  ["1.2.840.10008.1.2.7.1", ["SMPTE ST 2110-20 Uncompressed Progressive Active Video"]],
  ["1.2.840.10008.1.2.7.2", ["SMPTE ST 2110-20 Uncompressed Interlaced Active Video"]],
  ["1.2.840.10008.1.2.7.3", ["SMPTE ST 2110-30 PCM Digital Audio"]],
  ["1.2.840.10008.1.2.8.1", ["Deflated Image Frame Compression"]],
]);
