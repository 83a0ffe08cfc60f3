import { confirmFacts } from '../../src/client/audit/confirmFacts.ts';
import { memoryDevice } from '../../src/client/party/memoryDevice.ts';
import { openParty, type Party } from '../../src/client/party/Party.ts';
import { isMedsealError } from '../../src/errors/isMedsealError.ts';
import { MedsealError } from '../../src/errors/MedsealError.ts';
import { readKeystore, writeKey } from '../../src/device/keystore.ts';
import { ownLogOf } from '../../src/protocol/network/networkLookups.ts';
import { organisationFor, type DemoNetwork } from '../parties/DemoNetwork.ts';
import { makeDemoKey, openDemoParty, type DemoParty } from '../parties/demoParties.ts';
import type { CastMember } from '../scenario/Cast.ts';

/** Opens a party of a scenario at its device; the same party as often as it is asked for. */
export type OpenActor = (demo: DemoParty) => Promise<CastMember>;

/**
 * Opens parties whose keys stay in a keystore: those from an earlier scenario in the same folder play again.
 *
 * @param network - A demonstration network.
 * @param keystore - Folder of the parties' devices.
 */
export function keptActors(network: DemoNetwork, keystore: string): OpenActor {
  return async (demo) => {
    const known = await readKeystore(keystore, network.file).catch((error: unknown) => {
      if (isMedsealError(error, 'KEYSTORE_INVALID')) return [];
      throw error;
    });
    let key = known.find(({ name }) => name === demo.name);
    if (key === undefined) {
      key = makeDemoKey(network, demo);
      await writeKey(keystore, key);
    }
    const { organisation = organisationFor(network, demo) } = key;
    const party = await openDemoParty(network, keystore, key);
    return await memberOf({ ...demo, organisation }, party);
  };
}

/**
 * Opens parties whose keys are forgotten when the scenario ends: only a demonstration takes keys that lie on a disk unencrypted.
 *
 * @param network - Any network.
 */
export function passingActors(network: DemoNetwork): OpenActor {
  const opened = new Map<string, Promise<Party>>();
  return async (demo) => {
    const organisation = organisationFor(network, demo);
    const party = opened.get(demo.name) ?? openPassing(network, organisation);
    opened.set(demo.name, party);
    return await memberOf({ ...demo, organisation }, await party);
  };
}

async function openPassing(
  { file, ports, agents }: DemoNetwork,
  organisation: string,
): Promise<Party> {
  const agent = agents.get(organisation);
  if (agent === undefined) throw new MedsealError('PEER_UNREACHABLE', { peer: organisation });
  const log = ownLogOf(file, organisation).log.name;
  const own = { seed: ports.random(32), device: memoryDevice() };
  return await openParty({ ...ports, ...own, network: file, agent, log });
}

async function memberOf(
  { name, role, organisation }: DemoParty,
  party: Party,
): Promise<CastMember> {
  const facts = await confirmFacts(party, { party: party.address });
  return { name, role, organisation, party, fresh: facts.party === undefined };
}
