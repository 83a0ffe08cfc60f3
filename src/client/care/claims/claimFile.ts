import { MedsealError } from '../../../errors/MedsealError.ts';
import { OneOf } from '../../../protocol/wire/findShapeError.ts';
import { parseJsonOf } from '../../../protocol/wire/parseJsonOf.ts';
import type { Grant } from '../../../protocol/struct/requests.ts';
import { ACKNOWLEDGEMENT } from '../../../protocol/shapes/acknowledgementShape.ts';
import { messageShape, signedShape } from '../../../protocol/shapes/messageShape.ts';
import { digestOf } from '../../../protocol/struct/signing.ts';
import type { Party } from '../../party/Party.ts';
import { recordsOf, type ClaimPrepared } from './prepareClaim.ts';

const FORMAT = 'medseal-claim/2';
const FILE = {
  format: new OneOf(FORMAT),
  message: messageShape('InsuranceClaim'),
  entries: [ACKNOWLEDGEMENT],
  permits: [messageShape('Grant')],
  bills: [signedShape('Bill')],
} as const;

/** A prepared claim with the rights that its patient gave for it; empty before. */
export interface ClaimWaiting {
  readonly prepared: ClaimPrepared;
  readonly permits: readonly Grant[];
}

/**
 * Writes a prepared claim as the file that its claimant gives to the patient, and the patient gives back.
 *
 * @param prepared - The claim.
 * @param permits - The patient's rights for the insurer, once they are given.
 * @example
 * ```ts
 * const { prepared: waiting } = parseClaimFile(patient, formatClaimFile(prepared));
 * const text = formatClaimFile(waiting, await permitClaim(patient, waiting));
 * ```
 */
export function formatClaimFile(
  { message, entries, bills }: ClaimPrepared,
  permits: readonly Grant[] = [],
): string {
  return `${JSON.stringify({ format: FORMAT, message, entries, permits, bills }, null, 2)}\n`;
}

/**
 * Reads such a file.
 *
 * @param party - Patient or claimant.
 * @param text - The file, not trusted: nodes judge what is in it.
 * @param argument - Name of the file, for messages.
 * @throws MedsealError `ARGUMENT_INVALID` if it is malformed.
 * @example
 * ```ts
 * import { readFile } from 'node:fs/promises';
 * const file = parseClaimFile(doctor, await readFile('claim.json', 'utf8'));
 * await submitClaim(doctor, file.prepared, file.permits);
 * ```
 */
export function parseClaimFile(
  party: Pick<Party, 'domain' | 'primitives'>,
  text: string,
  argument = 'text',
): ClaimWaiting {
  const reason = 'it is not a claim that waits for its patient';
  const refuse = (): MedsealError => new MedsealError('ARGUMENT_INVALID', { argument, reason });
  const { message, entries, permits, bills } = parseJsonOf(FILE, text, refuse);
  const digest = digestOf(party, 'InsuranceClaim', message);
  return { prepared: { digest, message, entries, records: recordsOf(entries), bills }, permits };
}
