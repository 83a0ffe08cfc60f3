import { open } from 'node:fs/promises';
import { bytesToUtf8, concatBytes } from '../../crypto/bytes.ts';
import { readBody } from '../../crypto/readBody.ts';
import { MedsealError } from '../../errors/MedsealError.ts';

/** Largest size, in bytes, of a file that is not a record; a larger one was named by mistake. */
const MOST = 16 * 2 ** 20;
const PIECE = 64 * 1024;

/** Options of `readGiven`. */
export interface GivenOptions {
  /** Argument that an error names as wrong; the file's name if absent. */
  readonly argument?: string;
  /** The most bytes that it may have; 16 MiB unless given. */
  readonly most?: number;
}

/**
 * Reads a file that was named on the command line, whatever it is: a folder, a device without end, a file that nobody
 * may read.
 *
 * @param path - As it was named.
 * @param options - Its name in an error, and its largest size.
 * @throws MedsealError `ARGUMENT_INVALID` if it cannot be read, or is larger.
 */
export async function readGiven(path: string, options: GivenOptions = {}): Promise<Uint8Array> {
  const { argument = path, most = MOST } = options;
  const refuse = (reason: string, cause?: unknown): MedsealError =>
    new MedsealError('ARGUMENT_INVALID', { argument, reason: `${path} ${reason}` }, { cause });
  try {
    await using file = await open(path);
    if ((await file.stat()).isDirectory()) throw refuse('is a folder');
    const parts: Uint8Array[] = [];
    for (let size = 0; size <= most;) {
      const { bytesRead, buffer } = await file.read(new Uint8Array(PIECE));
      if (bytesRead === 0) return concatBytes(...parts);
      parts.push(buffer.subarray(0, bytesRead));
      size += bytesRead;
    }
  } catch (cause) {
    if (cause instanceof MedsealError) throw cause;
    throw refuse('cannot be read', cause);
  }
  throw refuse(`has more than ${most} bytes`);
}

/**
 * Reads a text file that was named on the command line.
 *
 * @throws MedsealError `ARGUMENT_INVALID` as `readGiven` does, and if it is not UTF-8.
 */
export async function readGivenText(path: string, options: GivenOptions = {}): Promise<string> {
  return textOf(await readGiven(path, options), options.argument ?? path, path);
}

/**
 * Reads a text that is piped into the command.
 *
 * @param input - Standard input.
 * @throws MedsealError `ARGUMENT_INVALID` if it is too long, or not UTF-8.
 */
export async function readPiped(input: AsyncIterable<Uint8Array>): Promise<string> {
  const what = 'standard input';
  const bytes = await readBody({ body: input }, MOST).catch((cause: unknown) => {
    const reason = `it cannot be read, or has more than ${MOST} bytes`;
    throw new MedsealError('ARGUMENT_INVALID', { argument: what, reason }, { cause });
  });
  return textOf(bytes, what, 'it');
}

function textOf(bytes: Uint8Array, argument: string, path: string): string {
  try {
    return bytesToUtf8(bytes);
  } catch (cause) {
    throw new MedsealError(
      'ARGUMENT_INVALID',
      { argument, reason: `${path} is not text` },
      { cause },
    );
  }
}
