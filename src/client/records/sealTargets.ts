import { portableKem } from '../../crypto/sealing/portableKem.ts';
import { recipientKey } from '../../crypto/keys/ageIdentity.ts';
import type { SealTarget } from '../../crypto/sealing/ageHeader.ts';
import { evidencedRecipient } from '../../crypto/threshold/evidencedStanza.ts';
import { MedsealError } from '../../errors/MedsealError.ts';
import type { EpochSheet } from '../../protocol/rights/epochs.ts';
import { releaseKeyOf } from '../../protocol/release/releaseKeyOf.ts';
import { versionIdentity } from '../../protocol/release/versionIdentity.ts';
import type { Write } from '../../protocol/struct/requests.ts';
import type { Party } from '../party/Party.ts';

/**
 * Returns whom a record version is sealed to: whoever holds the epoch's identity of its category; in a channel with a release
 * key, whoever holds that and what coordinators release for a logged view, and the patient's own recipient.
 *
 * @param party - The author.
 * @param sheet - Proven sheet of the patient's present epoch.
 * @param version - Patient, record, version and category.
 * @throws MedsealError `KEY_PENDING` if the patient has not committed to recipients for the category.
 */
export function sealTargets(
  party: Pick<Party, 'network' | 'log' | 'cipher' | 'primitives' | 'random'>,
  { recipients, own }: EpochSheet,
  version: Pick<Write, 'handle' | 'record' | 'version' | 'category'>,
): readonly SealTarget[] {
  const recipient = recipients[version.category];
  // The patient has not yet committed to a category that is missing in a proven sheet.
  if (recipient === undefined) throw new MedsealError('KEY_PENDING', {});
  const { network, log, cipher, primitives, random } = party;
  const key = releaseKeyOf(network, log);
  if (key === undefined) return [recipient];
  const patient = own?.[version.category];
  if (patient === undefined) throw new MedsealError('KEY_PENDING', {});
  const target = {
    recipientKey: recipientKey(recipient),
    publicKey: key.publicKey,
    identity: versionIdentity(network, key, version),
    keyId: key.id,
  };
  const kem = cipher?.kem ?? portableKem;
  const evidenced = evidencedRecipient(primitives.group, kem, target, random);
  return [evidenced, patient];
}
