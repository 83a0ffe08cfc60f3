/**
 * A ledger of a network with care contracts, embedded or held by validators, one organisation that holds both offices, and parties that are
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
import type { LedgerProvider } from '../../src/bindings/LedgerProvider.ts';
import { readEvents } from '../../src/bindings/readEvents.ts';
import { addressOf } from '../../src/crypto/addressOf.ts';
import { bytesToHex } from '../../src/crypto/bytes.ts';
import { systemClock as clock } from '../../src/folder/systemClock.ts';
import { connectJsonRpc } from '../../src/ledger/connectJsonRpc.ts';
import { openEmbeddedLedger } from '../../src/ledger/openEmbeddedLedger.ts';
import { openSender } from '../../src/ledger/openSender.ts';
import { engineMissing, startEngines } from '../../src/ledger/test/startEngines.ts';
import { createNativePrimitives } from '../../src/native/nativePrimitives.ts';
import type { FurtherContract } from '../../src/protocol/network/furtherContracts.ts';
import {
  ZERO32,
  ZERO_ADDRESS,
  type Address,
  type Bytes32,
  type Hex,
} from '../../src/protocol/ids.ts';
import { organisationId } from '../../src/protocol/network/networkLookups.ts';
import { sign, type SigningContext } from '../../src/protocol/struct/signing.ts';

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
  /**
   * Sends batches, one after another to the embedded ledger and some at a time to validators, whose blocks come by the clock,
   * and returns what it took; none of their requests may be refused.
   */
  send(to: Address | undefined, batches: readonly Hex[]): Promise<Taken>;
}

/** Time that something took, seconds. */
export interface Taken {
  readonly wall: number;
  /** Processor time of this process, which other programs on the machine change little; without validators' own. */
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

/** Batches under way at a time over validators. */
const WIDTH = 16;

/**
 * Opens a ledger in a folder of its own, which goes with it.
 *
 * @param further - The care contracts.
 * @param validators - Number of the consortium's validators that hold it, all on this machine; 0 for the embedded ledger.
 */
export async function openCareLedger(
  further: readonly FurtherContract[],
  validators = 0,
): Promise<CareLedger> {
  const primitives = await createNativePrimitives();
  const networkId = randomWord();
  const domain = { name: 'Medseal', version: '1', chainId, salt: networkId } as const;
  const context: SigningContext = { primitives, domain };
  const actor = (): Actor => {
    const signingKey = new Uint8Array(randomBytes(32));
    return { signingKey, address: addressOf(primitives, primitives.publicKey(signingKey)) };
  };
  const [deployer, member] = [actor(), actor()];
  const { provider, close } = await (validators === 0 ? openEmbedded : openValidators)({
    primitives,
    sender: deployer.address,
    validators,
  });
  const secret = deployer.signingKey;
  const sender = openSender({ provider, chainId, secret, primitives, clock });
  const office = { threshold: 1, members: [{ organisation: 'hospital', ...member }] };
  const founding = { networkId, authority: office, coordinators: office, further };
  const creations = contractCreations({ ...founding, deployer: deployer.address, nonce: 0 });
  for (const { data } of creations) await sender.send({ data });
  const at = Object.fromEntries(creations.map(({ contract, address }) => [contract, address]));
  const send: CareLedger['send'] = async (to = ZERO_ADDRESS, batches) => {
    const [start, used] = [performance.now(), process.cpuUsage()];
    const waiting = batches.values();
    const lane = async (): Promise<void> => {
      for (const data of waiting) {
        const { logs } = await sender.send({ to, data, gas: 15_000_000 });
        const refused = readEvents(logs).find(({ kind }) => kind === 'Refused');
        if (refused !== undefined) throw new Error(JSON.stringify(refused));
      }
    };
    await Promise.all(Array.from({ length: validators === 0 ? 1 : WIDTH }, lane));
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
    [Symbol.asyncDispose]: close,
  };
}

interface Wanted {
  readonly primitives: Awaited<ReturnType<typeof createNativePrimitives>>;
  readonly sender: Address;
  readonly validators: number;
}

interface Opened {
  readonly provider: LedgerProvider;
  readonly close: () => Promise<void>;
}

async function openEmbedded({ primitives, sender }: Wanted): Promise<Opened> {
  const folder = await mkdtemp(join(tmpdir(), 'medseal-bench-'));
  const ledger = await openEmbeddedLedger({
    database: new ClassicLevel(folder),
    chainId,
    clock,
    primitives,
    genesis: { timestamp: 1_700_000_000, senders: [sender] },
  });
  const close = async (): Promise<void> => {
    await ledger.close();
    await rm(folder, { recursive: true, force: true });
  };
  return { provider: ledger, close };
}

async function openValidators({ sender, validators }: Wanted): Promise<Opened> {
  if (engineMissing !== undefined) throw new Error(engineMissing);
  const network = await startEngines({ validators, senders: [sender], chainId, blockTime: 300 });
  const url = network.engines[0]?.url ?? '';
  const provider = await connectJsonRpc({ url, chainId, clock });
  return { provider, close: async () => await network.close() };
}
