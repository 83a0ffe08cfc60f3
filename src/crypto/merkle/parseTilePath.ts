import { MedsealError } from '../../errors/MedsealError.ts';
import { tilePath } from './tilePath.ts';

/** Which tile a path names. */
export interface TilePlace {
  /** 0 for leaf hashes, n for hashes of subtrees of 256^n leaves; `entries` for entry bundles. */
  readonly level: number | 'entries';
  /** Place of the tile in its level. */
  readonly index: number;
  /** 1 to 256 hashes or entries. */
  readonly width: number;
}

const PATH = /^tile\/(\d{1,2}|entries)\/((?:x\d{3}\/){0,5}\d{3})(?:\.p\/(\d{1,3}))?$/;

/**
 * Reads the path of a tile (C2SP tlog-tiles), in its one valid spelling.
 *
 * @param path - `tile/<L>/<N>` or `tile/<L>/<N>.p/<W>`.
 * @throws MedsealError `NOT_FOUND` if no tile has this path.
 */
export function parseTilePath(path: string): TilePlace {
  const [, level = '', digits = '', width = '256'] = PATH.exec(path) ?? [];
  const place: TilePlace = {
    level: level === 'entries' ? level : Number(level),
    index: Number(digits.replace(/[x/]/g, '')),
    width: Number(width),
  };
  if (level === '' || !isSpeltSo(place, path))
    throw new MedsealError('NOT_FOUND', { what: 'tile' });
  return place;
}

function isSpeltSo({ level, index, width }: TilePlace, path: string): boolean {
  try {
    return tilePath(level, index, width) === path;
  } catch {
    return false;
  }
}
