/**
 * An embedded ledger of a network with care contracts, one organisation that holds both offices, and parties that are
 * made at once, for benches.
 */
import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ClassicLevel } from 'classic-level';
import { contractCreations } from '../../src/bindings/contractCreations.ts';
import { encodeBatch } from '../../src/bindings/encodeBatch.ts';
import { registryAbi } from '../../src/bindings/generated/registryAbi.ts';
import { readEvents } from '../../src/bindings/readEvents.ts';
import { addressOf } from '../../src/crypto/addressOf.ts';
import { bytesToHex } from '../../src/crypto/bytes.ts';
import { systemClock as clock } from '../../src/folder/systemClock.ts';
import { openEmbeddedLedger } from '../../src/ledger/openEmbeddedLedger.ts';
import { openSender } from '../../src/ledger/openSender.ts';
import { createNativePrimitives } from '../../src/native/nativePrimitives.ts';
import type { FurtherContract } from '../../src/protocol/furtherContracts.ts';
import {
  ZERO32,
  ZERO_ADDRESS,
  type Address,
  type Bytes32,
  type Hex,
} from '../../src/protocol/ids.ts';
import { organisationId } from '../../src/protocol/networkLookups.ts';
import { sign, type SigningContext } from '../../src/protocol/signing.ts';

/** A deadline that no bench reaches, Unix seconds. */
export const FAR = 4_000_000_000;
const chainId = 4242;

/** A key and its address. */
export interface Actor {
  readonly address: Address;
  readonly signingKey: Uint8Array;
}

/** A ledger to measure. */
export interface CareLedger extends AsyncDisposable {
  readonly context: SigningContext;
  /** Key of the one organisation, which holds both offices. */
  readonly member: Actor;
  readonly at: Readonly<Partial<Record<FurtherContract, Address>>>;
  actor(): Actor;
  /** A party with the number of a role. */
  enrolled(role: number): Promise<Actor>;
  /** Sends batches one after another, and returns what it took; none of their requests may be refused. */
  send(to: Address | undefined, batches: readonly Hex[]): Promise<Taken>;
}

/** Time that something took, seconds. */
export interface Taken {
  readonly wall: number;
  /** Processor time of all threads, which other programs on the machine change little. */
  readonly processor: number;
}

/** Returns 32 random bytes. */
export function randomWord(): Bytes32 {
  return bytesToHex(randomBytes(32));
}

/** Returns the parts of a list, of a size, the last one smaller. */
export function partsOf<Item>(list: readonly Item[], size: number): readonly (readonly Item[])[] {
  const starts = Array.from({ length: Math.ceil(list.length / size) }, (_, place) => place * size);
  return starts.map((start) => list.slice(start, start + size));
}

/**
 * Opens a ledger in a folder of its own, which goes with it.
 *
 * @param further - The care contracts.
 */
export async function openCareLedger(further: readonly FurtherContract[]): Promise<CareLedger> {
  const primitives = await createNativePrimitives();
  const networkId = randomWord();
  const domain = { name: 'Medseal', version: '1', chainId, salt: networkId } as const;
  const context: SigningContext = { primitives, domain };
  const actor = (): Actor => {
    const signingKey = new Uint8Array(randomBytes(32));
    return { signingKey, address: addressOf(primitives, primitives.publicKey(signingKey)) };
  };
  const [deployer, member] = [actor(), actor()];
  const folder = await mkdtemp(join(tmpdir(), 'medseal-bench-'));
  const ledger = await openEmbeddedLedger({
    database: new ClassicLevel(folder),
    chainId,
    clock,
    primitives,
    genesis: { timestamp: 1_700_000_000, senders: [deployer.address] },
  });
  const secret = deployer.signingKey;
  const sender = openSender({ provider: ledger, chainId, secret, primitives, clock });
  const office = { threshold: 1, members: [{ organisation: 'hospital', ...member }] };
  const founding = { networkId, authority: office, coordinators: office, further };
  const creations = contractCreations({ ...founding, deployer: deployer.address, nonce: 0 });
  for (const { data } of creations) await sender.send({ data });
  const at = Object.fromEntries(creations.map(({ contract, address }) => [contract, address]));
  const send: CareLedger['send'] = async (to = ZERO_ADDRESS, batches) => {
    const [start, used] = [performance.now(), process.cpuUsage()];
    for (const data of batches) {
      const { logs } = await sender.send({ to, data, gas: 15_000_000 });
      const refused = readEvents(logs).find(({ kind }) => kind === 'Refused');
      if (refused !== undefined) throw new Error(JSON.stringify(refused));
    }
    const { user, system } = process.cpuUsage(used);
    return { wall: (performance.now() - start) / 1000, processor: (user + system) / 1e6 };
  };
  return {
    context,
    member,
    at,
    actor,
    send,
    enrolled: async (role) => {
      const party = actor();
      const enrolment = {
        party: party.address,
        role,
        organisation: organisationId('hospital'),
        recipient: randomWord(),
        handle: ZERO32,
        deadline: FAR,
      };
      const { message, signature } = sign(context, member, 'Enrolment', enrolment);
      const data = encodeBatch(registryAbi, 'enrol', [{ message, signatures: [signature] }]);
      await send(at['registry'], [data]);
      return party;
    },
    [Symbol.asyncDispose]: async () => {
      await ledger.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}
