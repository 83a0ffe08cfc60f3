import { MedsealError } from '../../errors/MedsealError.ts';
import type { Files } from '../../folder/Files.ts';
import { readJsonFile, writeJsonFile } from '../../folder/jsonFiles.ts';
import { ADDRESS, BYTES32, OneOf } from '../../protocol/findShapeError.ts';
import { isOfShape } from '../../protocol/isOfShape.ts';
import type { Of } from '../../protocol/Of.ts';
import type { NetworkFile } from '../../protocol/NetworkFile.ts';

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
 * Writes the file of a channel's accounts.
 *
 * @param exchange - The folder that files are exchanged in.
 * @param channel - The channel's network file.
 */
export async function writeAccounts(
  exchange: Files,
  { ledger, founders = [] }: NetworkFile,
): Promise<void> {
  if (ledger.of === undefined) return;
  const accounts = founders.map(({ organisation, sender: account }) => ({ organisation, account }));
  const file: AccountsFile = { format: 'medseal-accounts/1', network: ledger.of.network, accounts };
  await writeJsonFile(exchange, ACCOUNTS, file);
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
const CHANNELS = 'channels.json';
const CHANNELS_FILE = { format: new OneOf('medseal-channels/1'), folders: ['text'] } as const;

/**
 * Notes the folder of a further channel's node in that of the first one.
 *
 * @param files - The folder of the organisation's node in the first network.
 * @param folder - The folder of its node in the channel.
 */
export async function noteChannel(files: Files, folder: string): Promise<void> {
  const folders = new Set([...(await readChannels(files)), folder]);
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
  if (value === undefined) return [];
  if (isOfShape(CHANNELS_FILE, value)) return value.folders;
  throw new MedsealError('FOLDER_FOREIGN', { path: files.path, what: `${CHANNELS} was altered` });
}
