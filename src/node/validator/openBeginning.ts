import { access } from 'node:fs/promises';
import type { Files } from '../../folder/Files.ts';
import { askBlocks, type BlocksAsked } from '../../peers/askBlocks.ts';
import { seconds, type Clock } from '../../protocol/Clock.ts';
import type { NetworkFile } from '../../protocol/network/NetworkFile.ts';
import { newestStated } from '../../protocol/network/newestStated.ts';
import { fulfilled } from '../../services/quorum/fulfilled.ts';
import type { Logger } from '../operate/Logger.ts';
import { keepersNeeded } from './Keepers.ts';
import { relayProofs } from './relayProofs.ts';
import type { SnapshotSettings } from './startValidator.ts';
import { validatorHome } from './validatorHome.ts';

/** Seconds for which the engine trusts a block that it begins with: two weeks, less a day for clocks. */
const TRUSTED = 13 * 24 * 3600;
/** The engine compares two sources at least. */
const SOURCES = 2;

/** The beginning of a validator that has no blocks. */
export interface Beginning {
  readonly snapshot: SnapshotSettings;
  /** Ends the sources. Safe to repeat. */
  close(): Promise<void>;
}

/** Options of `openBeginning`. */
export interface BeginningOptions {
  /** The data folder of the organisation's node. */
  readonly files: Pick<Files, 'path'>;
  /** The network file in force, and those to come. */
  readonly networks: readonly NetworkFile[];
  /** The other organisations' nodes. */
  readonly others: readonly BlocksAsked[];
  readonly clock: Clock;
  readonly log: Pick<Logger, 'info'>;
}

/**
 * Prepares that a validator without blocks begins with a snapshot. Its engine verifies that from the newest block that the
 * successors of the network file state, which k coordinators signed, through two other organisations that know nothing of
 * each other.
 *
 * @param options - The folder, the network and the others.
 * @returns Undefined if it has blocks; or fetches all, because no block is stated that is new enough, nobody offers a
 * snapshot, or too few others keep all blocks.
 */
export async function openBeginning(options: BeginningOptions): Promise<Beginning | undefined> {
  const { files, networks, others, clock, log } = options;
  const newest = networks.at(-1);
  // At the founding nothing is stated, and there is nothing to take.
  const stated = newest && newestStated(newest);
  if (newest === undefined || stated === undefined || (await hasBlocks(files))) return undefined;
  const answers = await Promise.allSettled(others.map(async (each) => await askBlocks(each)));
  const kept = fulfilled(answers);
  const answering = others.filter((_, place) => answers[place]?.status === 'fulfilled');
  const [keepers, needed] = [kept.filter(({ all }) => all).length, keepersNeeded(newest)];
  const { height, hash, time } = stated;
  const lacks = [
    seconds(clock) > time + TRUSTED && 'a block of the last 13 days in the network file',
    !kept.some(({ snapshots }) => snapshots) && 'an organisation that offers one',
    answering.length < SOURCES && 'two organisations that answer',
    // Otherwise this one is to be an organisation that has all.
    keepers < needed && `${needed} others that keep all blocks`,
  ].find((each) => each !== false);
  if (lacks !== undefined) {
    log.info('validator fetches all blocks: a snapshot needs', { what: lacks, keepers });
    return undefined;
  }
  const shares = Array.from({ length: SOURCES }, (_, share) =>
    answering.filter((__, place) => place % SOURCES === share),
  );
  const relays = await Promise.all(shares.map(async (share) => await relayProofs(share)));
  const from = answering.map(({ organisation }) => organisation).join(',');
  log.info('validator begins with a snapshot', { block: height, from });
  return {
    snapshot: {
      snapshotSources: relays.map(({ url }) => url),
      snapshotBlock: `${height}:${hash.slice(2)}`,
    },
    close: async () => {
      await Promise.all(relays.map(async (relay) => await relay.close()));
    },
  };
}

/** Tells whether a validator has blocks; those of a beginning that was cut off do not count. */
async function hasBlocks(files: Pick<Files, 'path'>): Promise<boolean> {
  const isThere = async (name: string): Promise<boolean> =>
    await access(`${validatorHome(files)}/data/${name}`).then(
      () => true,
      () => false,
    );
  return (await isThere('blockstore.db')) && !(await isThere('beginning'));
}
