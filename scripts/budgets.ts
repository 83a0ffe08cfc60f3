/** Largest size of the whole client, bundled for a browser and minified, in bytes; docs/use/sdk.md states it. */
export const CLIENT_BUDGET = { minified: 714_000, compressed: 253_500 } as const;

/**
 * Bytes that an installed client has beyond what the sources make, minified: `age-encryption` brings a second, older copy
 * of the noble libraries there, and the clone overrides that. The quick test leaves them free; else only the slower one,
 * which installs the package, would see that the budget is spent.
 */
export const CLIENT_DUPLICATES = { minified: 42_100, compressed: 16_600 } as const;

/** Largest sizes of the portal, gzipped, in bytes: of its first screen in English, of that with the code of a home, of all files but those of care, of the viewer of PDFs and of the camera, and of those three; docs/use/portal.md states them. */
export const PORTAL_BUDGET = {
  first: 167_000,
  home: 300_000,
  whole: 582_000,
  care: 101_000,
  viewer: 690_000,
  camera: 18_500,
} as const;

/** Largest size of the packed package, in bytes; docs/use/sdk.md states it. */
export const PACKED_BUDGET = 3_430_000;
