import { examineArchive, type ExaminedArchive } from '../../client/archive/examineArchive.ts';
import { machinePorts } from '../../folder/NodePorts.ts';
import { fingerprintOf } from '../../protocol/network/fingerprintOf.ts';
import { domainOf } from '../../protocol/struct/domainOf.ts';
import { describeMoment } from '../describeBody.ts';
import { readAnyNetwork } from '../home/readPinnedNetwork.ts';
import type { HomeOptions } from '../program/sharedOptions.ts';
import type { AnswerOf } from '../terminal/Answer.ts';
import type { Terminal } from '../terminal/Terminal.ts';
import { answerFindings, type Finding } from '../verify/Finding.ts';
import type { FINDINGS } from '../verify/verifyAnswers.ts';
import { openArchiveFile } from './openArchiveFile.ts';

/**
 * Verifies an archive of a chart with the pinned network file alone. Nobody is asked, and nothing is unpacked.
 *
 * @param terminal - Shows how far it is.
 * @param file - The archive.
 * @param options - The network file.
 * @throws MedsealError `ARGUMENT_INVALID` if it cannot be read; as `readAnyNetwork`.
 */
export async function verifyExport(
  { progress }: Terminal,
  file: string,
  options: HomeOptions,
): Promise<AnswerOf<typeof FINDINGS>> {
  const network = await readAnyNetwork(options);
  const ports = await machinePorts();
  const archive = await openArchiveFile(file, 'read');
  try {
    const context = { ...ports, network, domain: domainOf(network) };
    const found = await examineArchive(context, archive, (nth, of) =>
      progress.stage(`verifying ${nth} of ${of} record versions`),
    );
    return answerFindings({
      network: fingerprintOf(ports.primitives, network),
      findings: findingsOf(found),
      unchecked: uncheckedIn(found),
    });
  } finally {
    await archive.close();
  }
}

function findingsOf({
  subject,
  chain,
  proven,
  erased,
  faults,
}: ExaminedArchive): readonly Finding[] {
  const wrong = faults.map(({ path, reason }) => ({ what: path, safe: false, detail: reason }));
  if (subject === undefined || chain === undefined) return wrong;
  const { handle, party, at } = subject;
  const entries = chain.logs.reduce((sum, { events }) => sum + events.length, 0);
  const isChainSafe = !faults.some(({ path }) => path === 'chain.json');
  const gone = erased.length > 0 ? `; the patient erased ${erased.length} others` : '';
  return [
    ...(isChainSafe
      ? [
          {
            what: 'chain.json',
            safe: true,
            detail: `all ${entries} entries about the chart ${handle} up to ${describeMoment(at)}, by an audit of its patient ${party}`,
          },
        ]
      : []),
    {
      what: 'records',
      safe: true,
      detail: `${proven.length} record versions are what their authors signed${gone}`,
    },
    ...wrong,
  ];
}

function uncheckedIn({ chain, files, isPinned }: ExaminedArchive): readonly string[] {
  return [
    ...(chain?.logs ?? []).flatMap(({ log, unchecked }) =>
      unchecked.map((what) => `${log}: ${what}`),
    ),
    ...(isPinned ? [] : ['network.json in the archive: it is another state of this network']),
    ...(files.some(({ path }) => path === 'successors.json')
      ? ['successors.json in the archive: take the network file from somebody you trust']
      : []),
    'rights.json: if all rights and rules are there, which the patient’s devices know, and if each right holds, which the ledger has',
    'that the ledger holds the checkpoints: "verify chain" with chain.json and --rpc asks it',
  ];
}
