import type { Picture } from './Picture.ts';

/**
 * Makes a picture half as wide and high: each dot is the mean of four, and a last odd line or column is left out.
 *
 * @param picture - The picture.
 */
export function halve({ width, height, dots }: Picture): Picture {
  const [half, lines] = [width >> 1, height >> 1];
  const small = new Uint8Array(half * lines * 3);
  for (let y = 0, to = 0; y < lines; y++) {
    for (let x = 0; x < half; x++) {
      const from = (y * 2 * width + x * 2) * 3;
      for (let part = 0; part < 3; part++, to++) {
        const at = from + part;
        const below = at + width * 3;
        const sum =
          (dots[at] ?? 0) + (dots[at + 3] ?? 0) + (dots[below] ?? 0) + (dots[below + 3] ?? 0);
        small[to] = (sum + 2) >> 2;
      }
    }
  }
  return { width: half, height: lines, dots: small };
}
