import { createWriteStream, rmSync } from 'node:fs';
import { lstat, readdir, rename, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { utf8ToBytes } from '../../crypto/bytes.ts';
import { MedsealError } from '../../errors/MedsealError.ts';
import { partialName, leftBehind } from '../../folder/partialFiles.ts';
import { ifInterrupted } from './whileInterruptible.ts';

/**
 * Writes a file that is for its owner alone (mode 0600): all of it, or it is not there. A link that lies in its place is
 * replaced and not followed: whoever put it there does not choose what is overwritten.
 *
 * @param path - The file; its folder exists.
 * @param content - Content of the file.
 * @param argument - Option that named it, for messages; the path if absent.
 * @throws MedsealError `ARGUMENT_INVALID` if it cannot be written; what the content throws.
 */
export async function writeFileWhole(
  path: string,
  content: AsyncIterable<Uint8Array> | Uint8Array | string,
  argument = path,
): Promise<void> {
  const arriving = partialName(path);
  const whole = ifInterrupted(() => rmSync(arriving, { force: true }));
  try {
    await requireReplaceable(path);
    await pipeline(pieces(content), createWriteStream(arriving, { flags: 'wx', mode: 0o600 }));
    await rename(arriving, path);
  } catch (error) {
    await rm(arriving, { force: true });
    if (error instanceof MedsealError) throw error;
    const reason = argument === path ? 'the file cannot be written' : `${path} cannot be written`;
    throw new MedsealError('ARGUMENT_INVALID', { argument, reason }, { cause: error });
  } finally {
    whole();
  }
  await removeLeft(path);
}

/** A device or a pipe is not replaced by a file. */
async function requireReplaceable(path: string): Promise<void> {
  const found = await lstat(path).catch(() => undefined);
  if (found === undefined || found.isFile() || found.isSymbolicLink()) return;
  throw new Error('it is not a file');
}

/** Removes what a killed process left, which is in the clear too; without permission to, the file is still written. */
async function removeLeft(path: string): Promise<void> {
  const folder = dirname(path);
  for (const name of leftBehind(await readdir(folder).catch(() => []), basename(path))) {
    await rm(join(folder, name), { force: true }).catch(() => undefined);
  }
}

async function* pieces(
  content: AsyncIterable<Uint8Array> | Uint8Array | string,
): AsyncGenerator<Uint8Array> {
  if (typeof content === 'string') yield utf8ToBytes(content);
  else if (content instanceof Uint8Array) yield content;
  else yield* content;
}
