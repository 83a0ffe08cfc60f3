import { canonicalHash } from '../wire/canonicalHash.ts';
import { canonicalJson } from '../wire/canonicalJson.ts';
import type { AttestedFacts, FactsQuery } from '../evidence/facts.ts';
import { succeeds } from '../wire/succeeds.ts';
import { signerOf, type SigningContext } from '../struct/signing.ts';

/** Largest age of an attestation, seconds. */
export const MAX_AGE = 60;

/**
 * Tells whether a coordinator signed facts now and as the answer to this question.
 *
 * @param context - Domain and primitives.
 * @param answer - Not trusted.
 * @param query - The question.
 * @param now - Unix seconds; any moment will do if absent.
 */
export function isAttested(
  context: SigningContext,
  answer: AttestedFacts,
  { nonce, ...asked }: FactsQuery,
  now?: number,
): boolean {
  return succeeds(() => {
    const { attestation, facts, coordinator, signature } = answer;
    const digest = canonicalHash(context.primitives, facts);
    return (
      attestation.nonce === nonce &&
      canonicalJson(facts.asked) === canonicalJson(asked) &&
      attestation.facts === digest &&
      (now === undefined || Math.abs(attestation.at - now) <= MAX_AGE) &&
      signerOf(context, 'Attestation', attestation, signature) === coordinator
    );
  });
}
