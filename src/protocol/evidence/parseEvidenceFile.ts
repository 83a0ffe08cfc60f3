import { bytesToUtf8 } from '../../crypto/bytes.ts';
import { MedsealError } from '../../errors/MedsealError.ts';
import { canonicalJson } from '../wire/canonicalJson.ts';
import { checkEvidence } from './checkEvidence.ts';
import { ERASURE, type ErasureCertificate } from './ErasureCertificate.ts';
import type { Acknowledgement, History, SavedChain, Receipt } from './evidence.ts';
import { FORMATS } from '../wire/formats.ts';
import { parseShape } from '../wire/parseShape.ts';
import { ACKNOWLEDGEMENT } from '../shapes/acknowledgementShape.ts';
import { RELEASE_PROOF, type ReleaseProof } from '../release/ReleaseProof.ts';
import { READING_PROOF, type ReadingProof } from '../sensors/ReadingProof.ts';
import { CHAIN, HISTORY, RECEIPT } from '../shapes/fileShapes.ts';

/** A saved file of evidence. */
export type EvidenceFile =
  | { readonly kind: 'chain'; readonly chain: SavedChain }
  | { readonly kind: 'history'; readonly history: History }
  | { readonly kind: 'receipt'; readonly receipt: Receipt }
  | { readonly kind: 'reading'; readonly reading: ReadingProof }
  | { readonly kind: 'release'; readonly release: ReleaseProof }
  | { readonly kind: 'erasure'; readonly erasure: ErasureCertificate }
  | { readonly kind: 'acknowledgement'; readonly acknowledgement: Acknowledgement };

/**
 * Formats a receipt, acknowledgement, history, chain, proof of a reading or of a release, or certificate of an erasure, as a file: canonical JSON (RFC 8785) and
 * a line break. There is only one form, so every byte of the file counts.
 *
 * @param evidence - Evidence to save.
 */
export function formatEvidenceFile(
  evidence:
    | Receipt
    | Acknowledgement
    | History
    | SavedChain
    | ReadingProof
    | ReleaseProof
    | ErasureCertificate,
): string {
  return `${canonicalJson(evidence)}\n`;
}

/**
 * Parses a file of evidence. A parsed file may still be invalid evidence.
 *
 * @param bytes - The file.
 * @throws MedsealError `EVIDENCE_INVALID` naming the malformed part.
 */
export function parseEvidenceFile(bytes: Uint8Array): EvidenceFile {
  const value = checkEvidence(() => decode(bytes));
  const kind = kindIn(value);
  requireFormat(kind, value);
  if (kind === 'chain') return { kind, chain: parseShape(CHAIN, value, kind, invalid) };
  if (kind === 'history') return { kind, history: parseShape(HISTORY, value, kind, invalid) };
  if (kind === 'reading') return { kind, reading: parseShape(READING_PROOF, value, kind, invalid) };
  if (kind === 'release') return { kind, release: parseShape(RELEASE_PROOF, value, kind, invalid) };
  if (kind === 'erasure') return { kind, erasure: parseShape(ERASURE, value, kind, invalid) };
  if (kind === 'receipt') return { kind, receipt: parseShape(RECEIPT, value, kind, invalid) };
  return { kind, acknowledgement: parseShape(ACKNOWLEDGEMENT, value, kind, invalid) };
}

/** Kinds whose files name their format; a receipt does too, and an acknowledgement names none. */
const NAMED = ['chain', 'erasure', 'history', 'reading', 'release'] as const;

function kindIn(value: unknown): EvidenceFile['kind'] {
  if (typeof value !== 'object' || value === null || !('format' in value)) return 'acknowledgement';
  const { format } = value;
  const name = typeof format === 'string' ? /^medseal-([a-z]+)\//.exec(format)?.[1] : '';
  return NAMED.find((kind) => kind === name) ?? 'receipt';
}

/** Refuses the format of another version, in words that differ from those for an altered file. */
function requireFormat(kind: EvidenceFile['kind'], value: unknown): void {
  const { format } = (value ?? {}) as { readonly format?: unknown };
  const known = `medseal-${kind}/${FORMATS[kind]?.number ?? 1}`;
  if (typeof format !== 'string' || format === known) return;
  if (!/^medseal-[a-z]+\/\d{1,3}$/.test(format)) return;
  throw invalid(`it is of the format ${format}, and this version reads ${known}`);
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
