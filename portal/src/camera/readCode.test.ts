import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import * as fc from 'fast-check';
import { encodeQR } from 'qr';
import { MOST_IN_QR } from '../../../src/protocol/wire/qrCapacity.ts';
import { qrRows } from '../ui/qrRows.ts';
import { LONGEST_SIDE, readCode, type Pixels } from './readCode.ts';

/** Milliseconds for further tries: more than any needs, so that a slow machine finds the same. */
const TIME = 60_000;
const RUNS = 12;

type Rows = readonly (readonly boolean[])[];

/** Place of a code before the camera. */
interface Held {
  /** Pixels of a dot. */
  readonly dot: number;
  /** Radians. */
  readonly angle: number;
  /** Largest change of a pixel's brightness by chance. */
  readonly noise: number;
  /** The pixels by chance. */
  readonly seed: number;
}

/** Draws a code as a camera sees it, on something grey. */
function seen(rows: Rows, { dot, angle, noise, seed }: Held): Pixels {
  const side = Math.ceil(rows.length * dot * 1.5);
  const data = new Uint8ClampedArray(side * side * 4);
  const [cos, sin] = [Math.cos(angle), Math.sin(angle)];
  let chance = seed;
  for (let at = 0; at < side * side; at++) {
    const [right, down] = [(at % side) - side / 2, Math.floor(at / side) - side / 2];
    const column = Math.floor((right * cos + down * sin) / dot + rows.length / 2);
    const row = Math.floor((down * cos - right * sin) / dot + rows.length / 2);
    const dark = rows[row]?.[column];
    chance = (Math.imul(chance, 1_664_525) + 1_013_904_223) >>> 0;
    const brightness = dark === undefined ? 140 : dark ? 40 : 210;
    data.fill(brightness + ((chance >>> 8) / 2 ** 24 - 0.5) * 2 * noise, at * 4, at * 4 + 3);
  }
  return { width: side, height: side, data };
}

const held: fc.Arbitrary<Held> = fc.record({
  dot: fc.integer({ min: 4, max: 8 }),
  angle: fc.double({ min: -Math.PI, max: Math.PI, noNaN: true }),
  noise: fc.integer({ min: 0, max: 45 }),
  seed: fc.nat(),
});

describe('a QR code in a picture', () => {
  it('is read at any angle and with noise, as short as a card and as long as a prescription', () => {
    const texts = fc.oneof(
      fc.string({ minLength: 1, maxLength: 80, unit: 'grapheme' }),
      fc.constantFrom(60, 400, 1600).map((length) => '{"format":"x"}'.padEnd(length, 'a0"ß')),
    );
    fc.assert(
      fc.property(texts, held, (text, how) => {
        assert.equal(readCode(seen(qrRows(text, true), how), TIME), text);
      }),
      { numRuns: RUNS },
    );
  });

  it('of a card comes back in capitals, which do not matter there', () => {
    const card = `medseal1${'q'.repeat(155)}`;
    const picture = seen(qrRows(card, false), { dot: 4, angle: 0.3, noise: 20, seed: 1 });
    assert.equal(readCode(picture, TIME), card.toUpperCase());
  });

  it('is not there in pictures without one, of chance, of one colour, or of half a code', () => {
    const rows = qrRows('half of it', true);
    for (const other of [
      seen([], { dot: 1, angle: 0, noise: 0, seed: 1 }),
      seen([[true]], { dot: 200, angle: 0, noise: 100, seed: 2 }),
      seen([[true]], { dot: 200, angle: 0, noise: 0, seed: 3 }),
      seen(rows.slice(0, rows.length / 2), { dot: 6, angle: 0, noise: 0, seed: 4 }),
    ]) {
      assert.equal(readCode(other, 50), undefined);
    }
  });

  it('is not looked for in a picture that is too large, or whose pixels are not as many as it says', () => {
    const good = seen(qrRows('text', true), { dot: 4, angle: 0, noise: 0, seed: 1 });
    const { width, height, data } = good;
    const long = new Uint8ClampedArray((LONGEST_SIDE + 1) * 4);
    for (const other of [
      { width: LONGEST_SIDE + 1, height: 1, data: long },
      { width, height: height + 1, data },
      { width: -width, height: -height, data },
      { width: 0, height: 0, data: new Uint8ClampedArray(0) },
      { width: Number.NaN, height, data },
    ]) {
      assert.equal(readCode(other, TIME), undefined);
    }
  });

  it('that holds more than any of Medseal counts as none', () => {
    const held = { dot: 4, angle: 0, noise: 0, seed: 1 };
    const fits = '7'.repeat(MOST_IN_QR);
    assert.equal(readCode(seen(encodeQR(fits, 'raw'), held), TIME), fits);
    assert.equal(readCode(seen(encodeQR(`${fits}7`, 'raw'), held), TIME), undefined);
  });
});
