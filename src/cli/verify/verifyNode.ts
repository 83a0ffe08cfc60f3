import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { MedsealError } from '../../errors/MedsealError.ts';
import { examineFolder } from '../../fsck/examineFolder.ts';
import { storesAtRest, type StoresAtRest } from '../../fsck/storesAtRest.ts';
import type {
  ExaminationHearer,
  ExaminedPart,
} from '../../services/examination/OrganisationExamination.ts';
import type { Configuration } from '../../node/configuration/Configuration.ts';
import { parseConfiguration } from '../../node/configuration/parseConfiguration.ts';
import {
  CONFIGURATION_FILE,
  readConfiguration,
} from '../../node/configuration/readConfiguration.ts';
import { openKeyGuard } from '../../folder/keyGuard.ts';
import { lockFolder } from '../../folder/lockFolder.ts';
import { machinePorts } from '../../folder/NodePorts.ts';
import { fingerprintOf } from '../../protocol/network/fingerprintOf.ts';
import { openSharedFolder } from '../../folder/openFolder.ts';
import { readPassphrase, type PassphraseOptions } from '../home/readPassphrase.ts';
import { readNetworkFile } from '../home/readPinnedNetwork.ts';
import type { AnswerOf } from '../terminal/Answer.ts';
import type { Terminal } from '../terminal/Terminal.ts';
import { answerFindings, type Finding } from './Finding.ts';
import { calledAs } from '../program/calledAs.ts';
import type { FINDINGS } from './verifyAnswers.ts';
import type { OptionsOf } from '../program/VerbOption.ts';
import type { VERIFY_NODE } from './verifyOptions.ts';

/** Largest number of faults that are told of one part. */
const TOLD = 100;

/**
 * Verifies all that a node's folder holds at rest, as `medseal fsck` does, and says of each part whether it is safe.
 */
export async function verifyNode(
  terminal: Terminal,
  options: PassphraseOptions & OptionsOf<typeof VERIFY_NODE>,
): Promise<AnswerOf<typeof FINDINGS>> {
  const data = resolve(options.data);
  // To open an absent folder would make it.
  const files = existsSync(data) ? await openSharedFolder(data) : undefined;
  if (files === undefined || !(await files.list('')).includes('node')) {
    throw new MedsealError('ARGUMENT_INVALID', {
      argument: '--data',
      reason: 'the folder holds no node',
    });
  }
  const configuration = await configurationOf(data, options.config);
  const network = await readNetworkFile(options.network ?? join(data, 'network.json'));
  const ports = await machinePorts();
  const stoppedInOrder = (await files.size('process.json')) === undefined;
  const unlock = await lockFolder(files, { leaveAsFound: true });
  const parts: ExaminedPart[] = [];
  const faults = new Map<string, string[]>();
  const hearer: ExaminationHearer = {
    part: (part) => void parts.push(part),
    fault: ({ path, what, remedy }) => {
      const known = faults.get(path) ?? [];
      if (remedy !== 'none' && known.length < TOLD) faults.set(path, [...known, what]);
    },
    progress: (what) => terminal.progress.stage(what),
  };
  let stores: StoresAtRest | undefined;
  try {
    stores = await storesAtRest(files, configuration, network, ports);
    const guard = await openKeyGuard(
      files,
      async () => await readPassphrase(terminal, 'the node’s keys', options),
    );
    await examineFolder({ data, network, ports, guard, hearer, stoppedInOrder, ...stores });
  } finally {
    await stores?.elsewhere.close();
    await unlock();
  }
  const findings = parts.map(({ path, name, holds }): Finding => {
    const found = faults.get(path);
    faults.delete(path);
    return { what: name, safe: found === undefined, detail: found?.join('; ') ?? holds };
  });
  for (const [path, found] of faults) {
    findings.push({ what: path, safe: false, detail: found.join('; ') });
  }
  const unchecked = [
    ...(options.network === undefined
      ? [
          'that the folder’s network file is the right one: give the one that you trust with --network',
        ]
      : []),
    `that the ledger is the network’s: "${calledAs('verify log --rpc')}" asks a running ledger`,
  ];
  return answerFindings({ network: fingerprintOf(ports.primitives, network), findings, unchecked });
}

/**
 * Settings of where stores are. The folder may be somebody else's: its own would have this machine send any file of the caller,
 * as a password, to any server.
 */
async function configurationOf(folder: string, file: string | undefined): Promise<Configuration> {
  const environment = process.env;
  if (file !== undefined) return await readConfiguration({ folder, file, environment });
  const { database, vault } = await readConfiguration({ folder });
  if (database.url === undefined && vault.store === 'folder')
    return parseConfiguration({ environment });
  const own = join(folder, CONFIGURATION_FILE);
  throw new MedsealError('ARGUMENT_INVALID', {
    argument: '--config',
    reason: `the folder has stores at ${database.url ?? vault.store}, which is not called unless you trust its configuration; then add --config ${own}`,
  });
}
