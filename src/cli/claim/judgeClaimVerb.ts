import { judgeClaim } from '../../client/claims/judgeClaim.ts';
import { claimsTold } from '../../client/claims/keptClaimSteps.ts';
import { checkInbox } from '../../client/letters/checkInbox.ts';
import { MedsealError } from '../../errors/MedsealError.ts';
import { visibleText } from '../../errors/visibleText.ts';
import type { AgentPort } from '../../protocol/AgentPort.ts';
import type { Organisation } from '../../protocol/ids.ts';
import { short } from '../describeBody.ts';
import { nodesOf } from '../home/Home.ts';
import { agentAt, hasNode } from '../home/Nodes.ts';
import { openVisitor } from '../home/openVisitor.ts';
import type { VisitorOptions } from '../program/sharedOptions.ts';
import type { AnswerOf } from '../terminal/Answer.ts';
import type { Terminal } from '../terminal/Terminal.ts';
import type { CLAIM_JUDGED } from './claimAnswers.ts';
import { claimInWords, stepForPrograms } from './describeClaim.ts';

/**
 * Judges a disputed claim, as the verifier that the dispute names.
 *
 * @param terminal - Shows what is signed and asks.
 * @param id - The claim, or the beginning of its id.
 * @param options - See `medseal claim judge --help`.
 * @throws MedsealError `NOT_FOUND`, and what `judgeClaim` throws.
 */
export async function judgeVerb(
  terminal: Terminal,
  id: string,
  options: VisitorOptions,
): Promise<AnswerOf<typeof CLAIM_JUDGED>> {
  const { party, key, home } = await openVisitor(terminal, options);
  const nodes = await nodesOf(home, options.url);
  terminal.progress.stage('looking for the dispute');
  await checkInbox(party);
  const beginning = id.startsWith('0x') ? id : `0x${id}`;
  const [digest, other] = new Set(
    (await claimsTold(party))
      .map(({ claim }) => claim)
      .filter((each) => each.startsWith(beginning)),
  );
  if (digest === undefined || other !== undefined) {
    throw new MedsealError('NOT_FOUND', { what: 'dispute' });
  }
  await terminal.confirm([
    `You are about to sign, as ${key.name} (${party.address}):`,
    '',
    `  judge the claim ${short(digest)} by what its logs and papers show`,
  ]);
  terminal.progress.stage('computing every hash and signature again');
  const agentOf = (organisation: Organisation): AgentPort | undefined => {
    return hasNode(nodes, organisation) ? agentAt(nodes, organisation) : undefined;
  };
  const judged = await judgeClaim(party, digest, { agentOf }).catch((error: unknown) => {
    throw claimInWords(error);
  });
  const { safe, log, block, reason } = judged.examined;
  return {
    value: { ...stepForPrograms(judged), safe, log, block, reason },
    lines: [
      `${safe ? 'Safe' : 'Not safe'}      ${log}#${block}`,
      visibleText(reason, 96),
      `${short(digest)}  ${judged.facts.state}`,
    ],
  };
}
