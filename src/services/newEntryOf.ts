import { MedsealError } from '../errors/MedsealError.ts';
import type { NewEntry } from '../log/EvidenceLog.ts';
import type { Acknowledgement } from '../protocol/evidence.ts';
import type { ReadBody } from '../protocol/EvidenceReader.ts';
import { ZERO32 } from '../protocol/ids.ts';
import { versionIn } from './versionIn.ts';

/**
 * An entry as a log is to hold it, with what it is found by: that of a request by the request's digest and deadline,
 * and a summary, which concerns no patient and answers nobody, by itself and its moment.
 *
 * @param judged - The entry with its verdicts.
 * @param read - What it commits to, taken apart.
 * @throws MedsealError `EVIDENCE_INVALID` if a request in it was not read.
 */
export function newEntryOf(
  { entry, body: text, verdicts }: Pick<Acknowledgement, 'entry' | 'body' | 'verdicts'>,
  { body, signature }: Pick<ReadBody, 'body' | 'signature'>,
): NewEntry {
  const given = { entry, body: text, verdicts };
  if (body.format === 'medseal-summary/1') {
    return { ...given, handle: ZERO32, request: entry, deadline: body.at };
  }
  const { request, flag } = body;
  if (signature === undefined) {
    throw new MedsealError('EVIDENCE_INVALID', { reason: 'its request has no digest' });
  }
  return {
    ...given,
    handle: request.message.handle,
    request: signature.digest,
    deadline: request.message.deadline,
    ...versionIn(request, flag === 'A'),
  };
}
