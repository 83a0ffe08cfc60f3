import { addRecord } from '../../src/client/records/addRecord.ts';
import type { Party } from '../../src/client/party/Party.ts';
import { utf8ToBytes } from '../../src/crypto/bytes.ts';
import type { AgentPort, Submission } from '../../src/protocol/AgentPort.ts';
import type { Outcome } from '../../src/protocol/evidence/evidence.ts';
import type { LogName } from '../../src/protocol/ids.ts';
import type { EvidenceType, Grant, Signed } from '../../src/protocol/struct/requests.ts';
import type { AuthorityKey } from '../../src/client/rights/signByMembers.ts';
import { Promised } from '../../src/node/test/Promised.ts';
import { openConsortium, type Consortium } from '../simulation/Consortium.ts';
import type { Base } from '../simulation/newBase.ts';
import { FaultPlan } from '../simulation/FaultPlan.ts';
import { copied, foundationOf, type Foundation } from '../simulation/Foundation.ts';
import type { Fate } from '../simulation/Host.ts';
import { Scheduler } from '../simulation/Scheduler.ts';
import { SimulatedNetwork } from '../simulation/SimulatedNetwork.ts';
import type { Told } from '../simulation/Witness.ts';

const SETTING = {
  organisations: ['hospital', 'laboratory', 'insurer'],
  threshold: 2,
  faulty: 0,
} as const;
const SEED = 'faults';

/** Options of `openWorld`. */
export interface WorldOptions {
  /** Disks and people; they change. */
  readonly foundation: Foundation;
  /** Milliseconds since 1970. */
  readonly now: number;
  readonly promised: Promised;
  /** Acknowledgements that clients were given. */
  readonly told: Told[];
  /** Decides what becomes of each step on a disk, by its organisation or `ledger`. */
  readonly onDisk?: (at: string, step: string) => Fate;
}

/** A consortium of one machine without other faults than those of its disks, and the people in it. */
export interface FaultyWorld {
  readonly consortium: Consortium;
  readonly scheduler: Scheduler;
  readonly base: Base;
  readonly patient: Party;
  /** One at each organisation; the second one's right ends soon. */
  readonly doctors: readonly Party[];
  /** The first right of each. */
  readonly rights: readonly Grant[];
  /** Texts in sealed files, by their hash. */
  readonly texts: Map<string, string>;
  readonly authority: readonly AuthorityKey[];
  /** The agents by the logs that they speak for; requests to them are not noted. */
  readonly agents: ReadonlyMap<LogName, AgentPort>;
}

/**
 * Opens a consortium over its disks.
 *
 * @param options - Disks, people, time, faults.
 */
export async function openWorld(options: WorldOptions): Promise<FaultyWorld> {
  const { foundation, now, promised, told, onDisk } = options;
  const { base, people, rights } = foundation;
  const scheduler = new Scheduler(now);
  const plan = new FaultPlan(SEED, SETTING);
  const observer = { asked: () => undefined, answered: async () => await Promise.resolve() };
  const network = new SimulatedNetwork(scheduler, plan, observer);
  const opening = openConsortium(base, {
    // The time is in it, so that who is opened again makes other salts.
    seed: `${SEED} ${now}`,
    scheduler,
    plan,
    network,
    ...(onDisk && { onDisk }),
  });
  const consortium = await scheduler.until(opening);
  const parties = await scheduler.until(
    Promise.all(people.map(async (person) => await consortium.party(person))),
  );
  const noting = parties.map((party) => ({ ...party, agent: noted(party.agent) }));
  const [patient, ...doctors] = noting;
  if (patient === undefined) throw new Error('nobody');
  return {
    consortium,
    scheduler,
    base,
    patient,
    doctors,
    rights: rights.slice(1).flatMap(([first]) => first ?? []),
    texts: new Map(),
    authority: [...base.origins.values()]
      .map(({ authorityKey }) => authorityKey)
      .toSorted((one, other) => (one.address < other.address ? -1 : 1)),
    agents: new Map(parties.slice(1).map(({ log, agent }) => [log, agent])),
  };

  function noted(agent: AgentPort): AgentPort {
    const submit = async (submissions: readonly Submission[]): Promise<readonly Outcome[]> => {
      promised.asked(submissions);
      const outcomes = await agent.submit(submissions);
      promised.told(submissions, outcomes);
      for (const [place, { request }] of submissions.entries()) {
        const outcome = outcomes[place];
        if (outcome === undefined || !('acknowledgement' in outcome)) continue;
        const { acknowledgement } = outcome;
        if (acknowledgement === undefined) continue;
        told.push({ request: request as Signed<EvidenceType>, acknowledgement });
      }
      return outcomes;
    };
    return new Proxy(agent, {
      get: (target, name) => (name === 'submit' ? submit : Reflect.get(target, name)),
    });
  }
}

let prepared: Promise<Foundation> | undefined;

/** A consortium with a patient, three doctors with rights, and a record of each: a copy of its own for each caller. */
export async function preparedWorld(): Promise<Foundation> {
  prepared ??= prepare();
  return await copied(await prepared);
}

async function prepare(): Promise<Foundation> {
  const foundation = await foundationOf(SETTING);
  const { now } = foundation;
  const world = await openWorld({ foundation, now, promised: new Promised(), told: [] });
  const { scheduler, consortium, doctors, rights } = world;
  for (const [place, doctor] of doctors.entries()) {
    const grant = rights[place];
    if (grant === undefined) throw new Error('a doctor without a right');
    const version = { category: 'other', purpose: 'TREAT', handle: grant.handle, grant } as const;
    const content = utf8ToBytes(`record of ${place}`);
    await scheduler.until(addRecord(doctor, { ...version, content }));
  }
  await scheduler.until(consortium.settle());
  await scheduler.until(consortium.stop());
  await consortium.ledger.close();
  return { ...foundation, now: scheduler.now };
}
