import { Scratch } from '../database/files/Scratch.ts';
import { MedsealError } from '../errors/MedsealError.ts';
import { readFolderFile, writeFolderFile } from '../folder/FolderFile.ts';
import { FOUNDING_FORMAT, parseFounding, type Founding } from '../folder/Founding.ts';
import { readJsonFile, writeJsonFile } from '../folder/jsonFiles.ts';
import type { Migration } from '../folder/migrateFolder.ts';
import { requireLogFormat } from '../log/claimDatabase.ts';
import { LogRows } from '../log/LogRows.ts';
import type { NetworkFile } from '../protocol/network/NetworkFile.ts';
import type { Files } from '../folder/Files.ts';

/** All steps from one layout of a node's folder to the next. */
export const migrations: readonly Migration[] = [
  {
    from: 2,
    about: 'write the organisations of the folder to folder.json',
    async migrate(files) {
      const written = (await readJsonFile(files, 'founding.json')) as Founding;
      const founding = parseFounding({ ...written, format: FOUNDING_FORMAT }, files.path);
      await writeJsonFile(files, 'founding.json', founding);
      await writeFolderFile(files, { demo: founding.demo, hosts: founding.organisations });
    },
  },
  {
    from: 3,
    about: 'note in folder.json which formats its stores have',
    // Layout 3 said nothing of its stores: versions that wrote it wrote logs of several formats.
    require: requireLogs,
    migrate: renumber,
  },
  {
    from: 4,
    about: 'expect the keys of its validator under the folder’s key',
    // Keys that lay in clear are not to be trusted again, and only a founding or a change of the network names others.
    async require(files) {
      const path = 'validator/validator-key.json';
      if ((await files.size(path)) === undefined) return;
      const what = `the key of its validator lies in clear, in ${path}`;
      throw new MedsealError('FOLDER_OLDER', { path: files.path, what });
    },
    migrate: renumber,
  },
  {
    from: 5,
    about: 'note in folder.json that entries say who began a record',
    require: requireLogs,
    migrate: renumber,
  },
  {
    from: 6,
    about: 'expect a contract of claims that holds payments',
    async require(files) {
      const path = 'network.json';
      if ((await files.size(path)) === undefined) return;
      const { contracts } = (await readJsonFile(files, path)) as Partial<NetworkFile>;
      if (contracts?.claims === undefined) return;
      const what = 'the contract of claims in its network pays at once';
      throw new MedsealError('FOLDER_OLDER', { path: files.path, what });
    },
    migrate: renumber,
  },
  {
    from: 7,
    about: 'expect release keys that are points of secp256k1',
    async require(files) {
      const path = 'network.json';
      if ((await files.size(path)) === undefined) return;
      const { channels = [] } = (await readJsonFile(files, path)) as Partial<NetworkFile>;
      if (channels.every(({ release }) => release === undefined)) return;
      const what = 'the release key of its network is of another curve: found the network again';
      throw new MedsealError('FOLDER_OLDER', { path: files.path, what });
    },
    migrate: renumber,
  },
  {
    from: 8,
    about: 'state in folder.json which version wrote the folder, and the formats of its stores',
    migrate: renumber,
  },
  {
    from: 9,
    about:
      'expect a checksum in every row of its stores, which get theirs when they are first opened',
    async migrate(files) {
      // Its rows had checksums of their own: it is read from the ledger again.
      const index = 'node/ledger/index';
      for (const name of await files.list(index)) await files.remove(`${index}/${name}`);
      await renumber(files);
    },
  },
];

/** Refuses a folder whose logs are of an earlier format: their entries are signed, and stay as they are. */
async function requireLogs(files: Files): Promise<void> {
  const { path } = files;
  const logs = await logsIn(files);
  if (logs.length === 0) return;
  const scratch = await Scratch.open(path);
  try {
    for (const name of logs) {
      const database = await scratch.database(name);
      // A log that cannot be opened is a fault, which the start or an examination names.
      if (database !== undefined) await requireLogFormat(new LogRows(database), path);
    }
  } finally {
    await scratch.close();
  }
}

/** Gives a folder its new number. */
async function renumber(files: Files): Promise<void> {
  const folder = await readFolderFile(files);
  if (folder === undefined) return;
  await writeFolderFile(files, folder);
}

/** Paths of the logs' databases in a folder. */
async function logsIn(files: Files): Promise<readonly string[]> {
  const found: string[] = [];
  for (const host of await files.list('node')) {
    const logs = await files.list(`node/${host}/logs`);
    found.push(...logs.map((log) => `node/${host}/logs/${log}`));
  }
  return found;
}
