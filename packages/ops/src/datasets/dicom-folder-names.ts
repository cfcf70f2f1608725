/** Endings of what lies beside DICOM files, on discs and in downloads, and is none. */
const otherEndings = new Set([
  ...["avi", "bat", "bmp", "bz2", "c", "cfg", "cmd", "com", "cpp", "css", "csv", "db", "dll", "doc", "docx", "exe"],
  ...[
    "gif",
    "gz",
    "h",
    "h5",
    "hdf5",
    "heic",
    "htm",
    "html",
    "icns",
    "ico",
    "inf",
    "ini",
    "ipynb",
    "jar",
    "jpeg",
    "jpg",
  ],
  ...["js", "json", "log", "m", "mat", "md", "mha", "mhd", "mkv", "mov", "mp4", "mpeg", "mpg", "nii", "npy", "npz"],
  ...["nrrd", "ods", "odt", "parquet", "pdf", "pickle", "pkl", "png", "ppt", "pptx", "ps1", "py", "pyc", "r", "rar"],
  ...["rst", "rtf", "sh", "sql", "svg", "tar", "tgz", "tif", "tiff", "toml", "ts", "tsv", "txt", "url", "webp", "wmv"],
  ...["xls", "xlsx", "xml", "xsl", "yaml", "yml", "zip", "7z"],
]);

/** Names without an ending that say as much. */
const otherNames = new Set(["dicomdir", "lockfile", "version", "license", "licence", "readme", "notice", "copying"]);

/**
 * Whether a file may be DICOM by its name. Files of DICOM often have no ending, or the last number of an identifier for one;
 * only what names another kind is none.
 */
export function isDicomName(path: string): boolean {
  const name = path.slice(path.lastIndexOf("/") + 1).toLowerCase();
  const dot = name.lastIndexOf(".");
  return !otherNames.has(name) && !(dot >= 0 && otherEndings.has(name.slice(dot + 1)));
}
