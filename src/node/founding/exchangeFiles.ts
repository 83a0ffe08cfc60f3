import { lstat, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { isMedsealError } from '../../errors/isMedsealError.ts';
import { MedsealError } from '../../errors/MedsealError.ts';
import type { Files } from '../../folder/Files.ts';
import { openFormerFolder } from '../../folder/openFolder.ts';
import { readJsonFile, writeJsonFile } from '../../folder/jsonFiles.ts';
import { ORGANISATION } from '../../protocol/shapes/answerShapes.ts';

/** The most bytes of a file that one organisation gives: a deal for 256 members has a few million. */
const MOST = 2 ** 24;

/** The most bytes of the founder's terms: all deals are in them. */
export const MOST_TERMS = 2 ** 26;

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
 * @param most - The most bytes that it may have; anybody who writes there could fill the memory.
 * @returns Undefined if it is not there; nothing in it is trusted.
 * @throws MedsealError `CEREMONY_INVALID` if it is not whole, or cannot be read.
 */
export async function readExchanged(exchange: Files, name: string, most = MOST): Promise<unknown> {
  return await readJsonFile(exchange, name, most).catch((cause: unknown) => {
    const isFile = isMedsealError(cause, 'FOLDER_FOREIGN');
    const what = isFile ? cause.values.what.replace(name, 'it') : 'it is not a file of this folder';
    throw invalid(name, what, cause);
  });
}

/**
 * Writes a file of an exchange folder, durably, unless it is there already.
 *
 * @param exchange - The folder that files are exchanged in.
 * @param name - The file's name.
 * @param value - Any JSON value.
 * @throws MedsealError `CEREMONY_INVALID` if it cannot be written.
 */
export async function writeExchanged(exchange: Files, name: string, value: object): Promise<void> {
  const known = await readJsonFile(exchange, name, MOST_TERMS).catch(() => undefined);
  if (JSON.stringify(known) === JSON.stringify(value)) return;
  await writeJsonFile(exchange, name, value).catch((cause: unknown) => {
    const reason = `it cannot be written: see that nothing else has this name in ${exchange.path}, that you may write there, and that there is space`;
    throw invalid(name, reason, cause);
  });
}

/**
 * Opens an exchange folder that has to be there: one that is yet to be mounted is not made in its place.
 *
 * @param path - The folder.
 * @throws MedsealError `CEREMONY_INVALID`.
 */
export async function openExchange(path: string): Promise<Files> {
  return await openFormerFolder(path).catch((cause: unknown) => {
    throw invalid(path, 'the folder is not there', cause);
  });
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
