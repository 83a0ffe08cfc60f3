import { confirmFacts } from '../../client/audit/confirmFacts.ts';
import { signersOf } from '../../client/party/signersOf.ts';
import { vetoRecovery } from '../../client/recovery/vetoRecovery.ts';
import { MedsealError } from '../../errors/MedsealError.ts';
import { describeMoment } from '../describeBody.ts';
import { confirmSigning } from '../home/confirmSigning.ts';
import { openVisitor } from '../home/openVisitor.ts';
import type { VisitorOptions } from '../program/sharedOptions.ts';
import type { AnswerOf } from '../terminal/Answer.ts';
import type { Terminal } from '../terminal/Terminal.ts';
import type { KEY_VETOED } from './keyAnswers.ts';

/**
 * Stops the recovery of a party's key that the party did not ask for.
 *
 * @throws MedsealError `PARTY_UNKNOWN`, `KEY_CHANGED`; what `vetoRecovery` throws.
 */
export async function vetoKey(
  terminal: Terminal,
  name: string | undefined,
  options: VisitorOptions,
): Promise<AnswerOf<typeof KEY_VETOED>> {
  const named = name === undefined ? {} : { as: name };
  const { key, party } = await openVisitor(terminal, { ...options, ...named });
  const { address } = party;
  const { party: facts } = await confirmFacts(party, { party: address });
  if (facts === undefined) throw new MedsealError('PARTY_UNKNOWN', {});
  if ((facts.key?.signer ?? address) !== signersOf(party).at(-1)) {
    throw new MedsealError('KEY_CHANGED', {});
  }
  const { recovery } = facts;
  if (recovery === undefined) {
    const value = { name: key.name, address, stopped: false };
    return { value, lines: [`No recovery of the key of ${key.name} is under way.`] };
  }
  await confirmSigning(terminal, { key, party }, [
    '  that the recovery of your key is stopped,',
    `  by which the key ${recovery.signer}`,
    `  would take its place at ${describeMoment(recovery.readyAt)}`,
    '',
    'Say no if you asked for it yourself.',
  ]);
  terminal.progress.stage('waiting for the ledger');
  const { transaction, block } = await vetoRecovery(party);
  return {
    value: { name: key.name, address, stopped: true, transaction, block },
    lines: [
      `The recovery is stopped. Ask the authority who asked for it.`,
      `Ledger ${transaction}, block ${block}`,
    ],
  };
}
