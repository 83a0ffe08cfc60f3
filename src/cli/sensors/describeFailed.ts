import type { Address } from '../../protocol/ids.ts';

/**
 * Says in a line what went wrong at a simulated device.
 *
 * @param device - The device.
 * @param code - Code that its gateway told it, or that it found itself.
 */
export function describeFailed(device: Address, code: string): string {
  if (code !== 'KEY_UNAUTHENTIC') return `${device} was told ${code}`;
  return `${device} seals nothing (${code}): its gateway has no proof of keys for the chart in its pin. Give it the pin of the chart that it is bound to. It asks again.`;
}
