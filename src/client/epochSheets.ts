import { bytesToHex } from '../crypto/bytes.ts';
import { recipientOf } from '../crypto/keys/ageIdentity.ts';
import { inclusionProof } from '../crypto/merkle/inclusionProof.ts';
import { memoryTree } from '../crypto/merkle/memoryTree.ts';
import type { EpochSheet, Keyring, ProvenSheet } from '../protocol/epochs.ts';
import type { Bytes32 } from '../protocol/ids.ts';
import { sheetLeaf } from '../protocol/sheetsRoot.ts';
import { CATEGORIES, type Category } from '../protocol/vocabulary.ts';
import { epochIdentity } from './epochIdentity.ts';
import type { Party } from './Party.ts';

/**
 * The sheets of consecutive epochs of a patient, as the salts of a keyring give them, under one root.
 *
 * @param party - The patient.
 * @param keyring - Has salts for all of the epochs.
 * @param range - The first epoch, and how many.
 * @throws MedsealError `KEY_PENDING` where the keyring has no salts for one; `RECORD_ERASED` where one was erased.
 */
export async function epochSheets(
  party: Party,
  keyring: Keyring,
  { first, count }: { readonly first: number; readonly count: number },
): Promise<{ readonly root: Bytes32; readonly sheets: readonly ProvenSheet[] }> {
  const { primitives } = party;
  const sheets: EpochSheet[] = [];
  for (let epoch = first; epoch < first + count; epoch++) {
    sheets.push(await sheetFor(party, keyring, epoch));
  }
  const leaves = sheets.map((sheet) => sheetLeaf(primitives, sheet));
  const tree = memoryTree(primitives, leaves);
  const proven: ProvenSheet[] = [];
  for (const [index, sheet] of sheets.entries()) {
    const proof = await inclusionProof(primitives, tree.readHash, index, tree.size);
    proven.push({ sheet, proof: proof.map(bytesToHex) });
  }
  return { root: bytesToHex(tree.root), sheets: proven };
}

async function sheetFor(party: Party, keyring: Keyring, epoch: number): Promise<EpochSheet> {
  const recipients: [Category, string][] = [];
  for (const category of CATEGORIES) {
    const identity = epochIdentity(party.seed, keyring, epoch, category);
    recipients.push([category, await recipientOf(identity, party.cipher?.kem)]);
  }
  return {
    format: 'medseal-sheet/1',
    handle: keyring.handle,
    epoch,
    recipients: Object.fromEntries(recipients) as Record<Category, string>,
  };
}
