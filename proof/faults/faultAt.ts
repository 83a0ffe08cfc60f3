import { isMedsealError } from '../../src/errors/isMedsealError.ts';
import { MedsealError } from '../../src/errors/MedsealError.ts';
import { Promised } from '../../src/node/test/Promised.ts';
import { checkSettled } from '../simulation/checkSettled.ts';
import { Dice } from '../simulation/Dice.ts';
import type { Fate } from '../simulation/Host.ts';
import type { Told } from '../simulation/Witness.ts';
import type { Deed } from './deeds.ts';
import { openWorld, preparedWorld, type FaultyWorld } from './FaultyWorld.ts';

/**
 * Fault at a step: the power goes, and nothing that was not synced is left, or some of it; a write fails once
 * (EIO); the disk is full from then on (ENOSPC).
 */
export const FAULTS = ['power cut', 'power cut that tears', 'EIO', 'ENOSPC'] as const;
export type FaultKind = (typeof FAULTS)[number];

/** Outcome of a fault. */
export interface FaultRun {
  /** Number of steps on disks, up to the fault or in all. */
  readonly steps: number;
  /** The step that the fault was at; absent if there were fewer. */
  readonly hit?: string;
  /** `done`, or the code of the error that the client got. */
  readonly outcome: string;
  /** Violations, each in a sentence. */
  readonly violations: readonly string[];
}

/** Milliseconds after a request in which its remaining work is done. */
const BACKGROUND = 5000;
/** Milliseconds until a machine is started again. */
const DARK = 30_000;
/** Milliseconds in which nodes that were started again come to rest. */
const REST = 60_000;

/**
 * Does something in a consortium on one machine, whose disks fail at one step; starts it again after the power was cut,
 * and looks whether everything that was acknowledged is there, once, and whether the same can be done again.
 *
 * @param deed - The request.
 * @param at - The number of the step, from 1; no step fails if there are fewer.
 * @param fault - The fault.
 */
export async function faultAt(deed: Deed, at: number, fault: FaultKind): Promise<FaultRun> {
  const foundation = await preparedWorld();
  const promised = new Promised();
  const told: Told[] = [];
  const dice = new Dice(`${fault} ${at}`);
  let [steps, armed] = [0, false];
  let hit: string | undefined;
  let world: FaultyWorld | undefined;
  const onDisk = (place: string, step: string): Fate => {
    // Calls to the ledger are not steps on a disk.
    if (!armed || step.endsWith(' request')) return undefined;
    if (hit !== undefined) return fault === 'ENOSPC' ? failure('ENOSPC') : undefined;
    steps += 1;
    if (steps !== at) return undefined;
    hit = `${place} ${step}`;
    if (fault === 'EIO' || fault === 'ENOSPC') return failure(fault);
    // Everything on the machine ends with it.
    world?.consortium.crash();
    return 'crashes';
  };
  world = await openWorld({ foundation, now: foundation.now, promised, told, onDisk });
  const { scheduler, consortium } = world;
  armed = true;
  const doing = deed(world);
  const { outcome, check } = await scheduler
    .until(doing.then(done, notDone))
    .catch((error: unknown) => {
      // The background work of a service ends with the machine, without a report.
      if (hit === undefined || !fault.startsWith('power cut')) throw error;
      return { outcome: 'ended', check: undefined };
    });
  await scheduler.until(scheduler.sleep(BACKGROUND));
  armed = false;
  await consortium.losePower(fault === 'power cut that tears' ? () => dice.chance(0.5) : undefined);

  const violations = [...promised.violations];
  const attempt = async (what: string, work: Promise<unknown>, on: FaultyWorld): Promise<void> => {
    await on.scheduler.until(work).catch((error: unknown) => {
      violations.push(`${what}: ${error instanceof Error ? error.message : String(error)}`);
    });
  };
  const later = await openWorld({
    foundation,
    now: scheduler.now + DARK,
    promised,
    told,
  }).catch((error: unknown) => {
    violations.push(`it does not open: ${String(error)}`);
    return undefined;
  });
  if (later !== undefined) {
    await attempt('settling', later.consortium.settle(), later);
    await attempt('what was promised', promised.hold(later.agents), later);
    if (check !== undefined) await attempt('what was done', check(later), later);
    await attempt(
      'doing it again',
      deed(later).then(async (again) => await again(later)),
      later,
    );
    // A summary of refusals comes after a minute, and is checkpointed after that.
    for (const rest of [REST, REST]) {
      await later.scheduler.until(later.scheduler.sleep(rest));
      await attempt('settling', later.consortium.settle(), later);
    }
    promised.checkOnce();
    violations.push(...promised.violations);
    const settled = checkSettled(later.consortium, { told, placed: [], signed: new Map() });
    violations.push(...(await later.scheduler.until(settled)));
    await later.scheduler.until(later.consortium.stop());
    await later.consortium.ledger.close();
  }
  return {
    steps,
    ...(hit !== undefined && { hit }),
    outcome,
    violations: [...new Set(violations)],
  };
}

type Check = Awaited<ReturnType<Deed>>;

function done(check: Check): { readonly outcome: string; readonly check?: Check } {
  return { outcome: 'done', check };
}

function notDone(error: unknown): { readonly outcome: string; readonly check?: Check } {
  if (!isMedsealError(error)) throw error;
  return { outcome: error.code };
}

function failure(code: 'EIO' | 'ENOSPC'): MedsealError {
  const cause = Object.assign(new Error(code), { code });
  return new MedsealError('FOLDER_UNWRITABLE', { path: 'simulated' }, { cause });
}
