import type { LedgerProvider } from '../../bindings/LedgerProvider.ts';
import { isMedsealError } from '../../errors/isMedsealError.ts';
import { MedsealError } from '../../errors/MedsealError.ts';
import { isRpcError } from '../isRpcError.ts';

/**
 * Asks an endpoint that may lie, and takes no contract's refusal from it: nothing proves one.
 *
 * @param plain - The endpoint.
 * @returns It throws MedsealError `LEDGER_UNPROVEN` instead of a refusal (see `isUnprovenRefusal`).
 */
export function withoutRefusals(plain: LedgerProvider): LedgerProvider {
  return {
    async request(call) {
      try {
        return await plain.request(call);
      } catch (error) {
        if (!isRpcError(error, [3], 'revert')) throw error;
        throw new MedsealError('LEDGER_UNPROVEN', { what: REFUSAL }, { cause: error });
      }
    },
  };
}

const REFUSAL = 'a refusal';

/** Tells whether an endpoint said that a contract refused. */
export function isUnprovenRefusal(error: unknown): boolean {
  return isMedsealError(error, 'LEDGER_UNPROVEN') && error.values.what === REFUSAL;
}
