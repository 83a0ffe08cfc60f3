import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { MedsealError } from '../../errors/MedsealError.ts';
import { backUp } from '../../backup/backUp.ts';
import type { OpenElsewhere } from '../../backup/freezeFolder.ts';
import { folderTarget } from '../../backup/folderTarget.ts';
import { backedUpNetworkOf, type BackedUpNetwork } from '../../backup/BackedUpNetwork.ts';
import { tarTarget } from '../../backup/tarTarget.ts';
import { areKeysLocked } from '../../folder/keyGuard.ts';
import { machinePorts } from '../../folder/NodePorts.ts';
import { openFolder } from '../../folder/openFolder.ts';
import { readNewestNetwork } from '../../folder/readNewestNetwork.ts';
import { ServerStores } from '../../fsck/ServerStores.ts';
import { readConfiguration } from '../../node/configuration/readConfiguration.ts';
import type { PassphraseOptions } from '../home/readPassphrase.ts';
import { nodePassphrase } from '../node/nodePassphrase.ts';
import type { AnswerOf } from '../terminal/Answer.ts';
import { describeSize } from '../terminal/describeSize.ts';
import type { Terminal } from '../terminal/Terminal.ts';
import type { BACKUP_MADE } from './keepingAnswers.ts';
import { described } from './restore.ts';
import type { OptionsOf } from '../program/VerbOption.ts';
import type { BACKUP } from './keepingOptions.ts';

/** Backs up a node's folder, whether it runs or not. */
export async function backup(
  terminal: Terminal,
  options: PassphraseOptions & OptionsOf<typeof BACKUP>,
): Promise<AnswerOf<typeof BACKUP_MADE>> {
  const [data, to] = [resolve(options.data), resolve(options.to)];
  if (!existsSync(data)) throw new MedsealError('NODE_ABSENT', { path: data });
  if (to === data || to.startsWith(`${data}/`)) {
    const reason = 'it must lie outside the folder that is backed up';
    throw new MedsealError('ARGUMENT_INVALID', { argument: '--to', reason });
  }
  const ports = await machinePorts();
  const isFile = to.endsWith('.tar');
  if (isFile && existsSync(to)) {
    throw new MedsealError('ARGUMENT_INVALID', {
      argument: '--to',
      reason: 'the file exists already',
    });
  }
  const network = await newestOf(data);
  const target = isFile ? await tarTarget(to, ports.clock) : await folderTarget(to);
  const progress = (path: string): void => terminal.progress.stage(`copying ${path}`);
  const askPassphrase = async (): Promise<string> => await nodePassphrase(terminal, options);
  const openElsewhere: OpenElsewhere = async (files, gate) => {
    const { database: settings } = await readConfiguration({
      folder: files.path,
      environment: process.env,
    });
    const networkId = (await readNewestNetwork(files, ports))?.networkId;
    const stores = await ServerStores.open({ files, settings, networkId, gate });
    return async () => await stores.close();
  };
  const made = await backUp({ data, target, ports, progress, askPassphrase, openElsewhere });
  const locked = await areKeysLocked(await openFolder(data));
  const { files, bytes, paused, logs } = made;
  const lines = [
    `${files} files, ${describeSize(bytes)}, in ${to}.`,
    paused === undefined
      ? 'The node was not running.'
      : `The node kept running; it paused its writes for ${paused} ms.`,
    ...logs.map(({ organisation, log, size }) => `${organisation}: log ${log}, ${size} entries`),
    ...(network ? [described(network)] : []),
    '',
    locked
      ? 'The keys in the backup are encrypted under the node’s passphrase, as in the folder.'
      : 'The keys in the backup are not encrypted: keep it as safe as the folder itself.',
  ];
  return { value: { ...made, ...(network && { network }), to }, lines };

  /** A folder whose network files cannot be read is backed up as it is. */
  async function newestOf(folder: string): Promise<BackedUpNetwork | undefined> {
    try {
      const newest = await readNewestNetwork(await openFolder(folder), ports);
      return newest && backedUpNetworkOf(ports, newest);
    } catch (error) {
      if (error instanceof MedsealError) return undefined;
      throw error;
    }
  }
}
