import { bytesToUtf8 } from '../crypto/bytes.ts';
import { MedsealError } from '../errors/MedsealError.ts';
import { canonicalJson } from './canonicalJson.ts';
import { checkEvidence } from './checkEvidence.ts';
import type { Acknowledgement, History, Receipt } from './evidence.ts';
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

const HISTORY: Shape = {
  format: /^medseal-history\/1$/,
  checkpoint: PLACED_CHECKPOINT.checkpoint,
  entries: /^0x(?:[0-9a-f]{64})*$/,
};

/** A file of evidence that was kept. */
export type EvidenceFile =
  | { readonly kind: 'history'; readonly history: History }
  | { readonly kind: 'receipt'; readonly receipt: Receipt }
  | { readonly kind: 'acknowledgement'; readonly acknowledgement: Acknowledgement };

/**
 * A receipt, acknowledgement or history as it is kept in a file: canonical JSON (RFC 8785) and a line break. There is one
 * spelling, so every byte of the file counts.
 *
 * @param evidence - What is kept.
 */
export function formatEvidenceFile(evidence: Receipt | Acknowledgement | History): string {
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
  const kind = kindIn(value);
  const misfit = findMisfit(SHAPES[kind], value, kind);
  if (misfit !== undefined) throw invalid(misfit);
  if (kind === 'history') return { kind, history: value as History };
  if (kind === 'receipt') return { kind, receipt: value as Receipt };
  return { kind, acknowledgement: value as Acknowledgement };
}

const SHAPES = { receipt: RECEIPT, history: HISTORY, acknowledgement: ACKNOWLEDGEMENT };

function kindIn(value: unknown): EvidenceFile['kind'] {
  if (typeof value !== 'object' || value === null || !('format' in value)) return 'acknowledgement';
  return value.format === 'medseal-history/1' ? 'history' : 'receipt';
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
