import { bytesToHex, hexToBytes, utf8ToBytes } from '../../crypto/bytes.ts';
import { inclusionProof } from '../../crypto/merkle/inclusionProof.ts';
import { leafHash } from '../../crypto/merkle/leafHash.ts';
import { memoryTree } from '../../crypto/merkle/memoryTree.ts';
import { formatCheckpoint } from '../../crypto/note/checkpoint.ts';
import { signNote } from '../../crypto/note/signNote.ts';
import { placeText } from '../wire/placeText.ts';
import { canonicalJson } from '../wire/canonicalJson.ts';
import type {
  Acknowledgement,
  Body,
  Receipt,
  SignedCheckpoint,
  SignedVerdict,
} from '../evidence/evidence.ts';
import { ZERO32 } from '../ids.ts';
import { ENTRY_KINDS, kindOf } from '../struct/kindOf.ts';
import type { EntryKind } from '../network/NetworkFile.ts';
import type { View, Write } from '../struct/requests.ts';
import { sign } from '../struct/signing.ts';
import {
  context,
  coordinators,
  noteKeyOf,
  originOf,
  primitives,
  signatory,
  word,
  type Signatory,
} from './sampleNetwork.ts';

/** Evidence of the invented network, signed with its keys. */

export const LOG = 'care/hospital';
/** The moment of every sample, Unix seconds. */
export const NOW = 1_800_000_000;
export const HANDLE = word('handle of the patient');
export const RECORD = word('record');
export const doctor = signatory('doctor');

export const sampleWrite: Write = {
  log: LOG,
  action: 'add',
  handle: HANDLE,
  record: RECORD,
  version: 1,
  begunBy: doctor.address,
  about: ZERO32,
  category: 'laboratory',
  epoch: 1,
  file: word('sealed file'),
  size: 1000,
  grant: ZERO32,
  purpose: 'TREAT',
  deadline: NOW + 300,
  salt: `0x${'0a'.repeat(16)}`,
};

export const sampleView: View = {
  log: LOG,
  what: 'chart',
  handle: HANDLE,
  record: ZERO32,
  version: 0,
  grant: ZERO32,
  purpose: 'TREAT',
  deadline: NOW + 300,
  salt: `0x${'0b'.repeat(16)}`,
};

/** The body of an accepted write, changed where said. */
export function sampleBody(change: Partial<Body> = {}, write: Partial<Write> = {}): Body {
  return {
    format: 'medseal-body/1',
    flag: 'A',
    log: LOG,
    at: NOW,
    block: 7,
    request: sign(context, doctor, 'Write', { ...sampleWrite, ...write }),
    salt: `0x${'0c'.repeat(16)}`,
    ...change,
  };
}

/** Has coordinators sign a verdict over bodies. */
async function judged(
  bodies: readonly string[],
  signers: readonly Signatory[],
  kind: EntryKind,
): Promise<SignedVerdict[][]> {
  const leaves = bodies.map((body) => leafHash(primitives, primitives.sha256(utf8ToBytes(body))));
  const tree = memoryTree(primitives, leaves);
  const log = word(originOf('hospital'));
  const root = bytesToHex(tree.root);
  const verdict = { kind, log, size: tree.size, root, at: NOW, includeBy: NOW + 60 };
  const signed = signers.map((signer) => sign(context, signer, 'Verdict', verdict));
  const verdicts: SignedVerdict[][] = [];
  for (const index of bodies.keys()) {
    const proof = await inclusionProof(primitives, tree.readHash, index, tree.size);
    verdicts.push(
      signed.map(({ party, signature }) => ({
        verdict,
        coordinator: party,
        signature,
        index,
        proof: proof.map(bytesToHex),
      })),
    );
  }
  return verdicts;
}

/**
 * The acknowledgements of bodies that were judged together, each as what it is unless said otherwise, and stand in the
 * log from place 0.
 */
export async function acknowledged(
  bodies: readonly Body[],
  signers: readonly Signatory[] = coordinators,
  as?: EntryKind,
): Promise<Acknowledgement[]> {
  const entries: Acknowledgement[] = [];
  for (const kind of ENTRY_KINDS) {
    const places = [...bodies.entries()].filter(([, body]) => (as ?? kindOf(body)) === kind);
    const texts = places.map(([, body]) => canonicalJson(body));
    const verdicts = texts.length === 0 ? [] : await judged(texts, signers, kind);
    for (const [i, [index]] of places.entries()) {
      const body = texts[i] ?? '';
      const entry = bytesToHex(primitives.sha256(utf8ToBytes(body)));
      entries[index] = { log: LOG, index, entry, body, verdicts: verdicts[i] ?? [] };
    }
  }
  return entries;
}

/** A checkpoint over entries, signed by coordinators and the log. */
export function checkpointOf(
  entries: readonly string[],
  signers: readonly Signatory[] = coordinators,
  key = noteKeyOf('hospital'),
): SignedCheckpoint {
  const tree = memoryTree(
    primitives,
    entries.map((entry) => leafHash(primitives, hexToBytes(entry))),
  );
  const { size } = tree;
  const root = bytesToHex(tree.root);
  const origin = originOf('hospital');
  const text = formatCheckpoint({ origin, size, root: tree.root });
  return {
    log: LOG,
    size,
    root,
    note: signNote(primitives, text, [key]),
    signatures: signers.map((signer) => {
      const statement = { log: word(origin), size, root };
      const { signature } = sign(context, signer, 'Checkpoint', statement);
      return { coordinator: signer.address, signature };
    }),
  };
}

/** The receipt of one of several acknowledged entries. */
export async function receiptOf(
  acknowledgements: readonly Acknowledgement[],
  index: number,
  signers: readonly Signatory[] = coordinators,
  key = noteKeyOf('hospital'),
): Promise<Receipt> {
  const entries = acknowledgements.map(({ entry }) => entry);
  const tree = memoryTree(
    primitives,
    entries.map((entry) => leafHash(primitives, hexToBytes(entry))),
  );
  const acknowledgement = acknowledgements[index];
  if (acknowledgement === undefined) throw new Error(`no entry ${index}`);
  const inclusion = await inclusionProof(primitives, tree.readHash, index, tree.size);
  const checkpoint = checkpointOf(entries, signers, key);
  const ledger = { transaction: word('transaction'), block: 9 };
  const placed = placeText(originOf('hospital'), checkpoint, ledger);
  return {
    format: 'medseal-receipt/1',
    acknowledgement,
    checkpoint,
    inclusion: inclusion.map(bytesToHex),
    ledger: { ...ledger, note: signNote(primitives, placed, [key]) },
  };
}
