/** What is expected of a file's stored pixels. */
export type Expectation =
  /** Bit for bit those of the material's own list. */
  | "equal"
  /** Bit for bit those of `dicom_material.json`. */
  | "equal to further decoders"
  /** Those of `dicom_material.json`, up to 1: lossy, by another transform's rounding. */
  | "within 1 level"
  /** Bit for bit those of another file. */
  | { readonly like: string }
  | { readonly refused: string };

export const ct = "cornerstone-ct-all-transfer-syntaxes";
const syntax = "1.2.840.10008.1.2";
const noPixels = { refused: "dicom-no-pixels" } as const;
const damaged = { refused: "image-damaged" } as const;
/** What the CT slice is in every lossless transfer syntax. */
const plainCt = { like: `${ct}/CTImage.dcm` } as const;

/** Of every entry of the list, so that none is passed over. */
export const expectations: Readonly<Record<string, Expectation>> = {
  [`${ct}/CT0012.fragmented_no_bot_jpeg_baseline.51.dcm`]: "within 1 level",
  [`${ct}/CT1_J2KR`]: "equal",
  [`${ct}/CT2_J2KR`]: "equal",
  [`${ct}/CTImage.dcm`]: "equal",
  [`${ct}/CTImage.dcm_BigEndianExplicitTransferSyntax_${syntax}.2.dcm`]: "equal",
  [`${ct}/CTImage.dcm_DeflatedExplicitVRLittleEndianTransferSyntax_${syntax}.1.99.dcm`]: "equal",
  [`${ct}/CTImage.dcm_JPEG2000LosslessOnlyTransferSyntax_${syntax}.4.90.dcm`]: "equal",
  [`${ct}/CTImage.dcm_JPEG2000TransferSyntax_${syntax}.4.91.dcm`]: "equal",
  [`${ct}/CTImage.dcm_JPEGLSLosslessTransferSyntax_${syntax}.4.80.dcm`]: plainCt,
  [`${ct}/CTImage.dcm_JPEGLSLossyTransferSyntax_${syntax}.4.81.dcm`]: "equal to further decoders",
  // The same coefficients as those of process 2 and 4, in another order.
  [`${ct}/CTImage.dcm_JPEGProcess10_12TransferSyntax_${syntax}.4.55.dcm`]: {
    like: `${ct}/CTImage.dcm_JPEGProcess2_4TransferSyntax_${syntax}.4.51.dcm`,
  },
  [`${ct}/CTImage.dcm_JPEGProcess14SV1TransferSyntax_${syntax}.4.70.dcm`]: plainCt,
  [`${ct}/CTImage.dcm_JPEGProcess14TransferSyntax_${syntax}.4.57.dcm`]: plainCt,
  [`${ct}/CTImage.dcm_JPEGProcess1TransferSyntax_${syntax}.4.50.dcm`]: "equal",
  [`${ct}/CTImage.dcm_JPEGProcess2_4TransferSyntax_${syntax}.4.51.dcm`]: "within 1 level",
  [`${ct}/CTImage.dcm_JPEGProcess6_8TransferSyntax_${syntax}.4.53.dcm`]: {
    like: `${ct}/CTImage.dcm_JPEGProcess2_4TransferSyntax_${syntax}.4.51.dcm`,
  },
  [`${ct}/CTImage.dcm_LittleEndianExplicitTransferSyntax_${syntax}.1.dcm`]: "equal",
  [`${ct}/CTImage.dcm_LittleEndianImplicitTransferSyntax_${syntax}.dcm`]: "equal",
  [`${ct}/CTImage.dcm_RLELosslessTransferSyntax_${syntax}.5.dcm`]: "equal",
  [`${ct}/US-YBR_FULL_422-EVRLE.dcm`]: "equal",
  [`${ct}/no-pixel-data.dcm`]: noPixels,
  [`${ct}/no-pixel-spacing.dcm`]: "equal",

  "pydicom/693_J2KI.dcm": "equal",
  "pydicom/CT_small.dcm": "equal",
  "pydicom/ExplVR_BigEndNoMeta.dcm": noPixels,
  "pydicom/ExplVR_LitEndNoMeta.dcm": noPixels,
  "pydicom/J2K_pixelrep_mismatch.dcm": "equal",
  // Of 12 bits, by a stream whose scan parameters are wrong; pydicom reads the mended file alone.
  "pydicom/JPEG-lossy.dcm": { like: "pydicom/JPGExtended.dcm" },
  "pydicom/JPEG2000.dcm": "equal",
  "pydicom/JPEGLSNearLossless_08.dcm": "equal to further decoders",
  "pydicom/JPGExtended.dcm": "within 1 level",
  "pydicom/MR_small_RLE.dcm": "equal",
  "pydicom/MR_small_bigendian.dcm": "equal",
  "pydicom/MR_small_implicit.dcm": "equal",
  "pydicom/MR_small_jp2klossless.dcm": "equal",
  "pydicom/MR_small_padded.dcm": "equal",
  "pydicom/MR_truncated.dcm": damaged,
  "pydicom/SC_jpeg_no_color_transform.dcm": "equal",
  "pydicom/SC_jpeg_no_color_transform_2.dcm": "equal",
  "pydicom/SC_rgb_dcmtk_+eb+cy+n1.dcm": "equal",
  "pydicom/SC_rgb_dcmtk_+eb+cy+n2.dcm": "equal",
  "pydicom/SC_rgb_dcmtk_+eb+cy+s2.dcm": "equal",
  "pydicom/SC_rgb_dcmtk_+eb+cy+s4.dcm": "equal",
  "pydicom/SC_rgb_jls_lossy_line.dcm": "equal to further decoders",
  "pydicom/SC_rgb_jls_lossy_sample.dcm": "equal to further decoders",
  "pydicom/SC_rgb_jpeg_app14_dcmd.dcm": "equal",
  "pydicom/SC_rgb_jpeg_dcmd.dcm": "equal",
  "pydicom/SC_rgb_jpeg_gdcm.dcm": "equal to further decoders",
  "pydicom/SC_rgb_jpeg_lossy_gdcm.dcm": "equal",
  "pydicom/SC_rgb_rle_16bit.dcm": "equal",
  "pydicom/SC_rgb_rle_16bit_2frame.dcm": "equal",
  "pydicom/SC_rgb_rle_32bit.dcm": "equal",
  "pydicom/SC_rgb_rle_32bit_2frame.dcm": "equal",
  "pydicom/SC_rgb_small_odd_big_endian.dcm": "equal",
  "pydicom/SC_rgb_small_odd_jpeg.dcm": "equal",
  "pydicom/UN_sequence.dcm": noPixels,
  "pydicom/badVR.dcm": damaged,
  "pydicom/examples_jpeg2k.dcm": "equal",
  "pydicom/examples_overlay.dcm": "equal",
  "pydicom/examples_rgb_color.dcm": "equal",
  "pydicom/examples_ybr_color.dcm": "equal",
  "pydicom/liver_1frame.dcm": "equal",
  "pydicom/liver_expb_1frame.dcm": "equal",
  "pydicom/nested_priv_SQ.dcm": damaged,
  // A stray byte stands before its first element.
  "pydicom/no_meta.dcm": { refused: "image-unsupported" },
  "pydicom/priv_SQ.dcm": noPixels,
  "pydicom/reportsi.dcm": noPixels,
  "pydicom/rtdose.dcm": "equal",
  "pydicom/rtdose_1frame.dcm": "equal",
  "pydicom/rtdose_expb_1frame.dcm": "equal",
  "pydicom/rtdose_rle.dcm": "equal",
  "pydicom/rtplan.dcm": noPixels,
  "pydicom/rtplan_truncated.dcm": damaged,
  "pydicom/test-SR.dcm": noPixels,
  "pydicom/waveform_ecg.dcm": noPixels,
};
