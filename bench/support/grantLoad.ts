import { randomBytes } from 'node:crypto';
import { encodeBatch } from '../../src/bindings/encodeBatch.ts';
import { consentAbi } from '../../src/bindings/generated/consentAbi.ts';
import { registryAbi } from '../../src/bindings/generated/registryAbi.ts';
import { contractCreations } from '../../src/bindings/contractCreations.ts';
import { encodeRequests } from '../../src/bindings/encodeRequests.ts';
import { readEvents } from '../../src/bindings/readEvents.ts';
import { addressOf } from '../../src/crypto/addressOf.ts';
import { bytesToHex } from '../../src/crypto/bytes.ts';
import type { Primitives } from '../../src/crypto/Primitives.ts';
import { systemClock } from '../../src/folder/systemClock.ts';
import type { TransactionReceipt, Sender } from '../../src/ledger/openSender.ts';
import { seconds } from '../../src/protocol/Clock.ts';
import { ZERO32, type Address, type Bytes32, type Hex } from '../../src/protocol/ids.ts';
import { organisationId } from '../../src/protocol/network/networkLookups.ts';
import type { Grant, Terms } from '../../src/protocol/struct/requests.ts';
import { sign, type SigningContext } from '../../src/protocol/struct/signing.ts';

/** Some second in the far future, as a deadline. */
const FAR = 4_000_000_000;

/** A network's rules on a ledger, and signed grants to put there. */
export interface GrantLoad {
  readonly consent: Address;
  /** Some of the grants that were made, spread over all of them. */
  readonly samples: readonly Grant[];
  /** Calldata of a batch of new grants. */
  batch(size: number): Hex;
  /** The number of grants that a receipt tells of; throws if one was refused. */
  count(receipt: TransactionReceipt): number;
}

/** Length of each right: the contract takes none that is much longer. */
const DAYS = 365;
/** One grant in so many is kept as a sample. */
const SAMPLED = 100;

/**
 * Founds a network and enrols patients, each with committed epochs.
 *
 * @param sender - The sender; it must not have sent before.
 * @param patients - Number of patients; the grants go round them, each to the next of them.
 */
export async function foundGrantLoad(
  primitives: Primitives,
  sender: Sender,
  chainId: number,
  patients: number,
): Promise<GrantLoad> {
  const networkId = word();
  const organisations = ['hospital', 'laboratory', 'insurer'];
  const members = organisations
    .map((organisation) => ({ organisation, ...actor(primitives) }))
    .toSorted((a, b) => (a.address < b.address ? -1 : 1));
  const office = { threshold: 2, members };
  const founding = { networkId, authority: office, coordinators: office };
  const creations = contractCreations({ ...founding, deployer: sender.address, nonce: 0 });
  for (const { data } of creations) await sender.send({ data });
  const [registry, consent] = creations.map(({ address }) => address);
  if (registry === undefined || consent === undefined) throw new Error('no contracts');

  const domain = { name: 'Medseal', version: '1', chainId, salt: networkId };
  const context: SigningContext = { primitives, domain };
  const enrolled = Array.from({ length: patients }, () => ({
    ...actor(primitives),
    handle: word(),
  }));
  for (let first = 0; first < patients; first += 25) {
    const some = enrolled.slice(first, first + 25);
    const enrolments = some.map(({ address, handle }) => {
      const organisation = organisationId('hospital');
      const enrolment = {
        party: address,
        role: 1,
        organisation,
        recipient: word(),
        handle,
        deadline: FAR,
      };
      const signatures = members
        .slice(0, 2)
        .map((member) => sign(context, member, 'Enrolment', enrolment).signature);
      return { message: enrolment, signatures };
    });
    check(await sender.send({ to: registry, data: encodeBatch(registryAbi, 'enrol', enrolments) }));
    const commitments = some.map((patient) =>
      sign(context, patient, 'CommitEpochs', {
        handle: patient.handle,
        first: 1,
        count: 64,
        root: word(),
        deadline: FAR,
      }),
    );
    check(
      await sender.send({
        to: consent,
        data: encodeBatch(consentAbi, 'commitEpochs', commitments),
      }),
    );
  }

  const from = seconds(systemClock);
  let made = 0;
  const samples: Grant[] = [];
  const next = () => {
    const patient = enrolled[made % patients];
    const grantee = enrolled[(made + 1) % patients];
    if (patient === undefined || grantee === undefined) throw new Error('no patients');
    const terms: Terms = {
      grantee: grantee.address,
      categories: ['medications'],
      record: ZERO32,
      read: true,
      add: false,
      amend: false,
      purpose: 'TREAT',
      from,
      until: from + DAYS * 86_400,
      salt: bytesToHex(randomBytes(16)),
    };
    const grant: Grant = { handle: patient.handle, terms, deadline: FAR };
    if (made % SAMPLED === 0) samples.push(grant);
    made += 1;
    return sign(context, patient, 'Grant', grant);
  };
  return {
    consent,
    samples,
    batch: (size) => encodeRequests(primitives, 'Grant', Array.from({ length: size }, next)),
    count: check,
  };
}

function check({ logs }: TransactionReceipt): number {
  const events = readEvents(logs);
  const refused = events.find((event) => event.kind === 'Refused');
  if (refused) throw new Error(`refused: ${JSON.stringify(refused)}`);
  return events.length;
}

function actor(primitives: Primitives) {
  const signingKey = randomBytes(32);
  return { signingKey, address: addressOf(primitives, primitives.publicKey(signingKey)) };
}

function word(): Bytes32 {
  return bytesToHex(randomBytes(32));
}
