import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { differenceOf } from './differenceOf.ts';
import { halve } from './halve.ts';
import type { Picture } from './Picture.ts';
import { readPng } from './readPng.ts';
import { writePng } from './writePng.ts';

type Colour = readonly [red: number, green: number, blue: number];

const PAPER: Colour = [244, 247, 246];
const INK: Colour = [19, 32, 31];
const ACCENT: Colour = [10, 95, 104];
/** Of the page, in pixels. */
const [WIDTH, HEIGHT] = [192, 128];

/** A page that is drawn. */
interface Drawing {
  /** Place of the card, in pixels. */
  readonly left: number;
  readonly top: number;
  /** Absent if the button is missing. */
  readonly button?: Colour;
  /** Part by which everything falls between two pixels. */
  readonly between?: number;
}

const PAGE: Drawing = { left: 32, top: 24, button: ACCENT };

function isLetter(x: number, y: number): boolean {
  return (
    x >= 8 && x < 96 && y >= 8 && y < 40 && y % 14 < 8 && ((x >> 1) * 7 + (y >> 2) * 3) % 5 < 2
  );
}

/** Draws a card with lines of letters and a button; an edge that falls between two pixels colours both in part. The picture is half as large. */
function draw({ left, top, button, between = 0 }: Drawing): Picture {
  const dots = new Uint8Array(WIDTH * HEIGHT * 3);
  const colourAt = (x: number, y: number): Colour => {
    const [inX, inY] = [x - left, y - top];
    if (inX < 0 || inX >= 120 || inY < 0 || inY >= 80) return PAPER;
    if (button !== undefined && inX >= 8 && inX < 48 && inY >= 52 && inY < 72) return button;
    return isLetter(inX, inY) ? INK : [255, 255, 255];
  };
  for (let y = 0; y < HEIGHT; y++) {
    for (let x = 0; x < WIDTH; x++) {
      const [here, beside] = [colourAt(x, y), colourAt(x - 1, y)];
      const mixed = here.map((part, place) =>
        Math.round(part * (1 - between) + (beside[place] ?? 0) * between),
      );
      dots.set(mixed, (y * WIDTH + x) * 3);
    }
  }
  return halve({ width: WIDTH, height: HEIGHT, dots });
}

/** Number of places at which a page differs from the usual one, which was kept. */
function placesOf(drawing: Drawing): number {
  const kept = readPng(writePng(draw(PAGE)));
  return differenceOf(kept, draw(drawing)).places.length;
}

describe('differenceOf', () => {
  it('finds nothing in a page that is as it was, nor in letters and edges that fall otherwise on the dots', () => {
    assert.equal(placesOf(PAGE), 0);
    for (const between of [0.15, 0.3]) assert.equal(placesOf({ ...PAGE, between }), 0);
  });

  it('finds a card that moved by 4 px, in each direction', () => {
    for (const [x, y] of [
      [4, 0],
      [-4, 0],
      [0, 4],
      [0, -4],
    ] as const) {
      assert.notEqual(placesOf({ ...PAGE, left: PAGE.left + x, top: PAGE.top + y }), 0);
    }
  });

  it('finds a button that is missing, and one of another colour', () => {
    const { button: _, ...without } = PAGE;
    assert.notEqual(placesOf(without), 0);
    assert.notEqual(placesOf({ ...PAGE, button: [10, 95, 124] }), 0);
  });

  it('finds a page that is longer or shorter, and says from where on', () => {
    const page = draw(PAGE);
    const height = page.height + 8;
    const longer = { ...page, height, dots: new Uint8Array(page.width * height * 3) };
    longer.dots.set(page.dots);
    assert.deepEqual(differenceOf(page, longer).places[0], { left: 0, top: HEIGHT });
    assert.deepEqual(differenceOf(longer, page).places[0], { left: 0, top: HEIGHT });
  });

  it('draws red what differs, and the rest pale', () => {
    const { drawn } = differenceOf(draw(PAGE), draw({ ...PAGE, button: INK }));
    const at = (x: number, y: number): Uint8Array =>
      drawn.dots.subarray((y * drawn.width + x) * 3, (y * drawn.width + x) * 3 + 3);
    assert.deepEqual([...at((PAGE.left + 20) / 2, (PAGE.top + 60) / 2)], [208, 0, 0]);
    assert.ok(at(1, 1).every((part) => part > 240));
  });
});
