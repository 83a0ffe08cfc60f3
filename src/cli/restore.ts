import { resolve } from 'node:path';
import { openBackup } from '../node/backup/openBackup.ts';
import { restoreBackup } from '../node/backup/restoreBackup.ts';
import { machinePorts } from '../node/NodePorts.ts';
import type { CommandAnswer } from './terminal/Answer.ts';
import { describeSize } from './terminal/describeSize.ts';
import type { Terminal } from './terminal/Terminal.ts';

/** Options of `medseal restore`. */
export interface RestoreVerbOptions {
  /** The folder that it becomes. */
  readonly data: string;
}

/** Of a backup that was made before the network was founded. */
const UNSIGNED = [
  'It is of before its network was founded, so nobody signed it: look into medseal.json whether its settings',
  'are yours. A backup that was made later, and is said to be of before, was altered.',
  '',
];

/**
 * Restores a backup into an empty folder.
 *
 * @param terminal - Where it says how far it is.
 * @param from - The backup: a folder, or a tar archive.
 * @param options - See `medseal restore --help`.
 */
export async function restore(
  terminal: Terminal,
  from: string,
  options: RestoreVerbOptions,
): Promise<CommandAnswer> {
  const data = resolve(options.data);
  const source = await openBackup(resolve(from));
  const progress = (path: string): void => terminal.progress.stage(`copying ${path}`);
  const ports = await machinePorts();
  const restored = await restoreBackup({ source, from, data, ports, progress });
  const { files, bytes, at, logs, networkId } = restored;
  const lines = [
    `${files} files, ${describeSize(bytes)}, in ${data}: as it was at ${new Date(at * 1000).toISOString()}.`,
    ...logs.map(({ organisation, log, size }) => `${organisation}: log ${log}, ${size} entries`),
    '',
    ...(networkId === undefined ? UNSIGNED : []),
    'When its node starts, it first learns from the ledger and from its peers what it missed, and',
    'serves nobody before. See to it that the node that was backed up never runs again.',
  ];
  return { value: { ...restored, data }, lines };
}
