import { describe, Examination } from './Examination.ts';
import { KeysModel } from './KeysModel.ts';
import type { KeysNetwork } from './KeysNetwork.ts';
import { NodesHeld } from './NodesHeld.ts';
import { People } from './People.ts';
import { Play } from './Play.ts';
import type { Step } from './Step.ts';

/** Violations, and the step at which they were found. */
export interface Violation {
  /** Place of the step after which it was found, from 0. */
  readonly place: number;
  /** Each in a sentence. */
  readonly faults: readonly string[];
}

/**
 * Plays steps on a network, with people of its own, and compares what everybody can open with the model after each.
 *
 * @param at - The network; sequences before it do not matter.
 * @param name - Randomness follows from it.
 * @param steps - The steps.
 * @returns The first violation; undefined if all is well.
 */
export async function playSteps(
  at: KeysNetwork,
  name: string,
  steps: readonly Step[],
): Promise<Violation | undefined> {
  const held = new NodesHeld();
  const people = new People(at.network, held, name);
  await at.until(people.enrol());
  const model = new KeysModel(at.now);
  const stage = { at, held, people, model };
  const [play, examination] = [new Play(stage), new Examination(stage)];
  try {
    for (const [place, step] of steps.entries()) {
      const faults = await attempt(async () => {
        await play.step(step);
        return await examination.compare(step);
      });
      if (faults.length > 0) return { place, faults };
    }
    at.trouble('well');
    const faults = await attempt(async () => [
      ...(await examination.compare()),
      ...(await examination.audit()),
    ]);
    return faults.length > 0 ? { place: steps.length - 1, faults } : undefined;
  } finally {
    at.trouble('well');
  }
}

async function attempt(run: () => Promise<readonly string[]>): Promise<readonly string[]> {
  try {
    return await run();
  } catch (error) {
    return [describe(error)];
  }
}
