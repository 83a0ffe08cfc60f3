import type { Picture } from './Picture.ts';

/**
 * Cuts some lines out of a picture.
 *
 * @param picture - The picture.
 * @param top - The first line.
 * @param bottom - The line after the last.
 */
export function crop({ width, height, dots }: Picture, top: number, bottom: number): Picture {
  const end = Math.min(height, bottom);
  return { width, height: end - top, dots: dots.slice(top * width * 3, end * width * 3) };
}
