import type { Random } from '../crypto/Random.ts';
import type { Primitives } from '../crypto/Primitives.ts';
import { KeyedLock } from '../database/KeyedLock.ts';
import { MedsealError } from '../errors/MedsealError.ts';
import type { Files } from '../folder/Files.ts';
import type { Clock } from '../protocol/Clock.ts';
import type { Bytes32, Organisation } from '../protocol/ids.ts';
import { folderStore } from './folderStore.ts';
import { ipfsStore } from './ipfs/ipfsStore.ts';
import { markedStore, type ServerStore } from './markedStore.ts';
import { StoreCaller } from './remote/StoreCaller.ts';
import type { S3Credentials } from './s3/S3Credentials.ts';
import { s3Store } from './s3/s3Store.ts';
import type { SealedStore } from './SealedStore.ts';
import type { StoreSettings } from './StoreSettings.ts';

/**
 * Makes the store of an organisation in a network, whose id is in the names at a server. Its own folder is used if the store
 * is one.
 */
export type OpenStore = (
  organisation: Organisation,
  files: Files,
  networkId: Bytes32,
) => SealedStore;

/** Makes the store of an organisation that is in its own folder. */
export const inFolder: OpenStore = (_, files) => folderStore(files);

/** Ports of stores that are servers. */
export interface StorePorts {
  readonly clock: Pick<Clock, 'after'>;
  readonly primitives: Pick<Primitives, 'sha256'>;
  readonly random: Random;
}

/** Folder in an IPFS node's file tree, unless the setting names one. */
const IPFS_FOLDER = '/medseal';

/**
 * Reads the settings of a node's stores. Each organisation has names of its own in it, with the network's id; those of
 * before, without the id, are read as well.
 *
 * @param settings - The settings.
 * @param ports - Clock, hash and random bytes.
 * @param readCredentials - Reads those of an S3 server; called for one alone.
 * @throws MedsealError `CONFIGURATION_INVALID`.
 */
export async function storeOpener(
  { store, region }: Pick<StoreSettings, 'store' | 'region'>,
  ports: StorePorts,
  readCredentials: () => Promise<S3Credentials>,
): Promise<OpenStore> {
  const [, kind, address] = /^(s3|ipfs):(.*)$/.exec(store) ?? [];
  if (kind === undefined || address === undefined) return inFolder;
  const { origin, pathname } = new URL(address);
  const names = pathname.split('/').filter((name) => name !== '');
  const caller = new StoreCaller({ place: store, clock: ports.clock });
  if (kind === 'ipfs') {
    const folder = names.length === 0 ? IPFS_FOLDER : `/${names.join('/')}`;
    const [{ random }, tree] = [ports, new KeyedLock()];
    return (organisation, files, networkId) => {
      const at = (...within: readonly string[]): ServerStore =>
        ipfsStore({ caller, url: origin, folder: [folder, ...within].join('/'), random, tree });
      const store = at(networkId, organisation);
      return markedStore({ store, former: at(organisation), files, random });
    };
  }
  const [bucket, ...above] = names;
  if (bucket === undefined) {
    const reason = 'it names no bucket: s3:https://host/bucket';
    throw new MedsealError('CONFIGURATION_INVALID', { key: 'vault.store', source: store, reason });
  }
  const credentials = await readCredentials();
  return (organisation, files, networkId) => {
    const { primitives, random } = ports;
    const signed = { caller, bucket: `${origin}/${bucket}`, region, credentials, primitives };
    const at = (...within: readonly string[]): ServerStore =>
      s3Store({ ...signed, prefix: [...above, ...within, ''].join('/') });
    const store = at(networkId, organisation);
    return markedStore({ store, former: at(organisation), files, random });
  };
}
