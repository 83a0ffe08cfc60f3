import { machinePorts } from '../../folder/NodePorts.ts';
import { ZERO32, type Organisation } from '../../protocol/ids.ts';
import { markedFiles } from './markedFiles.ts';
import type { SealedStore } from '../SealedStore.ts';
import type { ServerKind } from '../serverStore.cases.ts';
import { storeOpener } from '../storeOpener.ts';
import { TEST_CREDENTIALS } from './startVersitygw.ts';

/** An organisation's store at a server under test. */
export interface StoreAt {
  readonly kind: ServerKind;
  /** The server's. */
  readonly url: string;
  /** Names in the bucket `medseal`, or in the file tree, begin with this. */
  readonly folder: string;
  readonly organisation: Organisation;
}

/** Opens an organisation's store at a server under test, as its node does. */
export async function serverStore({
  kind,
  url,
  folder,
  organisation,
}: StoreAt): Promise<SealedStore> {
  const store = kind === 's3' ? `s3:${url}/medseal/${folder}` : `ipfs:${url}/${folder}`;
  const open = await storeOpener(
    { store, region: 'us-east-1' },
    await machinePorts(),
    async () => await Promise.resolve(TEST_CREDENTIALS),
  );
  return open(organisation, await markedFiles(), ZERO32);
}
