import { MedsealError } from '../../errors/MedsealError.ts';

/**
 * Says what a contract's refusal means.
 *
 * @param error - Error that was thrown.
 * @param reasons - Words for the contract's reasons, by their names.
 * @returns The same error, with a reason that people understand if there is one.
 */
export function reasonInWords(error: unknown, reasons: Readonly<Record<string, string>>): unknown {
  if (!(error instanceof MedsealError) || error.code !== 'RULE_REFUSED') return error;
  const code = (error.values as { readonly reason: string }).reason;
  const words = reasons[code];
  if (words === undefined) return error;
  return new MedsealError('RULE_REFUSED', { reason: `${words} (${code})` }, { cause: error });
}
