import { MedsealError } from '../../errors/MedsealError.ts';
import { parseSigned } from '../../protocol/struct/parseSigned.ts';
import { RULE_TYPES } from '../../protocol/struct/ledgerRequests.ts';
import type { RuleType, Signed } from '../../protocol/struct/requests.ts';
import type { Address } from '../../protocol/ids.ts';
import { digestOf } from '../../protocol/struct/signing.ts';
import type { ServiceContext } from '../ServiceContext.ts';
import { actsFor } from './actsFor.ts';

/**
 * Checks that a rule request is signed by the patient of the chart that it names.
 *
 * @param context - The node's own view.
 * @param value - Not trusted.
 * @param keys - `ever` to take a former key of the patient too.
 * @throws MedsealError `REQUEST_MALFORMED`, `RIGHT_MISSING`, `SIGNATURE_INVALID`.
 */
export function authenticateRule(
  context: ServiceContext,
  value: unknown,
  keys: 'present' | 'ever' = 'present',
): Signed<RuleType> {
  return authenticatePatient(context, parseSigned(value, RULE_TYPES), keys);
}

/**
 * Does that for any request of a patient.
 *
 * @param context - The node's own view.
 * @param request - The request, well formed.
 * @param keys - `ever` to take a former key of the patient too, for what was deposited while it was the present one.
 * @throws MedsealError `RIGHT_MISSING`, `SIGNATURE_INVALID`.
 */
export function authenticatePatient<Type extends RuleType | 'Keep'>(
  context: ServiceContext,
  request: Signed<Type>,
  keys: 'present' | 'ever' = 'present',
): Signed<Type> {
  const patient = context.index.patient(request.message.handle);
  if (patient === undefined || patient.controller !== request.party) {
    throw new MedsealError('RIGHT_MISSING', {});
  }
  const known = context.index.signersOf(patient.controller);
  const place = placeOfKey(context, request);
  if (place >= (keys === 'ever' ? 0 : known.length - 1)) return request;
  if (actsFor(context, request, signerOf(context, request), keys) === undefined) {
    throw new MedsealError('SIGNATURE_INVALID', {});
  }
  return request;
}

/**
 * Returns the place of the key that signed a request among its party's keys, oldest first; -1 if none of them did, and another
 * one acts for it.
 *
 * @param context - The node's own view.
 * @param request - The request, well formed.
 */
export function placeOfKey(context: ServiceContext, request: Signed<RuleType | 'Keep'>): number {
  return context.index.signersOf(request.party).lastIndexOf(signerOf(context, request));
}

/**
 * Returns the last epoch for which a former key's packets count that a request brings: Infinity for a key that signs now.
 *
 * @param context - The node's own view.
 * @param request - The request, authentic under a present or a former key.
 */
export function lastEpochOf(context: ServiceContext, request: Signed<'Keep'>): number {
  const { index } = context;
  const { handle } = request.message;
  const place = placeOfKey(context, request);
  if (place === index.signersOf(request.party).length - 1) return Infinity;
  // Whoever has a former key can sign for other epochs now.
  if (place >= 0) return index.lastEpochOfFormerKeys(handle);
  return actsFor(context, request, signerOf(context, request), 'ever')?.lastEpoch ?? 0;
}

/**
 * Tells whether a key signed a state whose mandate is over: it counts for less than any state of the patient's (`votesOnNewest`).
 *
 * @param context - The node's own view.
 * @param request - The request, well formed.
 */
export function isOfOverMandate(context: ServiceContext, request: Signed<'Keep'>): boolean {
  if (placeOfKey(context, request) >= 0) return false;
  return actsFor(context, request, signerOf(context, request), 'present') === undefined;
}

function signerOf(context: ServiceContext, request: Signed<RuleType | 'Keep'>): Address {
  const digest = digestOf(context, request.type, request.message);
  return context.recovered.signerOf(context, digest, request.signature);
}
