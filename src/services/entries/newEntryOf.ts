import { MedsealError } from '../../errors/MedsealError.ts';
import type { NewEntry } from '../../log/EvidenceLog.ts';
import type { Acknowledgement } from '../../protocol/evidence/evidence.ts';
import type { ReadBody } from '../../protocol/evidence/EvidenceReader.ts';
import { ZERO32 } from '../../protocol/ids.ts';
import { onChart } from './onChart.ts';

/**
 * Returns an entry for a log, with the key that finds it: for a request its digest and deadline; for a summary, which
 * concerns no patient and answers nobody, itself and its moment.
 *
 * @param judged - The entry with its verdicts.
 * @param read - Its parsed body.
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
    ...onChart(request, flag === 'A'),
  };
}
