import { createReadStream, type BigIntStats } from 'node:fs';
import { stat } from 'node:fs/promises';
import { basename } from 'node:path';
import type { RecordContent } from '../../client/records/sealVersion.ts';
import { concatBytes } from '../../crypto/bytes.ts';
import { MedsealError } from '../../errors/MedsealError.ts';
import type { Terminal } from '../terminal/Terminal.ts';
import { BEGINNING } from '../../fhir/describeFile.ts';

/** Up to how many bytes are held in memory; more is streamed. */
export const IN_MEMORY = 16 * 2 ** 20;

/** Content to be put on a chart, as it was given on the command line. */
export interface Source {
  /** For messages. */
  readonly name: string;
  /** Bytes, where that is known. */
  readonly size?: number;
  /** The first of them. */
  readonly beginning: Uint8Array;
  /** True if it can be read again. */
  readonly lasts: boolean;
  readonly content: RecordContent;
}

/**
 * Opens a file, or standard input.
 *
 * @param terminal - Gives standard input.
 * @param file - Its name; `-` is standard input.
 * @throws MedsealError `ARGUMENT_INVALID` if it cannot be read.
 */
export async function readSource(
  { input }: Pick<Terminal, 'input'>,
  file: string,
): Promise<Source> {
  if (file === '-') return await streamedOnce('standard input', input);
  const found = await stat(file, { bigint: true }).catch((cause: unknown) => {
    throw unreadable(file, 'it cannot be read', cause);
  });
  if (found.isDirectory()) throw unreadable(file, 'it is a folder');
  const name = basename(file);
  if (!found.isFile()) return await streamedOnce(name, piecesOf(file));
  const content = (): AsyncIterable<Uint8Array> => unchanged(file, found);
  const size = Number(found.size);
  if (size <= IN_MEMORY) return await streamedOnce(name, content());
  return { name, size, beginning: await beginningOf(file), lasts: true, content };
}

/** Reads a file; it may be gone, or be another one, when it is read. */
async function* piecesOf(file: string): AsyncGenerator<Uint8Array> {
  try {
    for await (const piece of createReadStream(file, { highWaterMark: 2 ** 20 })) {
      yield piece as Uint8Array;
    }
  } catch (cause) {
    throw unreadable(file, 'it cannot be read', cause);
  }
}

/** Reads a file, and throws if it changed since it was found: its name on this device stands for that content. */
async function* unchanged(file: string, found: BigIntStats): AsyncGenerator<Uint8Array> {
  yield* piecesOf(file);
  const now = await stat(file, { bigint: true }).catch(() => undefined);
  for (const each of ['ino', 'size', 'mtimeNs'] as const) {
    if (now?.[each] === found[each]) continue;
    throw unreadable(file, 'it changed while it was read; add it again once nobody writes to it');
  }
}

async function beginningOf(file: string): Promise<Uint8Array> {
  const pieces: Uint8Array[] = [];
  try {
    for await (const piece of createReadStream(file, { end: BEGINNING - 1 })) {
      pieces.push(piece as Uint8Array);
    }
  } catch (cause) {
    throw unreadable(file, 'it cannot be read', cause);
  }
  return concatBytes(...pieces);
}

/** Opens a stream that can be read once: in memory if it fits. */
async function streamedOnce(name: string, stream: AsyncIterable<Uint8Array>): Promise<Source> {
  const pieces = stream[Symbol.asyncIterator]();
  const begun: Uint8Array[] = [];
  let size = 0;
  while (size <= IN_MEMORY) {
    const { done, value } = await pieces.next();
    if (done === true) {
      const content = concatBytes(...begun);
      return { name, size, beginning: content.subarray(0, BEGINNING), lasts: true, content };
    }
    begun.push(value);
    size += value.length;
  }
  let spent = false;
  return {
    name,
    beginning: concatBytes(...begun).slice(0, BEGINNING),
    lasts: false,
    content: async function* all() {
      if (spent) throw unreadable(name, 'the patient got new keys meanwhile; send it again');
      spent = true;
      yield* begun;
      for (let next = await pieces.next(); next.done !== true; next = await pieces.next()) {
        yield next.value;
      }
    },
  };
}

function unreadable(argument: string, reason: string, cause?: unknown): MedsealError {
  return new MedsealError('ARGUMENT_INVALID', { argument, reason }, { cause });
}
