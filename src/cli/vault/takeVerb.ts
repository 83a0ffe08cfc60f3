import { join } from 'node:path';
import { MedsealError } from '../../errors/MedsealError.ts';
import { lockFolder } from '../../folder/lockFolder.ts';
import { machinePorts } from '../../folder/NodePorts.ts';
import { openFolder } from '../../folder/openFolder.ts';
import { configuredStores } from '../../node/configuration/configuredStores.ts';
import { readConfiguration } from '../../node/configuration/readConfiguration.ts';
import { readNodeFolder } from '../node/readNodeFolder.ts';
import { readNetworkFile } from '../home/readPinnedNetwork.ts';
import type { AnswerOf } from '../terminal/Answer.ts';
import type { Terminal } from '../terminal/Terminal.ts';
import type { STORE_TAKEN_OVER } from './vaultAnswers.ts';
import type { OptionsOf } from '../program/VerbOption.ts';
import type { NODE } from '../node/nodeOptions.ts';

/**
 * Makes the store of a stopped node its folder's alone, whose folder's it was before.
 *
 * @throws MedsealError `NODE_ABSENT`, `FOLDER_LOCKED`; `ARGUMENT_INVALID` if the sealed files are in the folder;
 * `CONFIGURATION_INVALID`, `STORAGE_FAILED`.
 */
export async function takeVerb(
  terminal: Terminal,
  { data }: OptionsOf<typeof NODE>,
): Promise<AnswerOf<typeof STORE_TAKEN_OVER>> {
  const { files, folder } = await readNodeFolder(data);
  const { networkId } = await readNetworkFile(join(files.path, 'network.json'));
  const { vault } = await readConfiguration({ folder: files.path, environment: process.env });
  const open = await configuredStores(vault, await machinePorts());
  const unlock = await lockFolder(files, { leaveAsFound: true });
  try {
    const taken: string[] = [];
    await terminal.confirm([
      `The folder ${files.path} is about to take ${vault.store} over.`,
      '',
      'From then on it alone deletes sealed files there. If another folder that keeps its files there still runs, both lose files.',
    ]);
    for (const organisation of folder.hosts) {
      const path = join(files.path, 'node', organisation, 'vault');
      const store = open(organisation, await openFolder(path), networkId);
      if (store.take === undefined) {
        const reason = 'its sealed files are in the folder itself';
        throw new MedsealError('ARGUMENT_INVALID', { argument: '--data', reason });
      }
      if (await store.take()) taken.push(organisation);
    }
    return {
      value: { store: vault.store, organisations: taken },
      lines: [
        taken.length === 0
          ? `${vault.store} is this folder’s already.`
          : `${vault.store} is this folder’s now. Next: start the node.`,
      ],
    };
  } finally {
    await unlock();
  }
}
