import type { Random } from '../crypto/Random.ts';
import type { Primitives } from '../crypto/Primitives.ts';
import { KeyedLock } from '../database/KeyedLock.ts';
import { MedsealError } from '../errors/MedsealError.ts';
import type { Files } from '../folder/Files.ts';
import type { Clock } from '../protocol/Clock.ts';
import type { Organisation } from '../protocol/ids.ts';
import { folderStore } from './folderStore.ts';
import { ipfsStore } from './ipfs/ipfsStore.ts';
import { StoreCaller } from './remote/StoreCaller.ts';
import type { S3Credentials } from './s3/S3Credentials.ts';
import { s3Store } from './s3/s3Store.ts';
import type { SealedStore } from './SealedStore.ts';
import type { StoreSettings } from './StoreSettings.ts';

/** Makes the store of an organisation; its own folder is used if the store is one. */
export type OpenStore = (organisation: Organisation, files: Files) => SealedStore;

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
 * Reads the settings of a node's stores. Each organisation has names of its own in it.
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
    return (organisation) =>
      ipfsStore({ caller, url: origin, folder: `${folder}/${organisation}`, random, tree });
  }
  const [bucket, ...above] = names;
  if (bucket === undefined) {
    const reason = 'it names no bucket: s3:https://host/bucket';
    throw new MedsealError('CONFIGURATION_INVALID', { key: 'vault.store', source: store, reason });
  }
  const credentials = await readCredentials();
  return (organisation) => {
    const prefix = [...above, organisation, ''].join('/');
    const { primitives } = ports;
    return s3Store({
      caller,
      bucket: `${origin}/${bucket}`,
      prefix,
      region,
      credentials,
      primitives,
    });
  };
}
