import {
  checkInbox,
  httpAgent,
  memoryDevice,
  openParty,
  type Party,
} from '../../src/client/index.ts';
import { hexToBytes } from '../../src/crypto/bytes.ts';
import { machinePorts } from '../../src/folder/NodePorts.ts';
import type { DemoPerson } from '../../src/protocol/care/DemoPerson.ts';

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
  const { organisation, seed } = person;
  const agent = httpAgent(`${url}/${organisation}`);
  const log = `care/${organisation}` as const;
  const network = await agent.network();
  const device = memoryDevice();
  const party = await openParty({
    ...(await machinePorts()),
    seed: hexToBytes(seed),
    network,
    agent,
    log,
    device,
  });
  await checkInbox(party);
  return { ...person, party };
}
