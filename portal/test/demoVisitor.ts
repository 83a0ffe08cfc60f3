import {
  checkInbox,
  enrol,
  httpAgent,
  memoryDevice,
  openParty,
  type Party,
} from '../../src/client/index.ts';
import { hexToBytes } from '../../src/crypto/bytes.ts';
import { machinePorts } from '../../src/folder/NodePorts.ts';
import type { DemoPerson } from '../../src/protocol/care/DemoPerson.ts';
import type { Organisation } from '../../src/protocol/ids.ts';

/** An invented person who visits without a browser. */
export interface DemoVisitor extends DemoPerson {
  readonly party: Party;
}

/**
 * Opens a person of the demonstration as the SDK does, to do what the portal has no button for. The person knows the
 * rights that came by the inbox.
 *
 * @param url - Address of the node.
 * @param name - Name of the person's key, such as `doctor`.
 */
export async function openDemoVisitor(url: string, name: string): Promise<DemoVisitor> {
  const answer = await fetch(`${url}/hospital/portal/demo.json`);
  const people = (await answer.json()) as readonly DemoPerson[];
  const person = people.find((each) => each.name === name);
  if (person === undefined) throw new Error(`nobody is called ${name}`);
  const party = await openVisitor(url, person.organisation, hexToBytes(person.seed));
  await checkInbox(party);
  return { ...person, party };
}

/** Enrols somebody who is not of the demonstration, in a role that it has nobody in; returns the seed too. */
export async function enrolVisitor(
  url: string,
  as: Pick<DemoPerson, 'role' | 'organisation'>,
): Promise<{ readonly party: Party; readonly seed: Uint8Array }> {
  const seed = (await machinePorts()).random(32);
  const party = await openVisitor(url, as.organisation, seed);
  await enrol(party, as);
  return { party, seed };
}

async function openVisitor(
  url: string,
  organisation: Organisation,
  seed: Uint8Array,
): Promise<Party> {
  const agent = httpAgent(`${url}/${organisation}`);
  const log = `care/${organisation}` as const;
  const network = await agent.network();
  const device = memoryDevice();
  return await openParty({ ...(await machinePorts()), seed, network, agent, log, device });
}
