/** Media types of images that a browser shows without running anything. */
export const SHOWN_IMAGES: readonly string[] = [
  'image/png',
  'image/jpeg',
  'image/gif',
  'image/webp',
];
