import { hexToBytes, utf8ToBytes } from '../../crypto/bytes.ts';
import { leafHash } from '../../crypto/merkle/leafHash.ts';
import { verifyInclusion } from '../../crypto/merkle/verifyInclusion.ts';
import { isMedsealError } from '../../errors/isMedsealError.ts';
import { MedsealError } from '../../errors/MedsealError.ts';
import type { EvidenceOptions } from '../evidence/acknowledgementCheck.ts';
import type { Body } from '../evidence/evidence.ts';
import type { Address } from '../ids.ts';
import type { NetworkFile } from '../network/NetworkFile.ts';
import type { Write } from '../struct/requests.ts';
import type { SigningContext } from '../struct/signing.ts';
import { verifyReceipt } from '../evidence/verifyReceipt.ts';
import { deviceOfReadings } from './deviceOfReadings.ts';
import { parseReading } from './parseReading.ts';
import type { Reading } from './Reading.ts';
import { recordOfReadings } from './recordOfReadings.ts';
import type { ReadingsHeader } from './ReadingsHeader.ts';
import type { ReadingProof } from './ReadingProof.ts';

/** A reading that was proved. */
export interface ProvenReading {
  /** Address that signed it. */
  readonly device: Address;
  /** Statement of its batch. */
  readonly header: ReadingsHeader;
  /** Its number since the device's start. */
  readonly number: number;
  readonly reading: Reading;
  /** The line that the device signed. */
  readonly line: string;
  /** Body of the batch's entry: patient, gateway, right and moment. */
  readonly body: Body;
}

/**
 * Verifies offline that a device signed one reading, as one of a batch that nodes accepted and a log holds. It does not
 * prove that the device measured truly, nor who wore it.
 *
 * @param context - Domain and primitives.
 * @param network - The pinned network file.
 * @param proof - The proof.
 * @param options - Options for verifying evidence.
 * @throws MedsealError `EVIDENCE_INVALID` with the reason.
 * @example
 * ```ts
 * const file = parseEvidenceFile(bytes);
 * if (file.kind !== 'reading') throw new Error('pick a proof of a reading');
 * const { device, number, line } = verifyReading(patient, network, file.reading);
 * console.log(`${shortCodeOf(patient.primitives, device)} signed as number ${number}: ${line}`);
 * ```
 */
export function verifyReading(
  context: SigningContext,
  network: NetworkFile,
  proof: ReadingProof,
  options: EvidenceOptions = {},
): ProvenReading {
  const { format, receipt, place, line, inclusion } = proof;
  if (format !== 'medseal-reading/1') throw invalid('the proof is of another format');
  const body = verifyReceipt(context, network, receipt, options);
  if (body.format !== 'medseal-body/1' || body.flag !== 'A' || body.readings === undefined) {
    throw invalid('the entry is not of an accepted batch of readings');
  }
  const { header } = body.readings;
  const { request } = body;
  const write = request.message as Write;
  const isOfEntry =
    request.type === 'Write' &&
    write.record === recordOfReadings(context.primitives, header) &&
    write.grant === header.grant;
  if (!isOfEntry) throw invalid('the entry is of another batch');
  const included = verifyInclusion(context.primitives, {
    index: place,
    size: header.count,
    leaf: leafHash(context.primitives, utf8ToBytes(line)),
    proof: inclusion.map(hexToBytes),
    root: hexToBytes(header.root),
  });
  if (!included) throw invalid('the batch does not hold the reading at its place');
  const signed = body.readings;
  return {
    device: checked(() => deviceOfReadings(context, signed)),
    header,
    number: header.first + place,
    reading: checked(() => parseReading(line, header)),
    line,
    body,
  };
}

/** Gives a fault of the readings as one of the evidence. */
function checked<Value>(read: () => Value): Value {
  try {
    return read();
  } catch (error) {
    if (!isMedsealError(error, 'READINGS_INVALID')) throw error;
    throw invalid(error.message);
  }
}

function invalid(reason: string): MedsealError {
  return new MedsealError('EVIDENCE_INVALID', { reason });
}
