import type { Party } from '../../../../src/client/index.ts';
import { visibleText } from '../../../../src/errors/visibleText.ts';
import type { LifeFacts, VitalFacts } from '../../../../src/protocol/care/vitalRecords.ts';
import type { Address, Handle } from '../../../../src/protocol/ids.ts';
import { VITALS, type Vital } from '../../../../src/protocol/struct/vitalTypes.ts';
import { readPeople, type Person } from '../../session/people.ts';
import type { DeskItem } from '../../desk/DeskKind.ts';
import { livesOf } from './livesOf.ts';

/** A birth or a death that is reported or recorded, of somebody whom the device knows. */
export interface VitalItem extends DeskItem {
  readonly handle: Handle;
  readonly what: Vital;
  readonly facts: VitalFacts;
  /** Name of the patient. */
  readonly who: string;
}

/** The items of the desk for births and deaths, with all whom the device knows. */
export interface VitalReports {
  readonly items: readonly VitalItem[];
  /** Patients whom the device knows. */
  readonly patients: readonly (Person & { readonly handle: Handle })[];
  readonly lives: ReadonlyMap<Handle, LifeFacts>;
}

/**
 * Reads the births and deaths of the people whom a device knows. The ledger lists none: it is asked for each of them.
 *
 * @param party - A doctor or a registrar.
 * @throws MedsealError what `readLife` throws.
 */
export async function readVitalReports(party: Party): Promise<VitalReports> {
  const people = await readPeople(party);
  const patients = people.flatMap(({ handle, ...rest }) => (handle ? [{ ...rest, handle }] : []));
  const lives = await livesOf(
    party,
    patients.map(({ handle }) => handle),
  );
  const items = patients.flatMap((patient) => reportsOf(patient, lives, party.address));
  return { items, patients, lives };
}

/**
 * Returns what is reported or recorded of one patient. It waits for a second signature unless the person reported it.
 *
 * @param patient - The patient.
 * @param lives - Lives as the ledger has them.
 * @param self - The person at the desk.
 */
export function reportsOf(
  { handle, name }: Pick<Person, 'name'> & { readonly handle: Handle },
  lives: VitalReports['lives'],
  self: Address,
): readonly VitalItem[] {
  return VITALS.flatMap((what): VitalItem[] => {
    const facts = lives.get(handle)?.[what];
    if (facts === undefined || facts.stage === 'none') return [];
    const { stage, reporter, since, reportedAt } = facts;
    const isWaiting = stage === 'reported' && reporter !== self;
    const who = visibleText(name);
    return [
      { key: `${what}/${handle}`, handle, what, facts, who, isWaiting, since: since ?? reportedAt },
    ];
  });
}
