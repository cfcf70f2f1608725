/** The attributes that are read (DICOM PS3.6); of others, such as names, not even a copy is made. */
export const tags = {
  transferSyntax: 0x00020010,

  specificCharacterSet: 0x00080005,
  patientId: 0x00100020,
  studyInstanceUid: 0x0020000d,
  seriesInstanceUid: 0x0020000e,
  instanceNumber: 0x00200013,
  imagePosition: 0x00200032,
  imageOrientation: 0x00200037,
  planePositionSequence: 0x00209113,
  planeOrientationSequence: 0x00209116,

  samplesPerPixel: 0x00280002,
  photometricInterpretation: 0x00280004,
  planarConfiguration: 0x00280006,
  numberOfFrames: 0x00280008,
  rows: 0x00280010,
  columns: 0x00280011,
  bitsAllocated: 0x00280100,
  bitsStored: 0x00280101,
  highBit: 0x00280102,
  pixelRepresentation: 0x00280103,
  windowCenter: 0x00281050,
  windowWidth: 0x00281051,
  rescaleIntercept: 0x00281052,
  rescaleSlope: 0x00281053,
  voiLutFunction: 0x00281056,
  redDescriptor: 0x00281101,
  greenDescriptor: 0x00281102,
  blueDescriptor: 0x00281103,
  redData: 0x00281201,
  greenData: 0x00281202,
  blueData: 0x00281203,
  redSegments: 0x00281221,
  greenSegments: 0x00281222,
  blueSegments: 0x00281223,
  modalityLutSequence: 0x00283000,
  lutDescriptor: 0x00283002,
  lutData: 0x00283006,
  voiLutSequence: 0x00283010,
  frameVoiLutSequence: 0x00289132,
  pixelValueTransformationSequence: 0x00289145,

  sharedFunctionalGroups: 0x52009229,
  perFrameFunctionalGroups: 0x52009230,

  extendedOffsetTable: 0x7fe00001,
  floatPixelData: 0x7fe00008,
  doubleFloatPixelData: 0x7fe00009,
  pixelData: 0x7fe00010,
} as const;

export type Tag = (typeof tags)[keyof typeof tags];

const kept: ReadonlySet<number> = new Set(Object.values(tags));

export function isKept(tag: number): tag is Tag {
  return kept.has(tag);
}

/** Nothing behind the pixels is needed. */
export function isPixelData(tag: number): boolean {
  return tag === tags.pixelData || tag === tags.floatPixelData || tag === tags.doubleFloatPixelData;
}
