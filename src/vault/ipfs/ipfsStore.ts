import { ReadableStream } from 'node:stream/web';
import { MedsealError } from '../../errors/MedsealError.ts';
import { bytesToHex } from '../../crypto/bytes.ts';
import type { Random } from '../../crypto/Random.ts';
import type { KeyedLock } from '../../database/KeyedLock.ts';
import type { Bytes32 } from '../../protocol/ids.ts';
import { resumed } from '../remote/resumed.ts';
import type { StoreCaller, StoreRequest } from '../remote/StoreCaller.ts';
import type { ServerStore } from '../markedStore.ts';
import type { Arrival, StoredThing, StoreReadOptions } from '../SealedStore.ts';
import type { FileIdentity } from '../Vault.ts';

/** Options of `ipfsStore`. */
export interface IpfsStoreOptions {
  readonly caller: StoreCaller;
  /** URL of the node's RPC, without a slash at its end: `http://127.0.0.1:5001`. */
  readonly url: string;
  /** Folder in the node's own file tree, such as `/medseal/hospital`. */
  readonly folder: string;
  readonly random: Random;
  /** Held while the node's file tree is changed: one for all stores at a node. */
  readonly tree: KeyedLock;
}

/** Kubo answers a refusal with this status, and a message. */
const REFUSED = 500;
const ABSENT = /does not exist|no link by that name/;
const NOT_PINNED = /not pinned/;

/**
 * Makes a store of sealed files in IPFS, at a Kubo node: each is a file in the node's own file tree, under its hash, which
 * keeps its blocks from being collected there. Nothing is erased in IPFS that others took: what they took is sealed.
 *
 * @param options - The node and a folder in its file tree.
 */
export function ipfsStore(options: IpfsStoreOptions): ServerStore {
  return new IpfsStore(options);
}

class IpfsStore implements ServerStore {
  readonly place: string;
  readonly isShared = true;
  readonly #options: IpfsStoreOptions;
  readonly #sealed: string;
  /** Name of the pins that hold what arrives. */
  readonly #arriving: string;

  constructor(options: IpfsStoreOptions) {
    this.#options = options;
    this.place = options.caller.place;
    this.#arriving = `${options.folder.slice(1)}/arriving`;
    this.#sealed = `${options.folder}/sealed`;
  }

  async recover(): Promise<void> {
    const args = { type: 'recursive', names: 'true', name: this.#arriving };
    const response = await this.#ask('pin/ls', args);
    if (!response.ok) throw this.#failure(await this.#reason(response));
    const { Keys: pins = {} } = (await this.#json(response)) as {
      readonly Keys?: Readonly<Record<string, { readonly Name?: string }>>;
    };
    for (const [cid, { Name: name }] of Object.entries(pins)) {
      if (name === this.#arriving) await this.#unpin(cid);
    }
  }

  async receive(file: FileIdentity, content: AsyncIterable<Uint8Array>): Promise<Arrival> {
    const cid = await this.#add(content);
    const discard = async (): Promise<void> => await this.#unpin(cid).catch(() => undefined);
    return {
      settle: async () => {
        await this.#settle(file, cid);
        await discard();
      },
      discard,
    };
  }

  async size(hash: Bytes32): Promise<number | undefined> {
    return await this.#sizeOf(this.#placeOf(hash));
  }

  async *read(hash: Bytes32, options: StoreReadOptions = {}): AsyncIterable<Uint8Array> {
    const { from = 0, to } = options;
    const path = this.#placeOf(hash);
    yield* resumed(from, async (at) => {
      const count = to === undefined ? {} : { count: String(to - at) };
      const args = { arg: [path], offset: String(at), ...count };
      const response = await this.#ask('files/read', args);
      if (response.ok) return this.#options.caller.pieces(response);
      if (ABSENT.test(await this.#reason(response))) throw new MedsealError('FILE_ABSENT', {});
      // It refuses to begin after the end.
      throw new MedsealError('FILE_MISMATCH', {});
    });
  }

  async remove(hash: Bytes32): Promise<void> {
    await this.#remove(this.#placeOf(hash));
  }

  async *list(): AsyncIterable<StoredThing> {
    for (const folder of await this.#namesIn(this.#sealed)) {
      for (const name of await this.#namesIn(`${this.#sealed}/${folder}`)) {
        const isHash = /^[0-9a-f]{64}$/.test(name) && name.startsWith(folder);
        const path = `${this.#sealed}/${folder}/${name}`;
        yield { name: path, ...(isHash && { hash: `0x${name}` }) };
      }
    }
  }

  async discard(name: string): Promise<void> {
    await this.#remove(name);
  }

  async readMark(): Promise<string | undefined> {
    const response = await this.#ask('files/read', { arg: [this.#mark] });
    const said = await this.#reason(response);
    if (response.ok) return said;
    if (ABSENT.test(said)) return undefined;
    throw this.#failure(said);
  }

  async writeMark(text: string): Promise<void> {
    const cid = await this.#add(pieces(new TextEncoder().encode(text)));
    await this.#changeTree('files/cp', {
      arg: [`/ipfs/${cid}`, this.#mark],
      parents: 'true',
      force: 'true',
    });
    await this.#unpin(cid);
    if ((await this.readMark()) !== text) throw this.#failure('it lost what it took');
  }

  /** Names what arrived; the file tree holds its blocks from then on. */
  async #settle({ hash, size }: FileIdentity, cid: string): Promise<void> {
    const place = this.#placeOf(hash);
    await this.#changeTree('files/cp', {
      arg: [`/ipfs/${cid}`, place],
      parents: 'true',
      force: 'true',
    });
    if ((await this.#sizeOf(place)) !== size) throw this.#failure('it lost what it took');
  }

  /** Returns the CID of what was added, which a pin holds. */
  async #add(content: AsyncIterable<Uint8Array>): Promise<string> {
    const boundary = `medseal-${bytesToHex(this.#options.random(16)).slice(2)}`;
    let broken: { readonly error: unknown } | undefined;
    async function* body(): AsyncGenerator<Uint8Array> {
      const encoder = new TextEncoder();
      yield encoder.encode(
        `--${boundary}\r\nContent-Disposition: form-data; name="file"; filename="sealed"\r\nContent-Type: application/octet-stream\r\n\r\n`,
      );
      try {
        // The pieces of a source may use memory again.
        for await (const piece of content) yield piece.slice();
      } catch (error) {
        broken = { error };
        throw error;
      }
      yield encoder.encode(`\r\n--${boundary}--\r\n`);
    }
    const args = {
      'pin-name': this.#arriving,
      pin: 'true',
      'raw-leaves': 'true',
      'cid-version': '1',
      quieter: 'true',
    };
    const upload = this.#options.caller.upload(body());
    try {
      const response = await this.#ask('add', args, {
        once: true,
        signal: upload.signal,
        init: {
          body: ReadableStream.from(upload.body),
          duplex: 'half',
          headers: { 'content-type': `multipart/form-data; boundary=${boundary}` },
        } as RequestInit,
      });
      const said = await this.#options.caller.text(response);
      // An outcome that the node knew late is not in the status of its answer.
      const cid = /"Hash":"(\w+)"/.exec(said)?.[1];
      if (!response.ok || cid === undefined) throw this.#failure(said);
      return cid;
    } catch (error) {
      if (broken !== undefined) throw broken.error;
      throw error;
    } finally {
      upload.answered();
    }
  }

  async #sizeOf(path: string): Promise<number | undefined> {
    const response = await this.#ask('files/stat', { arg: [path] });
    if (!response.ok) {
      const reason = await this.#reason(response);
      if (ABSENT.test(reason)) return undefined;
      throw this.#failure(reason);
    }
    const told = await this.#json(response);
    return told['Type'] === 'file' ? Number(told['Size']) : undefined;
  }

  async #namesIn(path: string): Promise<readonly string[]> {
    const response = await this.#ask('files/ls', { arg: [path], U: 'true' });
    if (!response.ok) {
      const reason = await this.#reason(response);
      if (ABSENT.test(reason)) return [];
      throw this.#failure(reason);
    }
    const entries = ((await this.#json(response))['Entries'] ?? []) as readonly { Name: string }[];
    return entries.map(({ Name: name }) => name);
  }

  async #remove(path: string): Promise<void> {
    await this.#changeTree('files/rm', { arg: [path], force: 'true' });
  }

  async #unpin(cid: string): Promise<void> {
    const response = await this.#ask('pin/rm', { arg: [cid] });
    if (response.ok) {
      await response.body?.cancel();
      return;
    }
    const reason = await this.#reason(response);
    // Two puts of one file have one pin.
    if (!NOT_PINNED.test(reason)) throw this.#failure(reason);
  }

  /** Changes of a Kubo node's file tree that overlap can undo each other, so they are made one by one. */
  async #changeTree(call: string, args: RpcArguments): Promise<void> {
    await this.#options.tree.run('', async () => {
      const response = await this.#ask(call, args);
      if (!response.ok) throw this.#failure(await this.#reason(response));
      await response.body?.cancel();
    });
  }

  async #ask(
    call: string,
    args: RpcArguments,
    more: Pick<StoreRequest, 'once' | 'signal'> & { readonly init?: RequestInit } = {},
  ): Promise<Response> {
    const { init, ...rest } = more;
    const url = new URL(`${this.#options.url}/api/v0/${call}`);
    for (const [name, values] of Object.entries(args)) {
      for (const value of [values].flat()) url.searchParams.append(name, value);
    }
    const make = async (): ReturnType<StoreRequest['make']> => {
      return await Promise.resolve({ url, init: { method: 'POST', ...init } });
    };
    return await this.#options.caller.ask({ what: call, make, answers: [REFUSED], ...rest });
  }

  async #json(response: Response): Promise<Record<string, unknown>> {
    try {
      return JSON.parse(await this.#options.caller.text(response)) as Record<string, unknown>;
    } catch (cause) {
      throw this.#failure('its answer is malformed', cause);
    }
  }

  async #reason(response: Response): Promise<string> {
    return await this.#options.caller.text(response);
  }

  #failure(reason: string, cause?: unknown): MedsealError {
    return this.#options.caller.failure(reason, cause);
  }

  /** Beside the files: their list does not have it. */
  get #mark(): string {
    return `${this.#options.folder}/mark.json`;
  }

  #placeOf(hash: Bytes32): string {
    return `${this.#sealed}/${hash.slice(2, 4)}/${hash.slice(2)}`;
  }
}

async function* pieces(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield await Promise.resolve(bytes);
}

type RpcArguments = Readonly<Record<string, string | readonly string[]>>;
