/**
 * A program of `killedPut.cases.ts`: puts a file into a vault whose store is a server, says when it has come to the moment
 * that it was told, and waits there to be killed.
 */
import { createHash } from 'node:crypto';
import { LevelDatabase } from '../../database/LevelDatabase.ts';
import { openVault } from '../openVault.ts';
import type { SealedStore } from '../SealedStore.ts';
import { sampleBytes, identify, inParts } from '../vault.cases.ts';
import { serverStore, type StoreAt } from './serverStore.ts';

/** Moment of a put at which the program is killed. */
export type KillMoment = 'sends' | 'received' | 'put';

/** A put until a moment. */
export interface PutWanted extends StoreAt {
  /** Folder of the vault's index. */
  readonly index: string;
  /** `sends`: half of it is sent. `received`: it is at the server, without its name. `put`: the vault has it. */
  readonly moment: KillMoment;
  /** Bytes of the file. */
  readonly size: number;
  /** Unix seconds at which its lease ends. */
  readonly lease: number;
}

process.once('message', (wanted: PutWanted) => void put(wanted));

async function put({ index, moment, size, lease, ...at }: PutWanted): Promise<void> {
  const store = await serverStore(at);
  const vault = await openVault({
    store: moment === 'received' ? unsettled(store) : store,
    database: new LevelDatabase(index),
    quota: 2 ** 30,
    createSha256: () => createHash('sha256'),
  });
  const bytes = sampleBytes(size);
  await vault.put(
    identify(bytes),
    moment === 'sends' ? half(bytes) : inParts(bytes, 2 ** 20),
    lease,
  );
  process.send?.(moment);
}

/** Has a store wait for ever before it gives an arrived file its name. */
function unsettled(store: SealedStore): SealedStore {
  const receive = store.receive.bind(store);
  return Object.assign(store, {
    receive: async (...file: Parameters<typeof receive>) => {
      await receive(...file);
      return { settle: waiting, discard: waiting };
    },
  });
}

async function waiting(): Promise<void> {
  process.send?.('received');
  await new Promise(() => undefined);
}

/** Half of the bytes, and then nothing more. */
async function* half(bytes: Uint8Array): AsyncIterable<Uint8Array> {
  yield* inParts(bytes.subarray(0, bytes.length / 2), 2 ** 20);
  process.send?.('sends');
  await new Promise(() => undefined);
}
