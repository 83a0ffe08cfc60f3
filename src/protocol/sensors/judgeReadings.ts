import { MedsealError } from '../../errors/MedsealError.ts';
import type { RecordId } from '../ids.ts';
import type { Grant, Terms, Write } from '../struct/requests.ts';
import type { Category } from '../vocabulary.ts';
import type { SigningContext } from '../struct/signing.ts';
import { deviceIdOf } from './deviceIdOf.ts';
import { deviceOfReadings } from './deviceOfReadings.ts';
import { recordOfReadings } from './recordOfReadings.ts';
import type { SignedReadings } from './ReadingsHeader.ts';
import { requireSeal } from './requireSeal.ts';

/** Seconds by which a device's clock may run ahead of the judge's. */
export const READINGS_AHEAD = 300;

/**
 * Requires that a write puts on the chart what its readings say: the record is named after the batch, the right is the
 * one that the device signed, and so are file and epoch if the device sealed the batch. It needs no rules, so everyone can repeat it offline.
 *
 * @param context - SHA-256 and the curve.
 * @param message - The write.
 * @param readings - Statement of the batch, parsed; not trusted.
 * @returns Id of the device that signed, which the right must name as its record.
 * @throws MedsealError `READINGS_INVALID` naming the part that is wrong.
 */
export function judgeReadings(
  context: Pick<SigningContext, 'primitives'>,
  message: Pick<Write, 'action' | 'version' | 'record' | 'grant' | 'file' | 'epoch'>,
  { header, signature }: SignedReadings,
): RecordId {
  if (message.action !== 'add') throw invalid('action');
  if (header.count === 0) throw invalid('count');
  if (!Number.isSafeInteger(header.first + header.count)) throw invalid('first');
  if (header.end < header.start) throw invalid('end');
  if (header.grant !== message.grant) throw invalid('grant');
  requireSeal(header);
  if (header.epoch !== undefined) {
    if (header.file !== message.file) throw invalid('file');
    if (header.epoch !== message.epoch) throw invalid('epoch');
  }
  if (recordOfReadings(context.primitives, header) !== message.record) throw invalid('record');
  return deviceIdOf(context.primitives, deviceOfReadings(context, { header, signature }));
}

/**
 * Requires that a right is that of one device, that a batch which the device sealed goes to the first category of the right, and that it covers the time of a batch. A device that does not know the
 * time says so, and its times are not judged: the entry's own moment tells when the batch came.
 *
 * @param device - Id of the device that signed.
 * @param readings - Statement of the batch.
 * @param opening - The right, judged to be the one that the write relies on; absent for a patient's own chart.
 * @param at - The moment, Unix seconds.
 * @param category - Category of the write; absent at a gateway, before it is chosen.
 * @throws MedsealError `READINGS_INVALID`; `RIGHT_MISSING` if the right is general, or of another device; `READINGS_UNTIMELY`.
 */
export function requireDeviceRight(
  device: RecordId,
  { header }: SignedReadings,
  opening: Pick<Grant, 'terms'> | undefined,
  at: number,
  category?: Category,
): void {
  if (opening?.terms.record !== device) throw new MedsealError('RIGHT_MISSING', {});
  if (header.epoch !== undefined && category !== undefined) {
    // The device sealed it to the recipient of that one: under another nobody could open it.
    if (category !== opening.terms.categories[0]) throw invalid('category');
  }
  if (header.clock === 'set') requireCovered(header, opening.terms, at);
}

function requireCovered(
  { start, end }: SignedReadings['header'],
  { from, until }: Terms,
  at: number,
): void {
  if (start < from * 1000) throw untimely('start');
  if (end > Math.min(until, at + READINGS_AHEAD) * 1000) throw untimely('end');
}

function invalid(what: string): MedsealError {
  return new MedsealError('READINGS_INVALID', { what });
}

function untimely(what: string): MedsealError {
  return new MedsealError('READINGS_UNTIMELY', { what });
}
