import { confirmClaim } from '../../client/care/claims/confirmClaim.ts';
import { examineDispute, judgeClaim } from '../../client/care/claims/judgeClaim.ts';
import { claimsTold } from '../../client/care/claims/keptClaimSteps.ts';
import { checkInbox } from '../../client/care/inbox/checkInbox.ts';
import { MedsealError } from '../../errors/MedsealError.ts';
import { visibleText } from '../../errors/visibleText.ts';
import type { AgentPort } from '../../protocol/AgentPort.ts';
import type { Organisation } from '../../protocol/ids.ts';
import { short } from '../describeBody.ts';
import { nodesOf } from '../home/Home.ts';
import { agentAt, hasNode } from '../home/Nodes.ts';
import { confirmSigning } from '../home/confirmSigning.ts';
import { openVisitor } from '../home/openVisitor.ts';
import type { VisitorOptions } from '../program/sharedOptions.ts';
import type { AnswerOf } from '../terminal/Answer.ts';
import type { Terminal } from '../terminal/Terminal.ts';
import type { CLAIM_JUDGED } from './claimAnswers.ts';
import { claimInWords, stepForPrograms } from './describeClaim.ts';

/**
 * Judges a disputed claim, as a verifier that was drawn.
 *
 * @throws MedsealError `NOT_FOUND`, and what `judgeClaim` throws.
 */
export async function judgeVerb(
  terminal: Terminal,
  id: string,
  options: VisitorOptions,
): Promise<AnswerOf<typeof CLAIM_JUDGED>> {
  const visitor = await openVisitor(terminal, options);
  const { party } = visitor;
  const nodes = await nodesOf(visitor.home, options.url);
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
  terminal.progress.stage('computing every hash and signature again');
  const agentOf = (organisation: Organisation): AgentPort | undefined => {
    return hasNode(nodes, organisation) ? agentAt(nodes, organisation) : undefined;
  };
  const shown = await examineDispute(party, digest, { agentOf });
  const isOpen = (await confirmClaim(party, digest)).state === 'drawn';
  // After the judgement a repeat tells what was signed.
  if (isOpen) {
    await confirmSigning(terminal, visitor, [
      `  the claim ${short(digest)} is ${shown.safe ? 'safe' : 'NOT safe: what is held goes back'}`,
      `  ${shown.log}#${shown.block}: ${visibleText(shown.reason, 96)}`,
      '',
      'Its logs and papers show this; nothing is examined again.',
    ]);
  }
  terminal.progress.stage('waiting for the ledger');
  const judged = await judgeClaim(party, digest, shown).catch((error: unknown) => {
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
