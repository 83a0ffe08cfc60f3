import type { EntryBody } from '../evidence/evidence.ts';
import type { Erase } from '../struct/requests.ts';

/**
 * The erasure that a body says was accepted; undefined if there is no such erasure.
 *
 * @param body - The body.
 */
export function acceptedErase(body: EntryBody): Erase | undefined {
  if (body.format !== 'medseal-body/1' || body.flag !== 'A') return undefined;
  return body.request.type === 'Erase' ? (body.request.message as Erase) : undefined;
}
