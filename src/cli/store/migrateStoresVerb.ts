import { join } from 'node:path';
import { POSTGRES_URL, showPostgresAddress } from '../../database/postgres/PostgresAddress.ts';
import { MedsealError } from '../../errors/MedsealError.ts';
import { lockFolder } from '../../folder/lockFolder.ts';
import { machinePorts } from '../../folder/NodePorts.ts';
import { postgresSettings } from '../../node/configuration/configuredDatabases.ts';
import { readConfiguration } from '../../node/configuration/readConfiguration.ts';
import { migrateStores, type MigratedStore } from '../../node/databases/migrateStores.ts';
import { readNetworkFile } from '../home/readPinnedNetwork.ts';
import { readNodeFolder } from '../node/readNodeFolder.ts';
import type { OptionsOf } from '../program/VerbOption.ts';
import type { AnswerOf } from '../terminal/Answer.ts';
import type { Terminal } from '../terminal/Terminal.ts';
import type { STORES_MIGRATED } from './storeAnswers.ts';
import type { STORE_MIGRATE } from './storeOptions.ts';

/**
 * Copies a stopped node's stores to PostgreSQL, or back into its folder.
 *
 * @throws MedsealError `ARGUMENT_INVALID`, `NODE_ABSENT`, `FOLDER_LOCKED`, `CONFIGURATION_INVALID`,
 * `DATABASE_UNREACHABLE`, `DATABASE_LOCKED`, `DATABASE_UNUSABLE`, `STORAGE_FAILED`, `STORAGE_FULL`.
 */
export async function migrateStoresVerb(
  terminal: Terminal,
  { data, to, password }: OptionsOf<typeof STORE_MIGRATE>,
): Promise<AnswerOf<typeof STORES_MIGRATED>> {
  if (to !== 'folder' && !new RegExp(POSTGRES_URL, 'u').test(to)) {
    const reason = 'it must be folder, or postgres://user@host/database without a password';
    throw new MedsealError('ARGUMENT_INVALID', { argument: '--to', reason });
  }
  const { files, folder } = await readNodeFolder(data);
  const { networkId } = await readNetworkFile(join(files.path, 'network.json'));
  const { database } = await readConfiguration({ folder: files.path, environment: process.env });
  const url = to === 'folder' ? database.url : to;
  if (url === undefined) {
    const reason = 'the configuration names no server, from which they could be copied';
    throw new MedsealError('ARGUMENT_INVALID', { argument: '--to', reason });
  }
  // Copied stores have their secrets in the folder, until the operator moves them.
  const { secrets, lease } = database;
  const settings = postgresSettings(url, {
    ...((password ?? database.password) !== undefined && {
      password: password ?? database.password,
    }),
    ...(lease !== undefined && { lease }),
    ...(to === 'folder' && secrets !== undefined && { secrets }),
  });
  const { random } = await machinePorts();
  const unlock = await lockFolder(files, { leaveAsFound: true });
  const organisations: { organisation: string; stores: readonly MigratedStore[] }[] = [];
  try {
    for (const organisation of folder.hosts) {
      const stores = await migrateStores({
        path: join(files.path, 'node', organisation),
        organisation,
        networkId,
        settings,
        to: to === 'folder' ? 'folder' : 'postgres',
        random,
        onProgress: (store, rows) =>
          terminal.progress.stage(`${organisation}: ${store}, ${rows} rows`),
      });
      organisations.push({ organisation, stores });
    }
  } finally {
    await unlock();
  }
  const place = to === 'folder' ? 'folder' : showPostgresAddress(settings.address);
  const configuration = join(files.path, 'medseal.json');
  const next =
    to === 'folder'
      ? [`Now remove database.url from ${configuration}, and start the node.`]
      : [`Now set database.url to ${to} in ${configuration}, and start the node.`];
  return {
    value: { organisations, place },
    lines: [
      ...organisations.map(({ organisation, stores }) => {
        const rows = stores.reduce((sum, each) => sum + each.rows, 0);
        return `${organisation}: ${stores.length} stores with ${rows} rows are in ${place}, and verified`;
      }),
      ...next,
      'Delete the stores in the old place once the node runs: later erasures do not reach them.',
    ],
  };
}
