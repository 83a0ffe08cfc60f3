import { join } from 'node:path';
import { withDatabase } from '../../database/withDatabase.ts';
import { MedsealError } from '../../errors/MedsealError.ts';
import { lockFolder } from '../../folder/lockFolder.ts';
import { requireAllStoresHere } from '../../folder/StoresMark.ts';
import { machinePorts } from '../../folder/NodePorts.ts';
import { openFolder } from '../../folder/openFolder.ts';
import { configuredStores } from '../../node/configuration/configuredStores.ts';
import { readConfiguration } from '../../node/configuration/readConfiguration.ts';
import type { Organisation } from '../../protocol/ids.ts';
import { migrateVault, type VaultMigrated } from '../../vault/migrateVault.ts';
import { STORE } from '../../vault/StoreSettings.ts';
import { readNodeFolder } from '../node/readNodeFolder.ts';
import { readNetworkFile } from '../home/readPinnedNetwork.ts';
import type { AnswerOf } from '../terminal/Answer.ts';
import type { Terminal } from '../terminal/Terminal.ts';
import type { VAULT_MIGRATED } from './vaultAnswers.ts';
import type { OptionsOf } from '../program/VerbOption.ts';
import type { VAULT_MIGRATE } from './vaultOptions.ts';

/**
 * Copies a stopped node's sealed files to another store.
 *
 * @throws MedsealError `ARGUMENT_INVALID`, `NODE_ABSENT`, `FOLDER_LOCKED`; `CONFIGURATION_INVALID` if credentials are
 * missing; `STORAGE_FAILED`, `STORAGE_FULL`.
 */
export async function migrateVerb(
  terminal: Terminal,
  { data, to, region, credentials }: OptionsOf<typeof VAULT_MIGRATE>,
): Promise<AnswerOf<typeof VAULT_MIGRATED>> {
  if (!new RegExp(STORE).test(to)) {
    const reason = 'it must be folder, s3:https://host/bucket, or ipfs:http://127.0.0.1:5001';
    throw new MedsealError('ARGUMENT_INVALID', { argument: '--to', reason });
  }
  const { files } = await readNodeFolder(data);
  await requireAllStoresHere(files);
  const { networkId } = await readNetworkFile(join(files.path, 'network.json'));
  const { vault } = await readConfiguration({ folder: files.path, environment: process.env });
  if (vault.store === to) {
    const reason = 'the sealed files are there by the configuration';
    throw new MedsealError('ARGUMENT_INVALID', { argument: '--to', reason });
  }
  const ports = await machinePorts();
  const from = await configuredStores(vault, ports);
  const settings = { store: to, region, ...(credentials && { credentials }) };
  const target = await configuredStores(settings, ports);
  const unlock = await lockFolder(files, { leaveAsFound: true });
  const organisations: ({ organisation: Organisation } & VaultMigrated)[] = [];
  try {
    for (const organisation of (await files.list('node')).toSorted()) {
      const at = join(files.path, 'node', organisation);
      await withDatabase(join(at, 'vault-index'), async (database) => {
        const folder = await openFolder(join(at, 'vault'));
        const migrated = await migrateVault({
          database,
          from: from(organisation, folder, networkId),
          to: target(organisation, folder, networkId),
          createSha256: ports.createSha256,
          onProgress: (done, all) => {
            const share = `${done.files} of ${all.files} files, ${megabytes(done.bytes)} of ${megabytes(all.bytes)} MB`;
            terminal.progress.stage(`${organisation}: ${share}`);
          },
        });
        organisations.push({ organisation, ...migrated });
      });
    }
  } finally {
    await unlock();
  }
  const lost = organisations.flatMap((each) => each.lost);
  return {
    value: { organisations, store: to },
    ...(lost.length > 0 && { ok: false }),
    lines: [
      ...organisations.map(({ organisation, copied, kept, lost: missing }) => {
        const before = kept === 0 ? '' : `, ${kept} were there`;
        const gone = missing.length === 0 ? '' : `, ${missing.length} were lost before`;
        return `${organisation}: ${copied} sealed files copied and verified${before}${gone}`;
      }),
      `Now set vault.store to ${to} in ${join(files.path, 'medseal.json')}, and start the node.`,
      ...(lost.length > 0
        ? ['The node fetches the lost files from its peers, if they have them.']
        : []),
    ],
  };
}

function megabytes(bytes: number): string {
  return (bytes / 1e6).toFixed(1);
}
