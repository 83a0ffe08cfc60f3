import { bytesToUtf8 } from '../crypto/bytes.ts';
import { MedsealError } from '../errors/MedsealError.ts';
import { canonicalJson } from './canonicalJson.ts';
import { checkEvidence } from './checkEvidence.ts';
import type { Acknowledgement, Receipt } from './evidence.ts';
import { PLACED_CHECKPOINT, VERDICT } from './evidenceShapes.ts';
import { BYTES32, findMisfit, type Shape } from './findMisfit.ts';

const ACKNOWLEDGEMENT: Shape = {
  log: 'text',
  index: 'count',
  entry: BYTES32,
  body: 'text',
  verdicts: [VERDICT],
};

const RECEIPT: Shape = {
  format: /^medseal-receipt\/1$/,
  acknowledgement: ACKNOWLEDGEMENT,
  inclusion: [BYTES32],
  ...PLACED_CHECKPOINT,
};

/** A file of evidence that was kept. */
export type EvidenceFile =
  | { readonly kind: 'receipt'; readonly receipt: Receipt }
  | { readonly kind: 'acknowledgement'; readonly acknowledgement: Acknowledgement };

/**
 * A receipt or acknowledgement as it is kept in a file: canonical JSON (RFC 8785) and a line break. There is one
 * spelling, so every byte of the file counts.
 *
 * @param evidence - What is kept.
 */
export function formatEvidenceFile(evidence: Receipt | Acknowledgement): string {
  return `${canonicalJson(evidence)}\n`;
}

/**
 * Reads a file of evidence. That it is of the right form says nothing yet of whether it holds.
 *
 * @param bytes - The file.
 * @throws MedsealError `EVIDENCE_INVALID` naming what is not of its form.
 */
export function parseEvidenceFile(bytes: Uint8Array): EvidenceFile {
  const value = checkEvidence(() => decode(bytes));
  const isReceipt = typeof value === 'object' && value !== null && 'format' in value;
  const [shape, kind] = isReceipt
    ? ([RECEIPT, 'receipt'] as const)
    : ([ACKNOWLEDGEMENT, 'acknowledgement'] as const);
  const misfit = findMisfit(shape, value, kind);
  if (misfit !== undefined) throw invalid(misfit);
  if (isReceipt) return { kind: 'receipt', receipt: value as Receipt };
  return { kind: 'acknowledgement', acknowledgement: value as Acknowledgement };
}

function decode(bytes: Uint8Array): unknown {
  let text: string;
  let value: unknown;
  try {
    text = bytesToUtf8(bytes);
    value = JSON.parse(text);
  } catch {
    throw invalid('the file is not JSON');
  }
  if (`${canonicalJson(value)}\n` === text || canonicalJson(value) === text) return value;
  throw invalid('the file is not in canonical JSON, as it was kept');
}

function invalid(reason: string): MedsealError {
  return new MedsealError('EVIDENCE_INVALID', { reason });
}
