/** A window and its colours. */
export interface Look {
  readonly width: number;
  readonly colorScheme: 'light' | 'dark';
  /** Direction of the gallery; left to right if absent. */
  readonly direction?: 'rtl';
}

/** The looks of which a picture of each screen is kept: both widths, both colours. */
export const LOOKS: readonly Look[] = [
  { width: 1280, colorScheme: 'light' },
  { width: 390, colorScheme: 'dark' },
];

/** Those of the gallery. Its words stay English, as the device's type for other scripts differs. */
export const GALLERY_LOOKS: readonly Look[] = [
  ...LOOKS,
  { width: 1280, colorScheme: 'dark', direction: 'rtl' },
  { width: 390, colorScheme: 'light', direction: 'rtl' },
];

/** The name of a picture. */
export function pictureName(what: string, { width, colorScheme, direction }: Look): string {
  return [what, width, colorScheme, ...(direction === undefined ? [] : [direction])].join('-');
}
