import { join, relative } from 'node:path';
import type { DemoPartyReady } from '../../demo/parties/demoParties.ts';
import { portalOf } from './peopleConsortium.ts';
import type { OrganisationReady } from './startOrganisation.ts';

/** The command as it is called in a clone. */
const COMMAND = 'npm run -s medseal --';

/**
 * Says where the organisations of a trial network are reached, and how people enter.
 *
 * @param running - Folder of the network, its organisations, and the people of a demonstration.
 */
export function describeConsortium({
  folder,
  organisations,
  parties,
}: {
  readonly folder: string;
  readonly organisations: readonly OrganisationReady[];
  readonly parties: readonly DemoPartyReady[];
}): readonly string[] {
  const below = relative(process.cwd(), folder) || '.';
  const data = below.startsWith('..') ? folder : below;
  const lines: string[] = [''];
  for (const each of organisations) {
    const { organisation, urls, node, validator } = each;
    lines.push(
      `${organisation}: node ${node}, validator ${validator}`,
      `  portal         ${portalOf(each)}`,
      `  parties        ${urls.agents}/${organisation}`,
      `  ledger         ${urls.ledger}`,
      `  organisations  ${urls.peers}`,
      `  operator       ${urls.operate}/portal/   code: ${COMMAND} node page --data ${join(data, organisation)}`,
    );
  }
  const [first] = organisations;
  if (parties.length > 0 && first !== undefined) {
    lines.push(
      '',
      `People, with demonstration keys in ${join(data, 'parties')}. Open the portal of their organisation, and click on the name:`,
      '',
      ...parties.map(
        ({ name, called, organisation, address }) =>
          `  ${name.padEnd(12)} ${address}   ${called}, at the ${organisation}`,
      ),
    );
  }
  lines.push(
    '',
    'Try, in a second terminal:',
    '',
    `  ${COMMAND} scenario --network ${data}`,
    ...(parties.length > 0 ? [`  ${COMMAND} record list --home ${data} --as patient`] : []),
    '',
    `The network file is ${join(data, 'network.json')}. Ctrl-C stops all.`,
  );
  return lines;
}
