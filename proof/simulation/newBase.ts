import { FOUNDING_FORMAT, type Founding } from '../../src/folder/Founding.ts';
import {
  openAuthorityKey,
  openOrganisationKeys,
  type AccountKey,
  type OrganisationKeys,
} from '../../src/folder/organisationKeys.ts';
import { memoryFiles } from '../../src/folder/test/memoryFiles.ts';
import type { Organisation } from '../../src/protocol/ids.ts';
import { createNativePrimitives } from '../../src/native/nativePrimitives.ts';
import { BEGIN } from '../../src/node/test/testNetwork.ts';
import { pooledRandom } from './pooledRandom.ts';
import type { Setting } from './settingOf.ts';
import { Disk, SimulatedFolder } from './SimulatedFolder.ts';

const primitives = await createNativePrimitives();

/** Identity of an organisation from its founding on. */
export interface Origin {
  readonly keys: OrganisationKeys;
  readonly authorityKey: AccountKey;
  readonly folder: SimulatedFolder;
}

/** Disks and keys before a run: a consortium that was founded or is about to be. */
export interface Base {
  readonly founding: Founding;
  readonly origins: ReadonlyMap<Organisation, Origin>;
  /** The ledger's database. */
  readonly chain: Disk;
  /** True if validators of the organisations hold the ledger. */
  readonly validators: boolean;
}

/**
 * Makes the keys and empty disks of a consortium.
 *
 * @param seed - All of its randomness follows from it.
 * @param setting - Its size.
 * @param validators - True if validators of the organisations will hold the ledger.
 */
export async function newBase(
  seed: string,
  { organisations, threshold, faulty }: Setting,
  validators = false,
): Promise<Base> {
  const random = pooledRandom(seed);
  const founding: Founding = {
    format: FOUNDING_FORMAT,
    networkId: `0x${Buffer.from(random(32)).toString('hex')}`,
    demo: true,
    chainId: 31_337,
    timestamp: BEGIN,
    channel: 'care',
    threshold,
    faulty,
    thresholds: { writes: threshold, views: threshold },
    organisations,
  };
  const ports = { random, primitives };
  const origins = new Map<Organisation, Origin>();
  for (const name of organisations) {
    origins.set(name, {
      keys: await openOrganisationKeys(memoryFiles(), ports),
      authorityKey: await openAuthorityKey(memoryFiles(), ports),
      folder: new SimulatedFolder(),
    });
  }
  return { founding, origins, chain: new Disk(), validators };
}
