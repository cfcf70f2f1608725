/** Longer files, counted after unpacking, are refused before memory is taken for them. */
export const maxVolumeBytes = 2 ** 31;

/** So many bytes after the last voxel are ignored, as other readers do; more say that header and voxels do not fit. */
export const maxTrailing = 64 * 1024;
