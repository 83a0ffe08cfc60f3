import { isMedsealError } from '../../src/errors/isMedsealError.ts';
import { Dice } from '../simulation/Dice.ts';
import { TargetFault, type FuzzTarget, type OpenTarget } from './FuzzTarget.ts';
import type { Life } from './life.ts';

/** Longest time that one visit may take, milliseconds; a slow machine is not a fault. */
const LONGEST = 20_000;
/** Most memory that the process may hold, bytes. */
const LARGEST = 2.5 * 2 ** 30;

/** Options of `runTarget`. */
export interface TargetRuns {
  readonly name: string;
  readonly open: OpenTarget;
  readonly life: Life;
  /** The seed of visit n is `SEED n`. */
  readonly seed: string;
  readonly from?: number;
  readonly runs: number;
  /** No further visit begins so many seconds after the first. */
  readonly seconds?: number;
}

/**
 * Sends hostile input to a target.
 *
 * @returns Number of visits.
 * @throws TargetFault at the first that is not met as it should be, with what plays it again.
 */
export async function runTarget(options: TargetRuns): Promise<number> {
  const { name, open, life, seed, from = 0, runs, seconds = Infinity } = options;
  const door = await open(life);
  const until = performance.now() + 1000 * seconds;
  let done = 0;
  try {
    for (let run = from; run < from + runs && performance.now() < until; run++, done++) {
      let came: string | Uint8Array = '';
      const began = performance.now();
      try {
        const dice = new Dice(`${seed} ${run}`);
        await inTime(door.enter(dice, (what) => (came = what)));
        const [broken] = life.network.failures.splice(0).filter(isFault);
        if (broken !== undefined) throw new TargetFault('in the background', { cause: broken });
      } catch (error) {
        if (isFault(error)) throw faultOf(error, run, came);
      }
      const took = performance.now() - began;
      const { rss } = process.memoryUsage();
      if (took > LONGEST) throw faultOf(new Error(`it took ${Math.round(took)} ms`), run, came);
      if (rss > LARGEST) throw faultOf(new Error(`the process holds ${rss} bytes`), run, came);
    }
  } finally {
    await door.close?.();
  }
  return done;

  function faultOf(cause: unknown, run: number, came: string | Uint8Array): TargetFault {
    const again = `npm run proof fuzz -- --door ${name} --seed '${seed}' --from ${run} --runs 1`;
    const inner = cause instanceof Error ? cause.cause : undefined;
    const lines = [
      again,
      stackOf(cause),
      ...(inner === undefined ? [] : [stackOf(inner)]),
      preview(came),
    ];
    return new TargetFault(lines.join('\n'), { cause });
  }
}

/** Tells whether something that was thrown says that nobody meant it. */
function isFault(error: unknown): boolean {
  return !isMedsealError(error) || error.code === 'INTERNAL';
}

/** Gives up a visit that comes to no end. */
async function inTime(visit: ReturnType<FuzzTarget['enter']>): Promise<void> {
  const late = Promise.withResolvers<never>();
  const timer = setTimeout(() => late.reject(new TargetFault('it came to no end')), 2 * LONGEST);
  try {
    await Promise.race([visit, late.promise]);
  } finally {
    clearTimeout(timer);
  }
}

function stackOf(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}

function preview(came: string | Uint8Array): string {
  const text = typeof came === 'string' ? came : Buffer.from(came).toString('latin1');
  const shown = JSON.stringify(text.slice(0, 1500));
  return `${text.length} characters: ${shown}`;
}
