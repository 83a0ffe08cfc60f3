import { resolve } from 'node:path';
import { MedsealError } from '../../errors/MedsealError.ts';
import { machinePorts } from '../../folder/NodePorts.ts';
import { openNodeFolder } from '../../node/NodeFolder.ts';
import { settleFork } from '../../node/succession/settleFork.ts';
import { BYTES32 } from '../../protocol/wire/findShapeError.ts';
import type { Bytes32 } from '../../protocol/ids.ts';
import { nodePassphrase } from '../node/nodePassphrase.ts';
import type { AnswerOf } from '../terminal/Answer.ts';
import type { Terminal } from '../terminal/Terminal.ts';
import type { FORK_SETTLED } from './changeAnswers.ts';
import type { SeatOptions } from './openSeats.ts';

/** Options of `medseal network settle`. */
export interface SettleForkOptions extends SeatOptions {
  readonly keep: string;
}

/** Decides a fork of the network file for a node that is stopped. */
export async function settleForkVerb(
  terminal: Terminal,
  options: SettleForkOptions,
): Promise<AnswerOf<typeof FORK_SETTLED>> {
  const keeps = options.keep.toLowerCase() as Bytes32;
  if (!BYTES32.test(keeps)) {
    const reason = 'a fingerprint is 0x and 64 hexadecimal digits';
    throw new MedsealError('ARGUMENT_INVALID', { argument: '--keep', reason });
  }
  const ports = await machinePorts();
  const askPassphrase = async (): Promise<string> => await nodePassphrase(terminal, options);
  const folder = await openNodeFolder(resolve(options.data), { ports, askPassphrase });
  try {
    await terminal.confirm([
      `From now on the node in ${folder.files.path} goes by the network file ${keeps},`,
      'and takes the other one no more. All organisations must decide alike.',
    ]);
    terminal.changing();
    const number = await settleFork(folder.files, keeps, ports);
    return {
      value: { data: folder.files.path, number, fingerprint: keeps },
      lines: [`Change ${number} is decided. Start the node again.`],
    };
  } finally {
    await folder.close();
  }
}
