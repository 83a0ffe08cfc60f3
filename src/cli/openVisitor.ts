import { resolve } from 'node:path';
import { httpAgent } from '../client/httpAgent.ts';
import type { Party } from '../client/Party.ts';
import { MedsealError } from '../errors/MedsealError.ts';
import { machinePorts } from '../node/NodePorts.ts';
import { readKeystore, type KeyFile } from '../node/keystore.ts';
import type { NetworkFile } from '../protocol/NetworkFile.ts';
import { openPartyAt } from './demoParties.ts';

/** Who comes, from where, to which node. */
export interface VisitorOptions {
  /** Address of the nodes; the party's own organisation is below it. */
  readonly url: string;
  /** Folder with the keys of parties. */
  readonly keystore: string;
  /** Name of the party in the keystore. */
  readonly as: string;
}

/**
 * Opens a party of a keystore at a running node.
 *
 * @param network - The pinned network file.
 * @param options - See `VisitorOptions`.
 * @returns The party, and all keys of the keystore, whose names are for people.
 * @throws MedsealError `ARGUMENT_INVALID` where the keystore has no such party; `KEYSTORE_INVALID`,
 * `NETWORK_FILE_OTHER`, `PEER_UNREACHABLE`.
 */
export async function openVisitor(
  network: NetworkFile,
  { url, keystore, as }: VisitorOptions,
): Promise<{ readonly party: Party; readonly keys: readonly KeyFile[] }> {
  const folder = resolve(keystore);
  const keys = await readKeystore(folder, network);
  const key = keys.find(({ name }) => name === as);
  if (key === undefined) {
    const names = keys.map(({ name }) => name).join(', ');
    const reason = `the keystore has no party of the name ${as}; it has ${names}`;
    throw new MedsealError('ARGUMENT_INVALID', { argument: '--as', reason });
  }
  const agent = httpAgent(`${url.replace(/\/$/, '')}/${key.organisation}`);
  const party = await openPartyAt(
    { file: network, ports: await machinePorts() },
    folder,
    key,
    agent,
  );
  return { party, keys };
}
