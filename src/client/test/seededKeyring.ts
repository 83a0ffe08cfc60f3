import { bytesToHex } from '../../crypto/bytes.ts';
import type { SeededKeyring } from '../../protocol/rights/epochs.ts';
import { SPAN_KEYS, type SpanKey } from '../../protocol/rights/epochs.ts';
import type { Handle } from '../../protocol/ids.ts';

/**
 * A keyring as the version before wrote it: salts, by the last epoch of a span.
 *
 * @param handle - The patient.
 * @param ends - Last epochs of spans.
 * @param prepared - The newest epoch that was prepared.
 */
export function seededKeyring(
  handle: Handle,
  ends: readonly number[],
  prepared: number,
): SeededKeyring {
  const salts = ends.map((end) => [end, saltsOf(end % 200)] as const);
  return { format: 'medseal-keyring/1', handle, salts: Object.fromEntries(salts), prepared };
}

function saltsOf(fill: number): Readonly<Record<SpanKey, string>> {
  const salts = SPAN_KEYS.map((key, place) => {
    return [key, bytesToHex(new Uint8Array(16).fill(fill + place))] as const;
  });
  return Object.fromEntries(salts) as Record<SpanKey, string>;
}
