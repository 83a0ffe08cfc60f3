import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { MedsealError } from '../../errors/MedsealError.ts';
import type { Files } from '../../folder/Files.ts';
import { readJsonFile, writeJsonFile } from '../../folder/jsonFiles.ts';
import { ADDRESS, BYTES32, OneOf } from '../../protocol/wire/findShapeError.ts';
import { isOfShape } from '../../protocol/wire/isOfShape.ts';
import type { Of } from '../../protocol/struct/Of.ts';
import type { NetworkFile } from '../../protocol/network/NetworkFile.ts';
import { presentNodes } from '../../protocol/network/networkLookups.ts';

/** The file of a channel's accounts, which the first network's authority admits; it tells nothing else of the channel. */
export const ACCOUNTS = 'accounts.json';

const ACCOUNTS_FILE = {
  format: new OneOf('medseal-accounts/1'),
  /** SHA-256 of the canonical JSON of the first file of the network whose ledger it is. */
  network: BYTES32,
  accounts: [{ organisation: /^[a-z0-9-]{1,31}$/, account: ADDRESS }],
} as const;

/** Accounts whose transactions a ledger is to take, for a channel of another network. */
export type AccountsFile = Of<typeof ACCOUNTS_FILE>;

/**
 * Returns the accounts that a channel's network file names now, for the authority of the network whose ledger it uses.
 *
 * @param channel - The channel's network file.
 * @returns Undefined if the network has a ledger of its own.
 */
export function accountsOf(channel: NetworkFile): AccountsFile | undefined {
  const { network } = channel.ledger.of ?? {};
  if (network === undefined) return undefined;
  const accounts = presentNodes(channel).map(({ organisation, sender: account }) => {
    return { organisation, account };
  });
  return { format: 'medseal-accounts/1', network, accounts };
}

/**
 * Writes the file of a channel's accounts.
 *
 * @param exchange - The folder that files are exchanged in.
 * @param channel - The channel's network file.
 */
export async function writeAccounts(exchange: Files, channel: NetworkFile): Promise<void> {
  const file = accountsOf(channel);
  if (file !== undefined) await writeJsonFile(exchange, ACCOUNTS, file);
}

/**
 * Parses a file of accounts from outside.
 *
 * @param value - Decoded from JSON.
 * @param file - Its name, for messages.
 * @throws MedsealError `CEREMONY_INVALID`.
 */
export function parseAccounts(value: unknown, file: string): AccountsFile {
  if (isOfShape(ACCOUNTS_FILE, value) && value.accounts.length > 0) return value;
  throw new MedsealError('CEREMONY_INVALID', { file, reason: 'it is malformed' });
}

/** `channels.json` of a folder: folders of the organisation's nodes in further channels on the same ledger. */
export const CHANNELS = 'channels.json';
const CHANNELS_FILE = { format: new OneOf('medseal-channels/1'), folders: ['text'] } as const;

/** Tells whether a node is in a folder that was noted; it can have been moved, or restored elsewhere. */
export function hasNodeFolder(folder: string): boolean {
  return existsSync(join(folder, 'folder.json'));
}

/**
 * Notes the folder of a further channel's node in that of the first one, and forgets folders that have no node now.
 *
 * @param files - The folder of the organisation's node in the first network.
 * @param folder - The folder of its node in the channel.
 */
export async function noteChannel(files: Files, folder: string): Promise<void> {
  const known = (await readChannels(files)).filter(hasNodeFolder);
  const folders = new Set([...known, folder]);
  await writeJsonFile(files, CHANNELS, { format: 'medseal-channels/1', folders: [...folders] });
}

/**
 * Reads the folders of the organisation's nodes in further channels, as far as they were made on this machine.
 *
 * @param files - The folder of its node in the first network.
 * @throws MedsealError `FOLDER_FOREIGN`.
 */
export async function readChannels(files: Files): Promise<readonly string[]> {
  const value = await readJsonFile(files, CHANNELS);
  return value === undefined ? [] : parseChannels(value, files.path);
}

/**
 * Parses `channels.json`.
 *
 * @param value - Decoded from JSON.
 * @param path - The folder, for messages.
 * @throws MedsealError `FOLDER_FOREIGN`.
 */
export function parseChannels(value: unknown, path: string): readonly string[] {
  if (isOfShape(CHANNELS_FILE, value)) return value.folders;
  throw new MedsealError('FOLDER_FOREIGN', { path, what: `${CHANNELS} was altered` });
}
