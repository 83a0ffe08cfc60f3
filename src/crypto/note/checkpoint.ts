import { base64 } from '@scure/base';
import { MedsealError } from '../../errors/MedsealError.ts';

/** Content of a checkpoint note about a log (C2SP tlog-checkpoint). */
export interface CheckpointText {
  /** The log's name for the whole world: not empty, one line. */
  readonly origin: string;
  /** Number of entries. */
  readonly size: number;
  /** RFC 9162 root, 32 bytes. */
  readonly root: Uint8Array;
}

/**
 * Writes a checkpoint as the text of a note (C2SP tlog-checkpoint).
 *
 * @param checkpoint - Origin, size and root of the log.
 * @returns Three lines: origin, size in decimal, root in base64.
 * @throws MedsealError `REQUEST_MALFORMED` for what no log can be.
 */
export function formatCheckpoint({ origin, size, root }: CheckpointText): string {
  const known = isOrigin(origin) && Number.isSafeInteger(size) && size >= 0 && root.length === 32;
  if (!known) throw new MedsealError('REQUEST_MALFORMED', { what: 'checkpoint' });
  return `${origin}\n${size}\n${base64.encode(root)}\n`;
}

/**
 * Reads the text of a checkpoint note. Lines after the third are extensions, and ignored.
 *
 * @param text - The text of an opened note.
 * @throws MedsealError `EVIDENCE_INVALID` if it is not a checkpoint in its one valid spelling.
 */
export function parseCheckpoint(text: string): CheckpointText {
  const [origin = '', size = '', root = '', ...more] = text.split('\n');
  const extensions = more.slice(0, -1);
  const known =
    isOrigin(origin) &&
    /^(?:0|[1-9]\d{0,15})$/.test(size) &&
    Number.isSafeInteger(Number(size)) &&
    /^[A-Za-z0-9+/]{43}=$/.test(root) &&
    more.at(-1) === '' &&
    extensions.every((line) => line !== '');
  const bytes = known ? decode(root) : undefined;
  if (bytes === undefined) {
    throw new MedsealError('EVIDENCE_INVALID', { reason: 'the note is not a checkpoint' });
  }
  return { origin, size: Number(size), root: bytes };
}

function isOrigin(origin: string): boolean {
  return origin !== '' && !origin.includes('\n') && origin.isWellFormed();
}

function decode(root: string): Uint8Array | undefined {
  try {
    return base64.decode(root);
  } catch {
    return undefined;
  }
}
