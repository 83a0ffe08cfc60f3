import { encodeEnrol } from '../bindings/encodeEnrol.ts';
import { readEvents } from '../bindings/readEvents.ts';
import type { Primitives } from '../crypto/Primitives.ts';
import { MedsealError } from '../errors/MedsealError.ts';
import type { Sender } from '../ledger/openSender.ts';
import { seconds, type Clock } from '../protocol/Clock.ts';
import { domainOf } from '../protocol/domainOf.ts';
import { ZERO32, type Organisation } from '../protocol/ids.ts';
import type { NetworkFile } from '../protocol/NetworkFile.ts';
import { organisationId } from '../protocol/networkLookups.ts';
import { sign } from '../protocol/signing.ts';
import { ROLES, SERVICES } from '../protocol/vocabulary.ts';
import type { LedgerIndex } from '../services/LedgerIndex.ts';
import type { AccountKey, OrganisationKeys } from './organisationKeys.ts';

/** An organisation with the keys that enrolling its administrator takes. */
interface Founder {
  readonly organisation: Organisation;
  readonly keys: Pick<OrganisationKeys, 'sender'>;
  readonly authorityKey: AccountKey;
}

/**
 * Has the authority enrol the organisations' administrators, by the accounts that they send from, where the Registry
 * does not have them yet. It is the last step of founding a network, and safe to repeat.
 *
 * @param context - The network and the ports.
 * @param founders - The organisations.
 * @param sender - Who sends.
 * @throws MedsealError `ENROLMENT_REFUSED`.
 */
export async function enrolSenders(
  context: {
    readonly network: NetworkFile;
    readonly index: LedgerIndex;
    readonly primitives: Primitives;
    readonly clock: Clock;
  },
  founders: readonly Founder[],
  sender: Sender,
): Promise<void> {
  const { network, index, primitives, clock } = context;
  await index.refresh();
  const missing = founders.filter(({ keys }) => index.party(keys.sender.address) === undefined);
  if (missing.length === 0) return;
  const signing = { domain: domainOf(network), primitives };
  const members = founders
    .map(({ authorityKey }) => authorityKey)
    .toSorted((left, right) => (left.address < right.address ? -1 : 1));
  const enrolments = missing.map(({ organisation, keys }) => {
    const enrolment = {
      party: keys.sender.address,
      role: ROLES.length + SERVICES.indexOf('administrator') + 1,
      organisation: organisationId(organisation),
      // Nobody seals to an account that only sends.
      recipient: ZERO32,
      handle: ZERO32,
      deadline: seconds(clock) + 600,
    };
    const signatures = members.map((key) => sign(signing, key, 'Enrolment', enrolment).signature);
    return { enrolment, signatures };
  });
  const { registry } = network.contracts;
  const receipt = await sender.send({ to: registry, data: encodeEnrol(enrolments) });
  for (const event of readEvents(receipt.logs)) {
    if (event.kind === 'Refused') {
      throw new MedsealError('ENROLMENT_REFUSED', { reason: event.error });
    }
  }
}
