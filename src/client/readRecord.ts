import { bytesToHex, concatBytes } from '../crypto/bytes.ts';
import { openBytes } from '../crypto/sealing/openBytes.ts';
import { MedsealError } from '../errors/MedsealError.ts';
import { seconds } from '../protocol/Clock.ts';
import type { Acknowledgement } from '../protocol/evidence.ts';
import { ZERO32 } from '../protocol/ids.ts';
import { digestOf } from '../protocol/signing.ts';
import type { Party } from './Party.ts';
import type { Chart } from './readChart.ts';
import { submitEvidence } from './submit.ts';
import type { ChartRecord } from './viewChart.ts';

/**
 * Reads one record version: the view becomes evidence, the sealed file is fetched and compared with the hash in its
 * author's signed entry, and only then opened.
 *
 * @param party - The reader.
 * @param chart - The chart that lists it.
 * @param wanted - The record version.
 * @returns The plaintext, and the evidence of this view.
 * @throws MedsealError with the code of the refusal; `FILE_MISMATCH`, `SEAL_UNREADABLE`, `KEY_PENDING`.
 */
export async function readRecord(
  party: Party,
  chart: Chart,
  wanted: ChartRecord,
): Promise<{ content: Uint8Array; acknowledgement: Acknowledgement }> {
  const { handle, grant, purpose } = chart;
  const { record, version, file, size, epoch, category } = wanted;
  const identity = chart.identityFor(epoch, category);
  const view = {
    log: party.log,
    what: 'record',
    handle,
    record,
    version,
    grant: grant === undefined ? ZERO32 : digestOf(party, 'Grant', grant),
    purpose,
    deadline: seconds(party.clock) + 300,
    salt: bytesToHex(party.random(16)),
  } as const;
  const { acknowledgement, release } = await submitEvidence(party, 'View', view, {
    ...(grant && { opening: grant }),
  });
  const parts: Uint8Array[] = [];
  let length = 0;
  for await (const part of party.agent.download(release?.ticket ?? '', file)) {
    length += part.length;
    if (length > size) throw new MedsealError('FILE_MISMATCH', {});
    parts.push(part);
  }
  const sealed = concatBytes(...parts);
  if (bytesToHex(party.primitives.sha256(sealed)) !== file) {
    throw new MedsealError('FILE_MISMATCH', {});
  }
  const { cipher } = party;
  const content = await openBytes([identity], sealed, { ...(cipher && { cipher }) });
  return { content, acknowledgement };
}
