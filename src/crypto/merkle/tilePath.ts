import { MedsealError } from '../../errors/MedsealError.ts';

/**
 * The path of a tile (C2SP tlog-tiles): `tile/<L>/<N>` or, while it is partial, `tile/<L>/<N>.p/<W>`.
 *
 * @param level - 0 for leaf hashes, n for hashes of subtrees of 256^n leaves; `entries` for entry bundles.
 * @param index - Place of the tile in its level.
 * @param width - 1 to 256 hashes or entries; 256 is a full tile.
 * @throws MedsealError `REQUEST_MALFORMED` if no tile has these numbers.
 * @example
 * ```ts
 * tilePath(0, 1_234_067, 256); // 'tile/0/x001/x234/067'
 * tilePath('entries', 3, 7); // 'tile/entries/003.p/7'
 * ```
 */
export function tilePath(level: number | 'entries', index: number, width: number): string {
  const known =
    (level === 'entries' || isWithin(level, 0, 63)) &&
    isWithin(index, 0, Number.MAX_SAFE_INTEGER) &&
    isWithin(width, 1, 256);
  if (!known) throw new MedsealError('REQUEST_MALFORMED', { what: 'tile' });
  const digits = String(index);
  const padded = digits.padStart(Math.ceil(digits.length / 3) * 3, '0');
  const groups = padded.match(/\d{3}/g) ?? [];
  const place = groups.map((group, i) => (i < groups.length - 1 ? `x${group}` : group)).join('/');
  return `tile/${level}/${place}${width < 256 ? `.p/${width}` : ''}`;
}

function isWithin(value: number, least: number, most: number): boolean {
  return Number.isInteger(value) && value >= least && value <= most;
}
