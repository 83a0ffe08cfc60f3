import { resolve } from 'node:path';
import type { BackedUpNetwork } from '../../backup/BackedUpNetwork.ts';
import { openBackup } from '../../backup/openBackup.ts';
import { restoreBackup } from '../../backup/restoreBackup.ts';
import { MedsealError } from '../../errors/MedsealError.ts';
import { machinePorts } from '../../folder/NodePorts.ts';
import { BYTES32 } from '../../protocol/wire/findShapeError.ts';
import { readConfiguration } from '../../node/configuration/readConfiguration.ts';
import type { Bytes32 } from '../../protocol/ids.ts';
import type { AnswerOf } from '../terminal/Answer.ts';
import { describeSize } from '../terminal/describeSize.ts';
import type { Terminal } from '../terminal/Terminal.ts';
import { calledAs } from '../program/calledAs.ts';
import type { BACKUP_RESTORED } from './keepingAnswers.ts';
import type { OptionsOf } from '../program/VerbOption.ts';
import type { RESTORE } from './keepingOptions.ts';

/** Of a backup that was made before the network was founded. */
const UNSIGNED = [
  'It was made before its network was founded, so it is not signed: check that the settings in medseal.json are',
  'yours. If you know that it was made later, somebody has altered it.',
  '',
];

/** Of a backup that nothing but its own signature was compared with. */
const COMPARE = [
  'Compare that number and fingerprint with the others: whoever has a former key of the log can take later changes out.',
  '',
];

/** Of a backup of a node whose stores were at a server. */
const HERE = [
  'Its stores are in the folder now. Before it starts: move them with `medseal store migrate` to a server without the',
  'former ones, or remove database.url from medseal.json.',
];

/** Names the newest network file that a folder or a backup knows, for people. */
export function described({ number, fingerprint }: BackedUpNetwork): string {
  return `Newest network file: number ${number}, fingerprint ${fingerprint}`;
}

/** Restores a backup into an empty folder. */
export async function restore(
  terminal: Terminal,
  from: string,
  options: OptionsOf<typeof RESTORE>,
): Promise<AnswerOf<typeof BACKUP_RESTORED>> {
  const data = resolve(options.data);
  const requires = options.fingerprint?.toLowerCase() as Bytes32 | undefined;
  if (requires !== undefined && !BYTES32.test(requires)) {
    const reason = 'a fingerprint is 0x and 64 hexadecimal digits';
    throw new MedsealError('ARGUMENT_INVALID', { argument: '--fingerprint', reason });
  }
  const source = await openBackup(resolve(from));
  const progress = (path: string): void => terminal.progress.stage(`copying ${path}`);
  const ports = await machinePorts();
  const restored = await restoreBackup({ source, from, data, ports, requires, progress });
  const { files, bytes, at, logs, network, networkId } = restored;
  const { database } = await readConfiguration({ folder: data, environment: process.env });
  const lines = [
    `${files} files, ${describeSize(bytes)}, restored into ${data}, as of ${new Date(at * 1000).toISOString()}.`,
    ...logs.map(({ organisation, log, size }) => `${organisation}: log ${log}, ${size} entries`),
    ...(network ? [described(network)] : []),
    '',
    ...(network && requires === undefined ? COMPARE : []),
    ...(networkId === undefined ? UNSIGNED : []),
    ...(database.url === undefined ? [] : HERE),
    'When the node starts, it first learns from the ledger and its peers what it missed; it serves nobody before.',
    'Make sure that the node that was backed up never runs again.',
    `Next: ${calledAs(`up --data ${options.data}`)}`,
  ];
  return { value: { ...restored, data }, lines };
}
