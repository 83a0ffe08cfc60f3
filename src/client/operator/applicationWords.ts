import { hexToBytes } from '../../crypto/bytes.ts';
import { seedToPhrase } from '../../crypto/keys/phrase.ts';
import type { Primitives } from '../../crypto/Primitives.ts';
import {
  applicationDigest,
  type PartyApplication,
} from '../../protocol/operator/PartyApplication.ts';

/** Number of words that people read to each other: eleven bits each. */
const COUNT = 12;

/**
 * Puts an application into words that an applicant and an operator read to each other: they are the same only if both
 * have the same key, recipient, role and organisation before them.
 *
 * @param primitives - Hashes.
 * @param application - The application.
 * @example
 * ```ts
 * const operator = httpOperator('http://127.0.0.1:9480', process.env['OPERATOR_CODE'] ?? '');
 * for (const { application } of await operator.applications()) {
 *   console.log(applicationWords(webPorts.primitives, application).join(' '));
 * }
 * ```
 */
export function applicationWords(
  primitives: Pick<Primitives, 'sha256'>,
  application: PartyApplication,
): readonly string[] {
  const digest = hexToBytes(applicationDigest(primitives, application));
  return seedToPhrase(digest).split(' ').slice(0, COUNT);
}
