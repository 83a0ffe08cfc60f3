import { readFile } from 'node:fs/promises';
import { openFolder } from '../../folder/openFolder.ts';
import { writeJsonFile } from '../../folder/jsonFiles.ts';
import type { NodePorts } from '../../folder/NodePorts.ts';
import { identityOf } from '../../folder/OrganisationIdentity.ts';
import {
  makeLaterKeys,
  openAuthorityKey,
  openOrganisationKeys,
  readLaterKeys,
} from '../../folder/organisationKeys.ts';
import { FORK } from '../../folder/parseKeptFork.ts';
import { SIGNED, signedSuccessorOf } from '../../folder/SignedSuccessor.ts';
import { SUCCESSORS } from '../../folder/readNewestNetwork.ts';
import { countSuccessor } from '../../protocol/network/countSuccessor.ts';
import { seconds } from '../../protocol/Clock.ts';
import type { NetworkFile } from '../../protocol/network/NetworkFile.ts';
import { parseNetworkFile } from '../../protocol/network/parseNetworkFile.ts';
import { draftSuccessor, signSuccessor } from '../../protocol/network/signSuccessor.ts';
import type { Successor } from '../../protocol/network/Successor.ts';
import { changedTerms } from '../succession/changedTerms.ts';

/**
 * Puts into a folder of all organisations what a change leaves there before it is in force: other keys of the hospital, the
 * successor that names them, another one that was signed too, and the one that the hospital signed last.
 *
 * @param folder - The folder.
 * @param ports - Clock, hashes, curve and randomness.
 */
export async function announceChange(folder: string, ports: NodePorts): Promise<void> {
  const network = parseNetworkFile(
    JSON.parse(await readFile(`${folder}/network.json`, 'utf8')) as unknown,
  );
  const node = await openFolder(`${folder}/node/hospital`);
  const authority = await openFolder(`${folder}/authority/hospital`);
  await makeLaterKeys(node, ports, true);
  const member = await makeLaterKeys(authority, ports, false);
  const keys = await openOrganisationKeys(node, ports);
  const { seats, senders, notes } = await readLaterKeys(node, ports);
  const [coordinator = keys.coordinator, sender = keys.sender] = [seats[0], senders[0]];
  const [note = keys.note] = notes;
  const named = identityOf('hospital', { ...keys, coordinator, sender, note }, member, false);
  const identity = { format: 'medseal-identity/1', ...named, url: 'http://h.example' } as const;
  const from = seconds(ports.clock) + 24 * 3600;
  const wish = { from, identities: [identity], newKeys: ['hospital'] };
  const [one, other] = [
    await signed(network, changedTerms(ports.primitives, network, wish)),
    await signed(network, changedTerms(ports.primitives, network, { from: from + 1 })),
  ];
  const files = await openFolder(folder);
  await writeJsonFile(files, SUCCESSORS, { format: 'medseal-successors/1', successors: [one] });
  await writeJsonFile(files, FORK, {
    format: 'medseal-fork/1',
    successors: [one, other],
    inForce: 0,
  });
  const { message } = countSuccessor(ports, network, one);
  const own = signedSuccessorOf(ports, network, message, [keys.coordinator]);
  await writeJsonFile(files, SIGNED, own);

  async function signed(
    predecessor: NetworkFile,
    terms: Parameters<typeof draftSuccessor>[2],
  ): Promise<Successor> {
    let successor = draftSuccessor(ports, predecessor, terms);
    for (const { organisation } of predecessor.authority.members) {
      const at = await openFolder(`${folder}/node/${organisation}`);
      const seat = await openAuthorityKey(
        await openFolder(`${folder}/authority/${organisation}`),
        ports,
      );
      const held = [(await openOrganisationKeys(at, ports)).coordinator, seat];
      successor = signSuccessor(ports, predecessor, successor, held);
    }
    return successor;
  }
}
