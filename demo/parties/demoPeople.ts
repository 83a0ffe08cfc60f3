import { ownHandle } from '../../src/client/state/ownHandle.ts';
import { hexToBytes } from '../../src/crypto/bytes.ts';
import { PartyKeys } from '../../src/crypto/keys/PartyKeys.ts';
import { openDeviceFolder } from '../../src/device/deviceFolder.ts';
import { readKeystore } from '../../src/device/keystore.ts';
import { MedsealError } from '../../src/errors/MedsealError.ts';
import type { DemoPerson } from '../../src/protocol/care/DemoPerson.ts';
import type { NetworkFile } from '../../src/protocol/network/NetworkFile.ts';
import { DEMO_PARTIES } from './demoParties.ts';

/**
 * Reads the people of a demonstration, with their keys and what their devices know.
 *
 * @param network - The network, which must be a demonstration.
 * @param keystore - Folder of the parties' devices.
 * @throws MedsealError `KEYSTORE_DEMO` if the network is not a demonstration; `KEYSTORE_INVALID`.
 */
export async function demoPeople(
  network: Pick<NetworkFile, 'demo'>,
  keystore: string,
): Promise<readonly DemoPerson[]> {
  if (!network.demo) throw new MedsealError('KEYSTORE_DEMO', {});
  const keys = await readKeystore(keystore, network);
  const people: DemoPerson[] = [];
  for (const party of DEMO_PARTIES) {
    const key = keys.find(({ name, demo }) => demo && name === party.name);
    if (!key?.demo) continue;
    const { address, seed, organisation = party.organisation } = key;
    const device = await openDeviceFolder(`${keystore}/${party.name}`);
    const handle = await ownHandle({ device, keys: new PartyKeys(hexToBytes(seed)) });
    people.push({
      name: party.name,
      called: party.called,
      role: party.role,
      organisation,
      address,
      seed,
      ...(handle && { handle }),
    });
  }
  return people;
}
