/** Kinds of sections in an ELF file. */
const dynamicKind = 6;
const versionNeedsKind = 0x6ffffffe;

/** The tag of a dynamic entry that names a library. */
const neededTag = 1;

/**
 * What a program or library of Linux x64 wants of the machine: the libraries that it names, and the versions that it wants of them
 * (such as `GLIBC_2.28`). Null for any other file.
 *
 * @param {Buffer} file
 * @returns {{ libraries: readonly string[], versions: readonly string[] } | null}
 */
export function readElfNeeds(file) {
  if (file.length < 64 || file.readUInt32BE(0) !== 0x7f454c46) return null;
  const [isWide, isLittle, machine] = [file[4] === 2, file[5] === 1, file.readUInt16LE(18)];
  if (!isWide || !isLittle || machine !== 62) return null;
  const sections = readSections(file);
  return {
    libraries: sections
      .filter(({ kind }) => kind === dynamicKind)
      .flatMap((section) => neededLibraries(file, section, stringsOf(section, sections))),
    versions: sections
      .filter(({ kind }) => kind === versionNeedsKind)
      .flatMap((section) => neededVersions(file, section, stringsOf(section, sections))),
  };
}

/** @typedef {{ kind: number, start: number, size: number, link: number, count: number }} Section */

/**
 * @param {Buffer} file
 * @returns {readonly Section[]}
 */
function readSections(file) {
  const [start, size, count] = [Number(file.readBigUInt64LE(40)), file.readUInt16LE(58), file.readUInt16LE(60)];
  return Array.from({ length: count }, (_, index) => {
    const at = start + index * size;
    return {
      kind: file.readUInt32LE(at + 4),
      start: Number(file.readBigUInt64LE(at + 24)),
      size: Number(file.readBigUInt64LE(at + 32)),
      link: file.readUInt32LE(at + 40),
      count: file.readUInt32LE(at + 44),
    };
  });
}

/**
 * Where the texts of a section begin.
 *
 * @param {Section} section
 * @param {readonly Section[]} sections
 */
function stringsOf({ link }, sections) {
  return sections[link]?.start ?? 0;
}

/**
 * @param {Buffer} file
 * @param {number} start
 */
function textAt(file, start) {
  return file.toString("latin1", start, file.indexOf(0, start));
}

/**
 * @param {Buffer} file
 * @param {Section} section
 * @param {number} strings
 */
function neededLibraries(file, { start, size }, strings) {
  /** @type {string[]} */
  const names = [];
  for (let at = start; at < start + size; at += 16) {
    if (file.readBigUInt64LE(at) !== BigInt(neededTag)) continue;
    names.push(textAt(file, strings + Number(file.readBigUInt64LE(at + 8))));
  }
  return names;
}

/**
 * Chains within chains: one entry per library, and for each the versions that are wanted of it.
 *
 * @param {Buffer} file
 * @param {Section} section
 * @param {number} strings
 */
function neededVersions(file, { start, count }, strings) {
  /** @type {string[]} */
  const names = [];
  let library = start;
  for (let index = 0; index < count; index++) {
    let version = library + file.readUInt32LE(library + 8);
    const versions = file.readUInt16LE(library + 2);
    for (let each = 0; each < versions; each++) {
      names.push(textAt(file, strings + file.readUInt32LE(version + 8)));
      version += file.readUInt32LE(version + 12);
    }
    library += file.readUInt32LE(library + 12);
  }
  return names;
}
