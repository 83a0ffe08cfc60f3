import { isMedsealError } from '../../errors/isMedsealError.ts';
import type { Address } from '../../protocol/ids.ts';

/**
 * Says in a line what went wrong at a simulated device.
 *
 * @param device - The device.
 * @param code - Code that its gateway told it, or that it found itself.
 * @param error - The error that it found itself.
 */
export function describeFailed(device: Address, code: string, error?: unknown): string {
  if (code !== 'KEY_UNAUTHENTIC') return `${device} was told ${code}`;
  const isOfFile = isMedsealError(error, code) && error.values.what === 'network file';
  const why = isOfFile
    ? 'its gateway’s node does not have the network file of its pin. Save the pin again (`medseal device list --pin`), or let it send to another gateway.'
    : 'its gateway has no proof of keys for the chart in its pin. Give it the pin of the chart that it is bound to.';
  return `${device} seals nothing (${code}): ${why} It asks again.`;
}
