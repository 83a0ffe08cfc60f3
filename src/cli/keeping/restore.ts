import { resolve } from 'node:path';
import { openBackup } from '../../backup/openBackup.ts';
import { restoreBackup } from '../../backup/restoreBackup.ts';
import { machinePorts } from '../../folder/NodePorts.ts';
import type { AnswerOf } from '../terminal/Answer.ts';
import { describeSize } from '../terminal/describeSize.ts';
import type { Terminal } from '../terminal/Terminal.ts';
import { calledAs } from '../program/calledAs.ts';
import type { BACKUP_RESTORED } from './keepingAnswers.ts';

/** Options of `medseal restore`. */
export interface RestoreVerbOptions {
  /** The folder that it becomes. */
  readonly data: string;
}

/** Of a backup that was made before the network was founded. */
const UNSIGNED = [
  'It was made before its network was founded, so it is not signed: check that the settings in medseal.json are',
  'yours. If you know that it was made later, somebody has altered it.',
  '',
];

/**
 * Restores a backup into an empty folder.
 *
 * @param terminal - Shows the progress.
 * @param from - The backup: a folder, or a tar archive.
 * @param options - See `medseal restore --help`.
 */
export async function restore(
  terminal: Terminal,
  from: string,
  options: RestoreVerbOptions,
): Promise<AnswerOf<typeof BACKUP_RESTORED>> {
  const data = resolve(options.data);
  const source = await openBackup(resolve(from));
  const progress = (path: string): void => terminal.progress.stage(`copying ${path}`);
  const ports = await machinePorts();
  const restored = await restoreBackup({ source, from, data, ports, progress });
  const { files, bytes, at, logs, networkId } = restored;
  const lines = [
    `${files} files, ${describeSize(bytes)}, restored into ${data}, as of ${new Date(at * 1000).toISOString()}.`,
    ...logs.map(({ organisation, log, size }) => `${organisation}: log ${log}, ${size} entries`),
    '',
    ...(networkId === undefined ? UNSIGNED : []),
    'When the node starts, it first learns from the ledger and its peers what it missed; it serves nobody before.',
    'Make sure that the node that was backed up never runs again.',
    `Next: ${calledAs(`up --data ${options.data}`)}`,
  ];
  return { value: { ...restored, data }, lines };
}
