import { keyOfConflict, LOG_CONFLICT } from '../../protocol/evidence/LogConflict.ts';
import { logOf } from '../../protocol/network/networkLookups.ts';
import { domainOf } from '../../protocol/struct/domainOf.ts';
import { isOfShape } from '../../protocol/wire/isOfShape.ts';
import { parseShape } from '../../protocol/wire/parseShape.ts';
import { UNJUDGED_PROOF } from './coordinatorRows.ts';
import { examineUnjudged } from './examineUnjudged.ts';
import type { PromiseContext } from './faultOfPromise.ts';

/**
 * Says what a stored proof of entries that too few judged proves.
 *
 * @param context - The examination.
 * @param log - The log that it is stored against.
 * @param proof - The row.
 */
export function accusationIn(
  { examination: { network, ports } }: Pick<PromiseContext, 'examination'>,
  log: string,
  proof: unknown,
): string {
  const context = { domain: domainOf(network), primitives: ports.primitives, network };
  try {
    const shaped = parseShape(UNJUDGED_PROOF, proof, 'it', (misfit) => new RangeError(misfit));
    const { message } = examineUnjudged(context, shaped);
    const { organisation: accused } = logOf(network, log).log;
    return `it stores evidence that ${accused} misbehaved. ${message}`;
  } catch {
    return `its stored evidence against ${log} was altered`;
  }
}

/**
 * Says what a stored proof of two histories of a log proves.
 *
 * @param context - The examination.
 * @param log - The log that it is stored against.
 * @param conflict - The row.
 */
export function conflictIn(
  { examination: { network, ports }, judgements }: PromiseContext,
  log: string,
  conflict: unknown,
): string {
  const altered = `its stored evidence of two histories of ${log} was altered`;
  const isOf = isOfShape(LOG_CONFLICT, conflict) && conflict.log === log;
  if (!isOf || !judgements.names.includes(log)) return altered;
  const { organisation: accused, key: present } = logOf(network, log).log;
  const by = keyOfConflict(ports, network, conflict);
  if (by === undefined) return altered;
  const state =
    by === present ? 'the log is closed' : 'under a key that it had before, and is open';
  return `it stores evidence that ${accused} misbehaved. Its log ${log} signed two entries at #${conflict.index}: ${state}`;
}
