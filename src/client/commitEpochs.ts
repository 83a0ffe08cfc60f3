import { bytesToHex, utf8ToBytes } from '../crypto/bytes.ts';
import { recipientOf } from '../crypto/keys/ageIdentity.ts';
import { inclusionProof } from '../crypto/merkle/inclusionProof.ts';
import { memoryTree } from '../crypto/merkle/memoryTree.ts';
import { sealBytes } from '../crypto/sealing/sealBytes.ts';
import { base64 } from '@scure/base';
import type { ProvenSheet, EpochSheet, Keyring } from '../protocol/epochs.ts';
import { canonicalJson } from '../protocol/canonicalJson.ts';
import { seconds } from '../protocol/Clock.ts';
import { sheetLeaf } from '../protocol/sheetsRoot.ts';
import { CATEGORIES, type Category } from '../protocol/vocabulary.ts';
import { confirmFacts } from './confirmFacts.ts';
import { epochIdentity } from './epochIdentity.ts';
import { changePatientState, readPatientState } from './PatientState.ts';
import type { Party } from './Party.ts';
import { submitRule, type Accepted } from './submit.ts';

/**
 * Commits a patient ahead to the recipients of the next epochs; the first commitment begins epoch 1. Epochs that
 * were prepared before are committed to as they were prepared, whether the ledger heard of that or not: a repeat is
 * safe.
 *
 * @param party - The patient.
 * @param atLeast - How many epochs at least.
 * @throws MedsealError with the code of the refusal.
 */
export async function commitEpochs(party: Party, atLeast: number): Promise<Accepted<'mined'>> {
  const { handle } = await readPatientState(party);
  const { patient } = await confirmFacts(party, { handle });
  const first = (patient?.epoch ?? 0) + 1;
  // The salts are kept before the ledger moves: an epoch whose salts are lost could never be opened.
  const { keyring } = await changePatientState(party, (state) => ({
    ...state,
    keyring: withSalts(party, state.keyring, first, atLeast),
  }));
  let count = atLeast;
  while (keyring.salts[first + count] !== undefined) count += 1;
  const sheets: EpochSheet[] = [];
  for (let epoch = first; epoch < first + count; epoch++) {
    sheets.push(await sheetFor(party, keyring, epoch));
  }
  const tree = memoryTree(
    party.primitives,
    sheets.map((sheet) => sheetLeaf(party.primitives, sheet)),
  );
  const proven: ProvenSheet[] = [];
  for (const [index, sheet] of sheets.entries()) {
    const proof = await inclusionProof(party.primitives, tree.readHash, index, tree.size);
    proven.push({ sheet, proof: proof.map(bytesToHex) });
  }
  const sealed = await sealBytes([party.recipient], utf8ToBytes(canonicalJson(keyring)));
  return await submitRule(
    party,
    'CommitEpochs',
    { handle, first, count, root: bytesToHex(tree.root), deadline: seconds(party.clock) + 300 },
    { sheets: proven, keyring: base64.encode(sealed) },
  );
}

function withSalts(party: Party, keyring: Keyring, first: number, count: number): Keyring {
  const salts: Record<string, Keyring['salts'][string]> = { ...keyring.salts };
  for (let epoch = first; epoch < first + count; epoch++) salts[epoch] ??= newSalts(party);
  return { ...keyring, salts };
}

function newSalts(party: Party): Record<Category, string> {
  const salts = CATEGORIES.map((category) => [category, bytesToHex(party.random(16))]);
  return Object.fromEntries(salts) as Record<Category, string>;
}

async function sheetFor(party: Party, keyring: Keyring, epoch: number): Promise<EpochSheet> {
  const recipients: [Category, string][] = [];
  for (const category of CATEGORIES) {
    const identity = epochIdentity(party.seed, keyring, epoch, category);
    recipients.push([category, await recipientOf(identity)]);
  }
  return {
    format: 'medseal-sheet/1',
    handle: keyring.handle,
    epoch,
    recipients: Object.fromEntries(recipients) as Record<Category, string>,
  };
}
