import { lstat, readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { isMedsealError } from '../../errors/isMedsealError.ts';
import { MedsealError } from '../../errors/MedsealError.ts';
import type { Files } from '../../folder/Files.ts';
import { readJsonFile } from '../../folder/jsonFiles.ts';
import { ORGANISATION } from '../../protocol/shapes/answerShapes.ts';

/**
 * Lists the files of one kind in an exchange folder, in the order of their names. Copies that a system or a person leaves beside
 * them, such as `._hospital.deal.json` or `hospital (1).deal.json`, are passed over.
 *
 * @param exchange - The folder that files are exchanged in.
 * @param ending - The end of their names, after the organisation, such as `.deal.json`.
 * @throws MedsealError `CEREMONY_INVALID` if the folder cannot be read.
 */
export async function listExchanged(exchange: Files, ending: string): Promise<readonly string[]> {
  const names = await exchange.list('').catch((cause: unknown) => {
    throw invalid(exchange.path, 'the folder cannot be read', cause);
  });
  const isMeant = (name: string): boolean =>
    name.endsWith(ending) && ORGANISATION.test(name.slice(0, -ending.length));
  return names.filter(isMeant).toSorted();
}

/**
 * Reads a file of an exchange folder.
 *
 * @param exchange - The folder that files are exchanged in.
 * @param name - The file's name.
 * @returns Undefined if it is not there; nothing in it is trusted.
 * @throws MedsealError `CEREMONY_INVALID` if it is not whole, or cannot be read.
 */
export async function readExchanged(exchange: Files, name: string): Promise<unknown> {
  return await readJsonFile(exchange, name).catch((cause: unknown) => {
    const isFile = isMedsealError(cause, 'FOLDER_FOREIGN');
    const what = isFile ? cause.values.what.replace(name, 'it') : 'it is not a file of this folder';
    throw invalid(name, what, cause);
  });
}

/**
 * Requires an exchange folder to be there: one that is yet to be mounted is not made in its place.
 *
 * @param path - The folder.
 * @throws MedsealError `CEREMONY_INVALID`.
 */
export async function requireExchange(path: string): Promise<void> {
  const found = await stat(path).catch(() => undefined);
  if (found?.isDirectory() !== true) throw invalid(path, 'the folder is not there');
}

/**
 * Returns a text that changes whenever a file of an exchange folder does.
 *
 * @param path - The folder.
 */
export async function stampOf(path: string): Promise<string> {
  const names = await readdir(path).catch(() => undefined);
  if (names === undefined) return 'absent';
  const stamps = names.toSorted().map(async (name) => {
    const found = await lstat(join(path, name)).catch(() => undefined);
    return [name, found?.ino, found?.size, found?.mtimeMs, found?.ctimeMs].join(' ');
  });
  return (await Promise.all(stamps)).join('\n');
}

function invalid(file: string, reason: string, cause?: unknown): MedsealError {
  return new MedsealError('CEREMONY_INVALID', { file, reason }, { cause });
}
