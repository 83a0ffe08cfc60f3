import { join } from 'node:path';
import { demoPeople } from '../../demo/parties/demoPeople.ts';
import { enrolDemoParties, type DemoPartyReady } from '../../demo/parties/demoParties.ts';
import { fillCharts } from '../../demo/parties/fillCharts.ts';
import { giveDemoUnits } from '../../demo/parties/giveDemoUnits.ts';
import { openRunningNetwork } from '../../demo/stage/openRunningNetwork.ts';
import { writeJsonFile } from '../../src/folder/jsonFiles.ts';
import { openFolder } from '../../src/folder/openFolder.ts';
import { readAuthorityKeys } from '../../src/node/founding/readAuthorityKeys.ts';
import { PEOPLE } from '../../src/node/run/peopleIn.ts';
import type { OrganisationReady } from './startOrganisation.ts';

/** Options of `peopleConsortium`. */
export interface PeopleOptions {
  /** Folder of the network, which is a demonstration. */
  readonly folder: string;
  readonly organisations: readonly Pick<OrganisationReady, 'organisation' | 'data' | 'urls'>[];
  /** False to leave charts and insurers' accounts empty. */
  readonly charts: boolean;
  readonly say: (text: string) => void;
}

/**
 * Gives a demonstration the people of `npm start`, each at one of its organisations, whose nodes give their keys to the
 * portal's pages; and fills their charts. Safe to repeat.
 *
 * @param options - The network, which runs.
 * @returns The people.
 * @throws MedsealError as `enrolDemoParties`, `fillCharts` and `giveDemoUnits` do.
 */
export async function peopleConsortium(options: PeopleOptions): Promise<readonly DemoPartyReady[]> {
  const { folder, organisations, charts, say } = options;
  const { network, keystore } = await openRunningNetwork(folder);
  const parties = await enrolDemoParties(network, keystore);
  const people = (await demoPeople(network.file, keystore)).map((person) => {
    const at = organisations.find(({ organisation }) => organisation === person.organisation);
    return { ...person, ...(at && { portal: portalOf(at) }) };
  });
  for (const { data } of organisations) await writeJsonFile(await openFolder(data), PEOPLE, people);
  if (!charts) return parties;
  await fillCharts(network, keystore, async () => {
    say('Filling the demonstration’s charts …');
    await Promise.resolve();
  });
  const { primitives } = network.ports;
  const seats = await Promise.all(
    organisations.map(
      async ({ data }) => await readAuthorityKeys(join(data, 'authority'), primitives),
    ),
  );
  await giveDemoUnits(network, keystore, seats.flat());
  return parties;
}

/**
 * Returns the address of an organisation's portal.
 *
 * @param at - The organisation.
 */
export function portalOf({
  organisation,
  urls,
}: Pick<OrganisationReady, 'organisation' | 'urls'>): string {
  return `${urls.agents}/${organisation}/portal/`;
}
