import { MedsealError } from '../../errors/MedsealError.ts';
import type { Organisation } from '../../protocol/ids.ts';
import { presentNodes } from '../../protocol/network/networkLookups.ts';
import type { NetworkFile } from '../../protocol/network/NetworkFile.ts';
import type { Successor } from '../../protocol/network/Successor.ts';
import { PLATFORM_HERE } from './platforms.ts';
import type { ValidatorProcess } from './superviseValidator.ts';

/** The fewest blocks between the newest one and the block of an upgrade that is signed: time to publish and state it. */
export const LEAST_BLOCKS_AHEAD = 20;
/** The most: at 300 ms a block a week, and at rest seven months. */
export const MOST_BLOCKS_AHEAD = 2_000_000;

/**
 * Requires that an organisation can go along with an upgrade of the engine, before it signs it.
 *
 * @param validator - The organisation's validator.
 * @param predecessor - The network file that it follows.
 * @param successor - The change.
 * @param unheard - Organisations whose validators the operator vouches for, though they say no program.
 * @throws MedsealError `SUCCESSOR_INVALID` with the reason.
 */
export function requireUpgrade(
  validator: Pick<ValidatorProcess, 'presence' | 'told'> | undefined,
  predecessor: Pick<NetworkFile, 'founders' | 'nodes'>,
  { engine }: Pick<Successor, 'engine'>,
  unheard: readonly Organisation[] = [],
): void {
  if (engine === undefined) return;
  if (validator === undefined) {
    throw invalid('this node does not run its validator, and cannot tell if that could follow');
  }
  const { presence, told } = validator;
  if (presence === undefined || presence.behind) {
    throw invalid('the validator of this node is not in step with the ledger yet: try again');
  }
  if (told === undefined) {
    throw invalid(
      'the validator of this node runs an engine that knows nothing of upgrades: update that program by hand first',
    );
  }
  // Strangers can connect too, and say anything.
  const silent = presentNodes(predecessor)
    .filter(({ validator: each }) => each !== undefined && told.silent.includes(each.node))
    .map(({ organisation }) => organisation)
    .filter((organisation) => !unheard.includes(organisation));
  if (silent.length > 0) {
    throw invalid(
      `the engine of ${silent.join(', ')} does not say its program, as one that knows nothing of upgrades: update it by hand first; sign with --unheard ${silent.join(' --unheard ')} only if you know that it runs this version`,
    );
  }
  const { height, programs, parameters, codes } = engine;
  const newest = presence.height;
  if (height < newest + LEAST_BLOCKS_AHEAD || height > newest + MOST_BLOCKS_AHEAD) {
    throw invalid(
      `the ledger is at block ${newest}: the block of an upgrade must be ${LEAST_BLOCKS_AHEAD} to ${MOST_BLOCKS_AHEAD} ahead of it, and not ${height}`,
    );
  }
  const own = programs[PLATFORM_HERE];
  if (own === undefined) {
    throw invalid(`it names no program for ${PLATFORM_HERE}, which this organisation runs`);
  }
  const isRunning = own === told.program.sha256 && Object.keys(programs).length === 1;
  if (isRunning && parameters === undefined && codes === undefined) {
    throw invalid('the program that it names runs already');
  }
}

function invalid(reason: string): MedsealError {
  return new MedsealError('SUCCESSOR_INVALID', { reason });
}
