import type { NewEntry } from '../log/EvidenceLog.ts';
import type { Acknowledgement, EntryBody } from '../protocol/evidence.ts';
import { ZERO32 } from '../protocol/ids.ts';
import { digestOf, type SigningContext } from '../protocol/signing.ts';
import { versionIn } from './versionIn.ts';

/**
 * An entry as a log is to hold it, with what it is found by: that of a request by the request's digest, and a summary,
 * which concerns no patient and answers nobody, by itself.
 *
 * @param context - Domain and primitives.
 * @param judged - The entry with its verdicts.
 * @param body - What it commits to.
 */
export function newEntryOf(
  context: SigningContext,
  { entry, body: text, verdicts }: Pick<Acknowledgement, 'entry' | 'body' | 'verdicts'>,
  body: EntryBody,
): NewEntry {
  const given = { entry, body: text, verdicts };
  if (body.format === 'medseal-summary/1') return { ...given, handle: ZERO32, request: entry };
  const { request, flag } = body;
  const digest = digestOf(context, request.type, request.message);
  return {
    ...given,
    handle: request.message.handle,
    request: digest,
    ...versionIn(request, flag === 'A'),
  };
}
