import type { KeptHolder } from '../../client/kept/readKept.ts';
import { PartyKeys } from '../../crypto/keys/PartyKeys.ts';
import { openDeviceFolder } from '../../device/deviceFolder.ts';
import { unlockKey } from '../../device/lockedKeys.ts';
import { formerSeedsOf } from '../../device/nextKey.ts';
import { unlockedIn } from '../../device/unlockedKeys.ts';
import { machinePorts } from '../../folder/NodePorts.ts';
import { domainOf } from '../../protocol/struct/domainOf.ts';
import { readPinnedNetwork } from './readPinnedNetwork.ts';
import type { VisitorOptions } from '../program/sharedOptions.ts';
import type { Terminal } from '../terminal/Terminal.ts';
import { findHome } from './Home.ts';
import { chooseKey, keysOf } from './openVisitor.ts';
import { readPassphrase } from './readPassphrase.ts';

/**
 * Opens a key of the device without asking any node.
 *
 * @param terminal - Asks for the passphrase.
 * @param options - Which device and key.
 * @throws MedsealError as `openVisitor`, but for what a node answers.
 */
export async function openHolder(terminal: Terminal, options: VisitorOptions): Promise<KeptHolder> {
  const home = findHome(options);
  const network = await readPinnedNetwork(options, home);
  const key = chooseKey(await keysOf(home, network, { ...options, told: terminal }), options);
  const ports = await machinePorts();
  const askPassphrase = async ({ name }: { readonly name: string }): Promise<string> =>
    await readPassphrase(terminal, name, options);
  const findUnlocked = unlockedIn(home.keystore);
  const seed = await unlockKey(key, { ...ports, askPassphrase, findUnlocked });
  const former = await formerSeedsOf(key, seed, ports.cipher);
  return {
    ...ports,
    network,
    domain: domainOf(network),
    address: key.address,
    device: await openDeviceFolder(`${home.keystore}/${key.name}`),
    keys: new PartyKeys(seed),
    formerKeys: former.map((each) => new PartyKeys(each)),
  };
}
