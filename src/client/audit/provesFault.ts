import type { ErrorCode } from '../../errors/catalogue.ts';
import type { MedsealError } from '../../errors/MedsealError.ts';

/** Errors by which the answer itself shows that it is wrong, or another's: whoever got it can show it to others. */
const PROVING: ReadonlySet<ErrorCode> = new Set<ErrorCode>([
  'EVIDENCE_INVALID',
  'KEY_UNAUTHENTIC',
  'LEDGER_DISPUTED',
  'LEDGER_FORKED',
  'LEDGER_OTHER',
  'LEDGER_UNPROVEN',
  'NETWORK_FILE_INVALID',
  'NETWORK_FILE_OTHER',
  'NETWORK_FORKED',
  'PEER_FALSE',
  'PEER_MALFORMED',
  'PEER_UNTRUSTED',
  'SUCCESSOR_INVALID',
]);

/**
 * Tells whether the error that stopped a comparison proves a fault of what was asked. Any other one, such as that of a node
 * which is away or of trust that is too old, proves nothing: then the thing was not checked.
 *
 * @param error - The error.
 * @example
 * ```ts
 * const log = 'care/hospital';
 * await examineLog(auditor, agent, log).catch((error: unknown) => {
 *   if (!(error instanceof MedsealError)) throw error;
 *   console.log(provesFault(error) ? 'not safe' : 'not checked', error.message);
 * });
 * ```
 */
export function provesFault({ code }: MedsealError): boolean {
  return PROVING.has(code);
}
