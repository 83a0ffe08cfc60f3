import type { Role } from '../src/protocol/vocabulary.ts';

/** Largest size of the whole client, bundled for a browser and minified, in bytes; docs/use/sdk.md states it. */
export const CLIENT_BUDGET = { minified: 873_000, compressed: 309_500 } as const;

/**
 * Bytes that an installed client has beyond what the sources make, minified: `age-encryption` brings a second, older copy
 * of the noble libraries there, and the clone overrides that. The quick test leaves them free; else only the slower one,
 * which installs the package, would see that the budget is spent.
 */
export const CLIENT_DUPLICATES = { minified: 42_100, compressed: 16_600 } as const;

/** Largest sizes of the portal, gzipped, in bytes: of its first screen in English, of that with the code and the words of a patient's home, of all files but those of care, of the viewer of PDFs, of the camera and of easy words, and of those four; the words of all languages count, each about 33 kB and 18 kB of care; docs/use/portal.md states them. */
export const PORTAL_BUDGET = {
  first: 113_200,
  home: 259_000,
  whole: 733_800,
  care: 202_500,
  viewer: 690_000,
  camera: 18_500,
  easy: 22_000,
} as const;

/** Bytes of code, styles and words, compressed, that a browser loads at most until the way into the portal is drawn. */
export const ENTRY_BYTES = 112_900;

/** The same until the first screen of a person is drawn, by role, and that of a node's operator; docs/use/portal.md states them. */
export const HOME_BYTES = {
  patient: 259_700,
  doctor: 266_700,
  nurse: 266_700,
  lab: 266_700,
  researcher: 266_700,
  analyst: 266_700,
  registrar: 326_900,
  pharmacist: 336_200,
  insurer: 365_700,
  verifier: 365_700,
  operator: 246_400,
} as const satisfies Readonly<Record<Role | 'operator', number>>;

/** Largest size of the packed package, in bytes; docs/use/sdk.md states it. */
export const PACKED_BUDGET = 4_180_000;
