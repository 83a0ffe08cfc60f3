import { parseJsonBytes } from '../../../crypto/parseJsonBytes.ts';
import { readBody } from '../../../crypto/readBody.ts';
import { MedsealError } from '../../../errors/MedsealError.ts';
import { fieldOf } from '../../../fhir/fieldOf.ts';
import type { CdsCard, OrderCheck } from '../../../fhir/orders/OrderSign.ts';
import type { Fetch } from '../../agent/operationCalls.ts';

/** Largest answer, bytes; most cards of one; milliseconds that it may take. */
const [MOST_BYTES, MOST_CARDS, PATIENCE] = [2 ** 20, 50, 20_000];
/** Limits of an answer's JSON. */
const LIMITS = { bytes: MOST_BYTES, values: 10_000, names: 1000 };
const INDICATORS = ['info', 'warning', 'critical'] as const;

/** Options of `cdsHooksCheck`. */
export interface CdsHooksOptions {
  /** Function to use in place of the platform's `fetch`. */
  readonly fetch?: Fetch;
}

/**
 * Makes a check of orders that asks a service of CDS Hooks for `order-sign`, such as a database of interactions. The service
 * is sent the order, and the allergies and medicines that count now, without the patient's name, handle or key: it must be
 * one that the prescriber's organisation trusts with them.
 *
 * @param url - Address of the service, such as `https://checks.hospital.example/cds-services/interactions`.
 * @param options - See `CdsHooksOptions`.
 * @throws MedsealError from the check: `PEER_UNREACHABLE`, `PEER_MALFORMED`; `reviewOrder` makes a conflict of that.
 * @example
 * ```ts
 * const check = cdsHooksCheck('https://checks.hospital.example/cds-services/interactions');
 * const from = Math.floor(Date.now() / 1000);
 * const order = { medicine: 'Amoxicillin 500 mg', unit: 'capsule', dosage: 'One, three times a day' };
 * const amounts = { amount: 21, fills: 1, interval: 0, from, until: from + 30 * 86_400 };
 * const wanted = { handle, grant, purpose: 'TREAT', ...order, ...amounts } as const;
 * const review = await reviewOrder(doctor, wanted, { checks: [check] });
 * for (const { what, by } of review.conflicts) console.log(`${what} (${by})`);
 * ```
 */
export function cdsHooksCheck(
  url: string,
  { fetch = globalThis.fetch }: CdsHooksOptions = {},
): OrderCheck {
  return async (sign) => {
    const response = await fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(sign),
      redirect: 'error',
      signal: AbortSignal.timeout(PATIENCE),
    }).catch((cause: unknown) => {
      throw new MedsealError('PEER_UNREACHABLE', { peer: url }, { cause });
    });
    if (!response.ok) throw new MedsealError('PEER_UNREACHABLE', { peer: url });
    const answer = await readBody(response, MOST_BYTES)
      .then((bytes) => parseJsonBytes(bytes, LIMITS))
      .catch((cause: unknown) => {
        throw new MedsealError('PEER_MALFORMED', { what: 'answer' }, { cause });
      });
    const cards = fieldOf(answer, 'cards');
    if (!Array.isArray(cards) || cards.length > MOST_CARDS || !cards.every(isCard)) {
      throw new MedsealError('PEER_MALFORMED', { what: 'answer' });
    }
    return cards;
  };
}

function isCard(card: unknown): card is CdsCard {
  return (
    typeof fieldOf(card, 'summary') === 'string' &&
    typeof fieldOf(fieldOf(card, 'source'), 'label') === 'string' &&
    INDICATORS.some((each) => each === fieldOf(card, 'indicator'))
  );
}
