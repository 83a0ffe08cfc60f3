import type { EntryBody } from '../protocol/evidence/evidence.ts';
import type { Write } from '../protocol/struct/requests.ts';

/**
 * The write that a body says was accepted; undefined if there is no such write.
 *
 * @param body - The body.
 */
export function acceptedWrite(body: EntryBody): Write | undefined {
  if (body.format !== 'medseal-body/1' || body.flag !== 'A') return undefined;
  return body.request.type === 'Write' ? (body.request.message as Write) : undefined;
}
