import { createHash } from 'node:crypto';
import { MemoryDatabase } from '../../database/test/MemoryDatabase.ts';
import type { Primitives } from '../../crypto/Primitives.ts';
import type { Random } from '../../crypto/Random.ts';
import { FOUNDING_FORMAT, type Founding } from '../../folder/Founding.ts';
import { identityOf } from '../../folder/OrganisationIdentity.ts';
import {
  openAuthorityKey,
  openOrganisationKeys,
  type AccountKey,
  type OrganisationKeys,
} from '../../folder/organisationKeys.ts';
import { memoryFiles } from '../../folder/test/memoryFiles.ts';
import { openEmbeddedLedger } from '../../ledger/openEmbeddedLedger.ts';
import { openSender } from '../../ledger/openSender.ts';
import { TestClock } from '../../ledger/test/TestClock.ts';
import type { Clock } from '../../protocol/Clock.ts';
import type { ChannelNumbers } from '../../protocol/network/channelNumbers.ts';
import type { FurtherContract } from '../../protocol/network/furtherContracts.ts';
import type { Organisation } from '../../protocol/ids.ts';
import type { ClaimTerms, NetworkFile, Thresholds } from '../../protocol/network/NetworkFile.ts';
import type { KnownGrant } from '../../client/state/PatientState.ts';
import { dealShares } from '../founding/dealShares.ts';
import { foundNetwork } from '../founding/foundNetwork.ts';
import { memoryFolder, type MemoryFolder } from './memoryFolder.ts';
import { memoryIssued, type MemoryIssued } from './memoryIssued.ts';
import { copyLevel } from '../../../proof/simulation/copyLevel.ts';
import type { SimulatedDevice } from '../../../proof/simulation/SimulatedDevice.ts';

/** Time at which every test network begins, Unix seconds. */
export const BEGIN = 1_800_000_000;

/** Terms of the founding of a test network: two of the same shape are founded alike. */
export interface TestShape {
  /** All randomness but that of sealing follows from it. */
  readonly seed: string;
  /** The hospital first, which founds it. */
  readonly organisations: readonly Organisation[];
  /** Number of them that may be faulty. */
  readonly faulty: number;
  /** Quorums of coordinators. */
  readonly thresholds: Thresholds;
  /** The care contracts. */
  readonly further: readonly FurtherContract[];
  /** Codes of controlled medicines. */
  readonly controlled?: readonly string[] | undefined;
  /** Number of organisations that keep each sealed file. */
  readonly copies?: number | undefined;
  /** Terms of the channel that are one number each. */
  readonly numbers?: ChannelNumbers | undefined;
  /** True if a release key guards its records. */
  readonly guarded?: boolean | undefined;
  /** Term of claims; the usual one if absent. */
  readonly claims?: ClaimTerms | undefined;
}

/** Someone whom a network has when it begins. */
export interface TestPerson {
  readonly seed: Uint8Array;
  readonly device: SimulatedDevice;
}

/** Beginning of a test network: its keys, the database of its ledger, and the folders of its organisations. */
export interface TestBase {
  readonly file: NetworkFile;
  readonly keys: ReadonlyMap<Organisation, OrganisationKeys>;
  readonly authorityKeys: ReadonlyMap<Organisation, AccountKey>;
  readonly folders: ReadonlyMap<Organisation, MemoryFolder>;
  readonly issued: ReadonlyMap<Organisation, MemoryIssued>;
  readonly chain: MemoryDatabase;
  /** Each organisation's share of the release key; empty if there is no such key. */
  readonly shares: ReadonlyMap<Organisation, Uint8Array>;
  /** Count of the calls of its randomness so far. */
  readonly drawn: Drawn;
  /** The people of most tests; absent if nobody is there yet. */
  readonly people?: {
    readonly patient: TestPerson;
    readonly doctor: TestPerson;
    readonly stranger: TestPerson;
    readonly right: KnownGrant;
  };
}

/** Count of the calls of a source of randomness. */
export interface Drawn {
  calls: number;
}

/**
 * Random bytes that follow from a seed.
 *
 * @param seed - Any text.
 * @param drawn - Calls so far, from which it goes on, and which it counts.
 */
export function seededRandom(seed: string, drawn: Drawn = { calls: 0 }): Random {
  return (length) => {
    drawn.calls += 1;
    const hash = createHash('shake256', { outputLength: length });
    return new Uint8Array(hash.update(`${seed} ${drawn.calls}`).digest());
  };
}

/**
 * Founds a network of organisations in memory; none of them runs yet.
 *
 * @param shape - Terms of the founding.
 * @param primitives - Hashes and the curve.
 * @param clock - Clock of the ledger; it stands at `BEGIN` if absent.
 */
export async function foundTestBase(
  {
    seed,
    organisations,
    faulty,
    thresholds,
    further,
    controlled,
    copies,
    numbers,
    guarded,
    claims,
  }: TestShape,
  primitives: Primitives,
  clock: Clock = new TestClock(BEGIN * 1000),
): Promise<TestBase> {
  const drawn = { calls: 0 };
  const ports = { random: seededRandom(seed, drawn), primitives };
  const dealt =
    guarded === true
      ? dealShares(primitives.group, organisations, thresholds.views, ports.random)
      : undefined;
  const founding: Founding = {
    format: FOUNDING_FORMAT,
    networkId: `0x${Buffer.from(ports.random(32)).toString('hex')}`,
    demo: true,
    chainId: 31_337,
    timestamp: BEGIN,
    channel: 'care',
    threshold: Math.floor(organisations.length / 2) + 1,
    faulty,
    thresholds,
    further,
    ...(controlled && { controlled }),
    ...(copies !== undefined && { copies }),
    ...numbers,
    ...(dealt && { release: dealt.release }),
    ...(claims && { claims }),
    organisations,
    urls: {},
  };
  const folders = new Map<Organisation, MemoryFolder>();
  const keys = new Map<Organisation, OrganisationKeys>();
  const authorityKeys = new Map<Organisation, AccountKey>();
  for (const name of organisations) {
    const files = memoryFiles();
    folders.set(name, memoryFolder(files));
    keys.set(name, await openOrganisationKeys(files, ports));
    authorityKeys.set(name, await openAuthorityKey(memoryFiles(), ports));
  }
  const chain = new MemoryDatabase();
  const { chainId } = founding;
  const ledger = await openEmbeddedLedger({
    database: keptOpen(chain),
    chainId,
    genesis: genesisOf(keys),
    clock,
    primitives,
  });
  const identities = organisations.map((name) =>
    identityOf(name, known(keys, name), known(authorityKeys, name), false),
  );
  const secret = known(keys, 'hospital').sender.signingKey;
  const sender = openSender({ provider: ledger, chainId, secret, primitives, clock });
  const file = await foundNetwork(founding, identities, ledger, sender, primitives);
  await ledger.close();
  const issued = new Map(organisations.map((name) => [name, memoryIssued()]));
  const shares = dealt?.secrets ?? new Map<Organisation, Uint8Array>();
  return { file, keys, authorityKeys, folders, issued, chain, shares, drawn };
}

/** Block 0 of the ledger of organisations with these keys. */
export function genesisOf(keys: ReadonlyMap<Organisation, OrganisationKeys>): {
  readonly timestamp: number;
  readonly senders: readonly OrganisationKeys['sender']['address'][];
} {
  return { timestamp: BEGIN, senders: [...keys.values()].map(({ sender }) => sender.address) };
}

/**
 * Another base that holds the same, on disks and devices of its own.
 *
 * @param base - Any whose network does not run.
 */
export async function copyTestBase(base: TestBase): Promise<TestBase> {
  const folders = new Map<Organisation, MemoryFolder>();
  for (const [name, folder] of base.folders) folders.set(name, await folder.copy());
  return {
    ...base,
    file: structuredClone(base.file),
    folders,
    issued: new Map([...base.issued].map(([name, issued]) => [name, memoryIssued(issued.all)])),
    chain: await copyLevel(base.chain),
    drawn: { ...base.drawn },
  };
}

/** A database in memory as one on disk: it is there again after it was closed. */
function keptOpen(database: MemoryDatabase): MemoryDatabase {
  database.close = async () => await Promise.resolve();
  return database;
}

function known<Value>(values: ReadonlyMap<string, Value>, name: string): Value {
  const value = values.get(name);
  if (value === undefined) throw new Error(`there is no ${name}`);
  return value;
}
