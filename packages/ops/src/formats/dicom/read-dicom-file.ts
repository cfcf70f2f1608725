import { promisify } from "node:util";
import { inflateRaw } from "node:zlib";
import { damagedDicom, unsupportedDicom } from "./dicom-errors.ts";
import { dicomBytes, readElementHeader, type DicomBytes } from "./element-header.ts";
import { findStart } from "./find-start.ts";
import { textOf } from "./element-values.ts";
import { readDataSet, type DataElement, type DataSet } from "./read-data-set.ts";
import { tags, type Tag } from "./tags.ts";
import { explicitLittleEndian, findTransferSyntax, nativeSyntax, type TransferSyntax } from "./transfer-syntax.ts";

export interface DicomHeader {
  readonly dataSet: DataSet;
  readonly syntax: TransferSyntax;
}

/**
 * A file of DICOM PS3.10, or a bare data set.
 * @throws OpError `image-damaged`, or `image-unsupported` (no DICOM, or in an unknown transfer syntax)
 */
export async function readDicomFile(bytes: Uint8Array, name: string): Promise<DicomHeader> {
  const file = dicomBytes(name, bytes);
  const start = findStart(file.view);
  if (start === null) throw unsupportedDicom(name, "it is no DICOM file", "Name DICOM files alone.");
  if (start.encoding !== null) {
    return { dataSet: readDataSet(file, start.at, start.encoding), syntax: nativeSyntax(start.encoding) };
  }

  const { syntax, end } = readMetaInformation(file, start.at);
  if (!syntax.isDeflated) return { dataSet: readDataSet(file, end, syntax.encoding), syntax };
  const inflated = dicomBytes(name, await inflateDataSet(file, end));
  return { dataSet: readDataSet(inflated, 0, syntax.encoding), syntax };
}

/** The elements of group 2 (PS3.10 section 7.1), which are always explicit and little-endian; their stated length is not relied on. */
function readMetaInformation(
  file: DicomBytes,
  start: number,
): { readonly syntax: TransferSyntax; readonly end: number } {
  const { bytes, view, name } = file;
  let at = start;
  let uid: string | null = null;
  while (at + 2 <= bytes.length && view.getUint16(at, true) === 2) {
    const { tag, vr, valueAt, length } = readElementHeader(file, at, bytes.length, explicitLittleEndian);
    if (length === null) throw damagedDicom(name, "its file meta information is garbled");
    at = valueAt + length;
    if (tag !== tags.transferSyntax) continue;
    const value = bytes.subarray(valueAt, at);
    const element: DataElement = { vr, value, isLittleEndian: true, items: [], fragments: null };
    uid = textOf(new Map<Tag, DataElement>([[tag, element]]), tag);
  }
  if (uid === null) throw damagedDicom(name, "it does not state its transfer syntax");
  const syntax = findTransferSyntax(uid);
  if (syntax === null) throw unsupportedDicom(name, "its transfer syntax is none of the standard");
  return { syntax, end: at };
}

const inflate = promisify<Uint8Array, { readonly maxOutputLength: number }, Buffer>(inflateRaw);

/** A data set may be this many times larger than its deflated bytes, once it is larger than `ratioFrom` bytes. */
const limits = { ratio: 200, ratioFrom: 64 * 1024 * 1024 } as const;

async function inflateDataSet({ bytes, name }: DicomBytes, start: number): Promise<Uint8Array> {
  const deflated = bytes.subarray(start);
  const maxOutputLength = Math.max(limits.ratioFrom, limits.ratio * deflated.length);
  try {
    return await inflate(deflated, { maxOutputLength });
  } catch {
    throw damagedDicom(name, "its deflated part cannot be unpacked");
  }
}
