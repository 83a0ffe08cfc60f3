import type { Grant } from '../../src/protocol/struct/requests.ts';
import { BEGIN } from '../../src/node/test/testNetwork.ts';
import { openConsortium, type Person } from './Consortium.ts';
import { newBase, type Base, type Origin } from './newBase.ts';
import { FaultPlan } from './FaultPlan.ts';
import { enrolPeople } from './enrolPeople.ts';
import { pooledRandom } from './pooledRandom.ts';
import { Scheduler } from './Scheduler.ts';
import type { Setting } from './settingOf.ts';
import { SimulatedNetwork } from './SimulatedNetwork.ts';

/** Milliseconds until all is at rest after the founding. */
const REST = 60_000;

/** A consortium before anything goes wrong: founded, its people enrolled, with their first rights. */
export interface Foundation {
  readonly base: Base;
  readonly people: readonly Person[];
  /** The rights of the people after the first, the patient; empty if there are no others. */
  readonly rights: readonly (readonly Grant[])[];
  /** Milliseconds since 1970. */
  readonly now: number;
}

const known = new Map<string, Promise<Foundation>>();

/**
 * Returns the foundation of a run: each setting is founded once in a process, and copied.
 *
 * @param setting - The consortium.
 * @param validators - True if validators of the organisations will hold its ledger.
 */
export async function foundationOf(setting: Setting, validators = false): Promise<Foundation> {
  const name = `${setting.organisations.length} ${validators}`;
  const founding = known.get(name) ?? found(setting, validators);
  known.set(name, founding);
  return await copied(await founding);
}

async function found(setting: Setting, validators: boolean): Promise<Foundation> {
  const seed = `founding ${setting.organisations.length}`;
  const scheduler = new Scheduler(BEGIN * 1000);
  const plan = new FaultPlan(seed, setting);
  const observer = { asked: () => undefined, answered: async () => await Promise.resolve() };
  const network = new SimulatedNetwork(scheduler, plan, observer);
  const base = await newBase(seed, setting, validators);
  const consortium = await openConsortium(base, { seed, scheduler, plan, network });
  const { people, rights } = await scheduler.until(
    enrolPeople(consortium, pooledRandom(`${seed} people`)),
  );
  await scheduler.until(consortium.settle());
  await scheduler.until(scheduler.sleep(REST));
  await scheduler.until(consortium.stop());
  const chain = await base.chain.copy();
  await consortium.ledger.close();
  return { base: { ...base, chain }, people, rights, now: scheduler.now };
}

/** Another foundation that holds the same, on disks and devices of its own. */
export async function copied({ base, people, rights, now }: Foundation): Promise<Foundation> {
  const origins = new Map<string, Origin>();
  for (const [name, origin] of base.origins) {
    origins.set(name, { ...origin, folder: await origin.folder.copy() });
  }
  return {
    base: { ...base, origins, chain: await base.chain.copy() },
    people: people.map((person) => ({ ...person, device: person.device.copy() })),
    rights,
    now,
  };
}
