import { clearAccount } from '../../client/units/clearAccount.ts';
import { openVisitor } from '../home/openVisitor.ts';
import { reasonInWords } from '../program/reasonInWords.ts';
import type { VisitorOptions } from '../program/sharedOptions.ts';
import type { AnswerOf } from '../terminal/Answer.ts';
import type { Terminal } from '../terminal/Terminal.ts';
import { describeUnits } from './describeUnits.ts';
import { accountOf } from './showUnits.ts';
import type { ACCOUNT_CLEARED } from './unitAnswers.ts';

/** The contract's reasons, in words for people. */
const REASONS: Readonly<Record<string, string>> = {
  ClearingEarly: 'the period in which the position began is not over',
  NothingToClear: 'those who owe were not cleared yet; clear them first',
};

/** Options of `medseal unit clear`. */
export interface ClearOptions extends VisitorOptions {
  readonly claim?: string;
}

/**
 * Clears an account of settlement units.
 *
 * @param terminal - Tells what it waits for.
 * @param who - Whose account; the visitor's if absent. An address need not be a party's.
 * @param options - See `medseal unit clear --help`.
 * @throws MedsealError what `clearAccount` throws.
 */
export async function clearUnits(
  terminal: Terminal,
  who: string | undefined,
  options: ClearOptions,
): Promise<AnswerOf<typeof ACCOUNT_CLEARED>> {
  const visitor = await openVisitor(terminal, options);
  const id = await accountOf(visitor, who, options.claim);
  terminal.progress.stage('waiting for the ledger');
  const { account, already } = await clearAccount(visitor.party, id).catch((error: unknown) => {
    throw reasonInWords(error, REASONS);
  });
  const { balance, position } = account;
  return {
    value: { account: id, balance, position, already },
    lines: [
      already ? 'There was nothing to clear.' : `${id} is cleared.`,
      `It holds ${describeUnits(balance)}.`,
      ...(position === 0 ? [] : [`${describeUnits(position)} are to be cleared still.`]),
    ],
  };
}
