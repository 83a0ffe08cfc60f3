import type { Picture } from './Picture.ts';

/** A part of a page that looks otherwise, in its pixels. */
export interface Place {
  readonly left: number;
  readonly top: number;
}

/** Difference between two pictures. */
export interface Difference {
  /** Places that look otherwise, from above; none if the pictures are alike. */
  readonly places: readonly Place[];
  /** The actual picture, pale, with red dots at what differs. */
  readonly drawn: Picture;
}

/** Pixels of the page for each dot of a picture. */
const PIXELS = 2;
/** Side of a place, in dots, and how many dots of one must differ. */
const [SIDE, MANY] = [8, 6];
/** Largest difference of a colour on an even ground, and at an edge, whose smoothing another version of a browser draws otherwise. */
const [ON_GROUND, AT_EDGE] = [8, 64];

/**
 * Compares two pictures as a person sees them: what moved, is missing or has another colour differs; another smoothing of
 * letters and edges does not. A dot is alike if the other picture has its colour there, or one dot beside it.
 *
 * @param expected - The picture that is kept, half as large as the page.
 * @param actual - The page of now, the same.
 */
export function differenceOf(expected: Picture, actual: Picture): Difference {
  const [width, height] = [
    Math.max(expected.width, actual.width),
    Math.max(expected.height, actual.height),
  ];
  const drawn = new Uint8Array(width * height * 3).fill(255);
  const across = Math.ceil(width / SIDE);
  const counts = new Map<number, number>();
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const to = (y * width + x) * 3;
      if (isAlike(expected, actual, x, y)) {
        for (let part = 0; part < 3; part++) {
          drawn[to + part] = 191 + (dotAt(actual, x, y, part) >> 2);
        }
        continue;
      }
      drawn.set([208, 0, 0], to);
      const place = Math.floor(y / SIDE) * across + Math.floor(x / SIDE);
      counts.set(place, (counts.get(place) ?? 0) + 1);
    }
  }
  const places = [...counts].filter(([, count]) => count >= MANY).map(([place]) => place);
  return {
    places: places
      .toSorted((a, b) => a - b)
      .map((place) => ({
        left: (place % across) * SIDE * PIXELS,
        top: Math.floor(place / across) * SIDE * PIXELS,
      })),
    drawn: { width, height, dots: drawn },
  };
}

function isAlike(expected: Picture, actual: Picture, x: number, y: number): boolean {
  if (!isInside(expected, x, y) || !isInside(actual, x, y)) return false;
  for (let part = 0; part < 3; part++) {
    const wanted = dotAt(expected, x, y, part);
    const got = dotAt(actual, x, y, part);
    if (Math.abs(wanted - got) <= ON_GROUND) continue;
    const [low, high] = around(expected, x, y, part);
    const [least, most] = around(actual, x, y, part);
    const isEven = high - low <= ON_GROUND && most - least <= ON_GROUND;
    const limit = isEven ? ON_GROUND : AT_EDGE;
    if (wanted < least - limit || wanted > most + limit) return false;
    if (got < low - limit || got > high + limit) return false;
  }
  return true;
}

function isInside({ width, height }: Picture, x: number, y: number): boolean {
  return x < width && y < height;
}

/** The darkest and the lightest of a dot and those beside it. */
function around(picture: Picture, x: number, y: number, part: number): readonly [number, number] {
  let [low, high] = [255, 0];
  for (let row = Math.max(0, y - 1); row <= Math.min(picture.height - 1, y + 1); row++) {
    for (let place = Math.max(0, x - 1); place <= Math.min(picture.width - 1, x + 1); place++) {
      const dot = dotAt(picture, place, row, part);
      low = Math.min(low, dot);
      high = Math.max(high, dot);
    }
  }
  return [low, high];
}

/** A part of the colour of a dot; a dot outside of the picture is white. */
function dotAt({ width, height, dots }: Picture, x: number, y: number, part: number): number {
  return x < width && y < height ? (dots[(y * width + x) * 3 + part] ?? 255) : 255;
}
