import { encodeBatch } from '../../bindings/encodeBatch.ts';
import { validatorsAbi } from '../../bindings/generated/validatorsAbi.ts';
import type { Sender } from '../../ledger/openSender.ts';
import type { Address } from '../../protocol/ids.ts';
import type { Logger } from '../operate/Logger.ts';
import type { ValidatorProcess } from './superviseValidator.ts';

/** Options of `returnToWork`. */
export interface ReturnOptions {
  readonly validator: Pick<ValidatorProcess, 'key' | 'presence'>;
  /** The contract that hands out stake. */
  readonly contract: Address;
  /** The organisation's account. */
  readonly sender: Pick<Sender, 'send'>;
  readonly log: Pick<Logger, 'info'>;
}

/**
 * Asks for the return of a validator that was set aside for its absence, once it is in step with the others again. One
 * that signed two blocks of one height cannot return.
 *
 * @param options - The validator, and the account that asks.
 * @throws MedsealError of the ledger.
 */
export async function returnToWork(options: ReturnOptions): Promise<void> {
  const { validator, contract, sender, log } = options;
  const { key, presence } = validator;
  if (presence === undefined || presence.behind) return;
  if (!presence.validators.some((each) => each.key === key && each.aside && !each.out)) return;
  log.info('validator asks for its return', { key });
  await sender.send({ to: contract, data: encodeBatch(validatorsAbi, 'returnToWork', [[key]]) });
}
