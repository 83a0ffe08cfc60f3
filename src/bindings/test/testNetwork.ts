import { encodeBatch } from '../encodeBatch.ts';
import { registryAbi } from '../generated/registryAbi.ts';
import { network as hardhat } from 'hardhat';
import { addressOf } from '../../crypto/addressOf.ts';
import { portablePrimitives as primitives } from '../../crypto/portablePrimitives.ts';
import { ZERO32, type Address, type Bytes32, type Hex } from '../../protocol/ids.ts';
import type { NetworkFile } from '../../protocol/network/NetworkFile.ts';
import { FURTHER_CONTRACTS } from '../../protocol/network/furtherContracts.ts';
import { organisationId } from '../../protocol/network/networkLookups.ts';
import type { Enrolment, Grant, Messages } from '../../protocol/struct/requests.ts';
import { sign, type SigningContext } from '../../protocol/struct/signing.ts';
import { contractCreations } from '../contractCreations.ts';
import type { Countersigned } from '../Countersigned.ts';
import type { LedgerProvider } from '../LedgerProvider.ts';
import { readEvents, type RuleEvent } from '../readEvents.ts';

/** The contracts that every network has. */
type TestContract = Exclude<keyof NetworkFile['contracts'], 'validators'>;

/** Someone with a key. */
export interface Actor {
  readonly address: Address;
  readonly signingKey: Uint8Array;
}

/** The contracts on a ledger in this process, founded by three organisations, with a patient and two doctors. */
export interface TestNetwork extends AsyncDisposable {
  readonly provider: LedgerProvider;
  readonly contracts: Readonly<Record<TestContract, Address>>;
  readonly context: SigningContext;
  readonly patient: Actor;
  readonly doctor: Actor;
  readonly otherDoctor: Actor;
  readonly handle: Bytes32;
  /** In ascending order of their addresses. */
  readonly authority: readonly Actor[];
  /** In ascending order of their addresses. */
  readonly coordinators: readonly Actor[];
  /** Gas that each contract's creation used. */
  readonly deployment: Readonly<Record<string, number>>;
  /** Time of the newest block, Unix seconds. */
  now(): Promise<number>;
  /** Moves the ledger's time. */
  wait(seconds: number): Promise<void>;
  /** Sends a transaction and reads its events. */
  send(contract: TestContract, data: Hex): Promise<Sent>;
  /** A message with the signatures of two holders of an office. */
  countersign<Type extends keyof Messages>(
    holders: readonly Actor[],
    type: Type,
    message: Messages[Type],
  ): Countersigned<Type>;
  /** A grant to a doctor, with other terms if given. */
  grantTo(grantee: Address, terms?: Partial<Grant['terms']>): Grant;
}

/** Result of a transaction. */
export interface Sent {
  readonly events: readonly RuleEvent[];
  readonly gas: number;
  readonly block: number;
}

export const NETWORK_ID: Bytes32 = `0x${'5a'.repeat(32)}`;
export const DELAY = 3600;
/** Some second in the far future, as a deadline. */
export const FAR = 4_000_000_000;

/** An actor whose key is made from a number. */
export function actor(number: number): Actor {
  const signingKey = primitives.sha256(Uint8Array.of(number >> 8, number & 0xff));
  return { signingKey, address: addressOf(primitives, primitives.publicKey(signingKey)) };
}

/** Starts a ledger and founds the network on it. */
export async function startTestNetwork(): Promise<TestNetwork> {
  const connection = await hardhat.create({ network: 'ledger' });
  const provider = connection.provider as LedgerProvider;
  const chainId = Number(await provider.request({ method: 'eth_chainId' }));
  const context: SigningContext = {
    primitives,
    domain: { name: 'Medseal', version: '1', chainId, salt: NETWORK_ID },
  };
  const [deployer] = (await provider.request({ method: 'eth_accounts' })) as [Address];
  const authority = ordered([actor(1), actor(2), actor(3)]);
  const coordinators = ordered([actor(11), actor(12), actor(13)]);
  const handle: Bytes32 = `0x${'b1'.repeat(32)}`;

  const creations = contractCreations({
    networkId: NETWORK_ID,
    authority: { threshold: 2, members: seatsOf(authority) },
    coordinators: { threshold: 2, members: seatsOf(coordinators) },
    delay: DELAY,
    longestRight: FAR,
    further: FURTHER_CONTRACTS,
    deployer,
    nonce: 0,
  });
  const deployment: Record<string, number> = {};
  for (const { contract, data } of creations) {
    deployment[`create ${contract}`] = Number((await transact({ data }))['gasUsed']);
  }
  const contracts = Object.fromEntries(
    creations.map(({ contract, address }) => [contract, address]),
  ) as unknown as TestNetwork['contracts'];

  const [patient, doctor, otherDoctor] = [actor(21), actor(22), actor(23)];
  const enrolments = [
    enrolmentOf(patient, 1, handle),
    enrolmentOf(doctor, 2, ZERO32),
    enrolmentOf(otherDoctor, 2, ZERO32),
  ];
  const signed = enrolments.map((enrolment) => countersign(authority, 'Enrolment', enrolment));
  await send('registry', encodeBatch(registryAbi, 'enrol', signed));

  return {
    provider,
    contracts,
    context,
    patient,
    doctor,
    otherDoctor,
    handle,
    authority,
    coordinators,
    deployment,
    now,
    wait,
    send,
    countersign,
    grantTo,
    [Symbol.asyncDispose]: async () => {
      await connection.close();
    },
  };

  async function transact(call: { to?: Address; data: Hex }): Promise<Record<string, unknown>> {
    const transaction = { from: deployer, gas: '0xb71b00', ...call };
    const hash = await provider.request({ method: 'eth_sendTransaction', params: [transaction] });
    const receipt = await provider.request({ method: 'eth_getTransactionReceipt', params: [hash] });
    return receipt as Record<string, unknown>;
  }

  async function send(contract: TestContract, data: Hex): Promise<Sent> {
    const receipt = await transact({ to: contracts[contract], data });
    return {
      events: readEvents(receipt['logs']),
      gas: Number(receipt['gasUsed']),
      block: Number(receipt['blockNumber']),
    };
  }

  async function now(): Promise<number> {
    const block = await provider.request({
      method: 'eth_getBlockByNumber',
      params: ['latest', false],
    });
    return Number((block as { timestamp: string }).timestamp);
  }

  async function wait(seconds: number): Promise<void> {
    await provider.request({ method: 'evm_increaseTime', params: [seconds] });
    await provider.request({ method: 'evm_mine' });
  }

  function countersign<Type extends keyof Messages>(
    holders: readonly Actor[],
    type: Type,
    message: Messages[Type],
  ): Countersigned<Type> {
    const signers = holders.slice(0, 2);
    const signatures = signers.map((holder) => sign(context, holder, type, message).signature);
    return { message, signatures };
  }

  function grantTo(grantee: Address, terms: Partial<Grant['terms']> = {}): Grant {
    return {
      handle,
      deadline: FAR,
      terms: {
        grantee,
        categories: ['laboratory', 'medications'],
        record: ZERO32,
        read: true,
        add: false,
        amend: false,
        purpose: 'TREAT',
        from: 0,
        until: FAR,
        salt: `0x${'7e'.repeat(16)}`,
        ...terms,
      },
    };
  }
}

/** An enrolment of an actor. */
export function enrolmentOf(
  { address }: Pick<Actor, 'address'>,
  role: number,
  handle: Bytes32,
): Enrolment {
  const organisation = organisationId('hospital');
  return { party: address, role, organisation, recipient: NETWORK_ID, handle, deadline: FAR };
}

function ordered(actors: readonly Actor[]): readonly Actor[] {
  return actors.toSorted((left, right) => (left.address < right.address ? -1 : 1));
}

function seatsOf(actors: readonly Actor[]): { address: Address; organisation: string }[] {
  return actors.map(({ address }, place) => ({
    address,
    organisation: ['hospital', 'laboratory', 'insurer'][place] ?? '',
  }));
}
