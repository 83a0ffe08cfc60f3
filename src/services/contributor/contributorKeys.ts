import { rangeUnder } from '../../database/rangeUnder.ts';
import type { Organisation } from '../../protocol/ids.ts';
import type { WantedFile } from './WantedFile.ts';

const CURSOR = 'kept-at/';

/** Range of the notes of files that are still to be copied. */
export const WANTED_FILES: ReturnType<typeof rangeUnder> = rangeUnder('wanted/');

/** The key of the note that a file is to be copied. */
export function wantedKey({ hash, handle }: Pick<WantedFile, 'hash' | 'handle'>): string {
  return `${WANTED_FILES.gt}${hash}/${handle}`;
}

/** Range of the notes of files that are here beyond those that the organisation is to keep. */
export const SURPLUS_FILES: ReturnType<typeof rangeUnder> = rangeUnder('surplus/');

/** The key of the note that an organisation may give up a file once those that keep it have it. */
export function surplusKey({ hash, handle }: Pick<WantedFile, 'hash' | 'handle'>): string {
  return `${SURPLUS_FILES.gt}${hash}/${handle}`;
}

/** The key of the place up to which a peer's deposits were read. */
export function cursorKey(peer: Organisation): string {
  return CURSOR + peer;
}

/** Tells whether a row is the place up to which a peer was read; all others are of files. */
export function isCursorKey(key: string): boolean {
  return key.startsWith(CURSOR);
}
