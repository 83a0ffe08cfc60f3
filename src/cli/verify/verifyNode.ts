import { readdir } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { MedsealError } from '../../errors/MedsealError.ts';
import { examineOrganisation, type ExaminedPart } from '../../node/examineOrganisation.ts';
import { lockFolder } from '../../node/lockFolder.ts';
import { machinePorts } from '../../node/NodePorts.ts';
import { fingerprintOf } from '../../protocol/fingerprintOf.ts';
import type { Bytes32, Organisation } from '../../protocol/ids.ts';
import { logOf } from '../../protocol/networkLookups.ts';
import { openFolder } from '../../vault/openFolder.ts';
import { readNetworkFile } from '../readPinnedNetwork.ts';
import type { Answer } from '../terminal/Answer.ts';
import type { Terminal } from '../terminal/Terminal.ts';
import { answerFindings, type Finding } from './Finding.ts';

/** Options of `medseal verify node`. */
export interface VerifyNodeOptions {
  /** The folder of a network that no process runs on. */
  readonly data: string;
  readonly network?: string;
}

/**
 * Verifies all that the organisations of a folder hold at rest: logs with their bodies, sealed files, what
 * coordinators keep; and that copies of one log are one history.
 *
 * @param options - See `medseal verify node --help`.
 */
export async function verifyNode(_terminal: Terminal, options: VerifyNodeOptions): Promise<Answer> {
  const data = resolve(options.data);
  const path = options.network ?? join(data, 'network.json');
  const network = await readNetworkFile(path);
  const ports = await machinePorts();
  const unlock = await lockFolder(await openFolder(data));
  const parts: ExaminedPart[] = [];
  try {
    for (const organisation of await organisationsIn(data)) {
      const folder = join(data, 'node', organisation);
      parts.push(...(await examineOrganisation(folder, network, organisation, ports)));
    }
  } finally {
    await unlock();
  }
  const findings = parts.map(findingOf);
  const unchecked = [
    'that the ledger holds the checkpoints: "medseal verify log --rpc" asks a running one',
    'packets, sheets, patients’ states and cards: their parties verify them',
  ];
  for (const { name } of network.channels.flatMap(({ logs }) => logs)) {
    findings.push(...compareCopies(name, logOf(network, name).log.organisation, parts));
  }
  const fingerprint = fingerprintOf(ports.primitives, network);
  return answerFindings({ network: fingerprint, findings, unchecked });
}

async function organisationsIn(data: string): Promise<readonly Organisation[]> {
  const names = await readdir(join(data, 'node')).catch((cause: unknown) => {
    const reason = 'it holds no node';
    throw new MedsealError('ARGUMENT_INVALID', { argument: '--data', reason }, { cause });
  });
  return names.filter((name) => name !== 'ledger').toSorted();
}

function findingOf({ name, holds, faults }: ExaminedPart): Finding {
  const safe = faults.length === 0;
  return { what: name, safe, detail: safe ? holds : faults.join('; ') };
}

/** Copies may be shorter than the log itself, which has every checkpoint; of one size they must be one. */
function compareCopies(
  log: string,
  owner: Organisation,
  parts: readonly ExaminedPart[],
): readonly Finding[] {
  const logs = parts.filter((part) => part.log === log);
  const own = logs.find(({ organisation }) => organisation === owner)?.checkpoints;
  if (own === undefined) return [];
  const faults = logs.flatMap(({ organisation, checkpoints = new Map<number, Bytes32>() }) =>
    [...checkpoints].flatMap(([size, root]) => {
      const there = own.get(size);
      if (there === root) return [];
      const what = there === undefined ? 'a checkpoint that is lost here' : 'another history';
      return [`the copy of ${organisation} has ${what}, of ${size} entries`];
    }),
  );
  return faults.length === 0 ? [] : [{ what: log, safe: false, detail: faults.join('; ') }];
}
