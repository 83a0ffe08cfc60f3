import { bytesToHex } from '../../crypto/bytes.ts';
import { earlierIdentity, SPAN } from '../../crypto/keys/earlierIdentity.ts';
import { recipientOf } from '../../crypto/keys/ageIdentity.ts';
import { ownIdentity } from '../../crypto/keys/ownIdentity.ts';
import { inclusionProof } from '../../crypto/merkle/inclusionProof.ts';
import { memoryTree } from '../../crypto/merkle/memoryTree.ts';
import type { EpochSheet, Keyring, ProvenSheet, SpanKey } from '../../protocol/rights/epochs.ts';
import type { Bytes32 } from '../../protocol/ids.ts';
import { releaseKeyOf } from '../../protocol/release/releaseKeyOf.ts';
import { sheetLeaf } from '../../protocol/rights/sheetsRoot.ts';
import { CATEGORIES, type Category } from '../../protocol/vocabulary.ts';
import { epochIdentity, predatesSensitive, spanEnds } from './epochIdentity.ts';
import type { Party } from '../party/Party.ts';

/**
 * Makes the sheets of consecutive epochs of a patient from the keys of a keyring, under one root.
 *
 * @param party - The patient.
 * @param keyring - Keyring with keys for all of the epochs.
 * @param range - First epoch, and number of epochs; `guarded` if they have recipients of the patient's own, as those have
 * that are prepared while the channel has a release key: so they do now, if absent.
 * @throws MedsealError `KEY_PENDING` if the keyring has no keys for one; `RECORD_ERASED` if one was erased.
 */
export async function epochSheets(
  party: Party,
  keyring: Keyring,
  {
    first,
    count,
    guarded = releaseKeyOf(party.network, party.log) !== undefined,
  }: { readonly first: number; readonly count: number; readonly guarded?: boolean },
): Promise<{ readonly root: Bytes32; readonly sheets: readonly ProvenSheet[] }> {
  const { primitives } = party;
  const byCategory = CATEGORIES.map(
    (category) => [category, identitiesOf(keyring, { first, count }, category)] as const,
  );
  const { handle } = keyring;
  const secrets = guarded ? identitiesOf(keyring, { first, count }, 'own') : [];
  const sheets: EpochSheet[] = [];
  for (let place = 0; place < count; place++) {
    const identities = byCategory.map(
      ([category, ofEpochs]) => [category, ofEpochs[place]] as const,
    );
    const secret = secrets[place];
    const of = { handle, epoch: first + place, ...(secret !== undefined && { secret }) };
    sheets.push(await sheetFor(party, of, identities));
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

/**
 * The identities of consecutive epochs, each from the one after it if both are in one span, which costs one hash in
 * place of many. An identity is undefined if the category is younger than the chart's keys.
 */
function identitiesOf(
  keyring: Keyring,
  { first, count }: { readonly first: number; readonly count: number },
  category: SpanKey,
): readonly (string | undefined)[] {
  const ends = new Set(spanEnds(keyring));
  const identities: (string | undefined)[] = [];
  for (let epoch = first + count - 1; epoch >= first; epoch--) {
    if (category === 'sensitive' && predatesSensitive(keyring, epoch)) {
      identities.push(undefined);
      continue;
    }
    const after = ends.has(epoch) || epoch % SPAN === 0 ? undefined : identities.at(-1);
    identities.push(
      after === undefined ? epochIdentity(keyring, epoch, category) : earlierIdentity(after, 1),
    );
  }
  return identities.toReversed();
}

/** The secret of a patient's own identities in an epoch; absent if no release is needed. */
interface OwnSecret {
  readonly secret?: string;
}

async function sheetFor(
  { cipher }: Party,
  { handle, epoch, secret }: Pick<EpochSheet, 'handle' | 'epoch'> & OwnSecret,
  identities: readonly (readonly [Category, string | undefined])[],
): Promise<EpochSheet> {
  const recipients: [Category, string][] = [];
  const own: [Category, string][] = [];
  for (const [category, identity] of identities) {
    if (identity === undefined) continue;
    recipients.push([category, await recipientOf(identity, cipher?.kem)]);
    if (secret === undefined) continue;
    const patients = ownIdentity(secret, identity);
    own.push([category, await recipientOf(patients, cipher?.kem)]);
  }
  return {
    format: 'medseal-sheet/1',
    handle,
    epoch,
    recipients: Object.fromEntries(recipients),
    ...(secret && { own: Object.fromEntries(own) }),
  };
}
