import { AwsV4Signer } from 'aws4fetch';
import { bytesToHex } from '../../crypto/bytes.ts';
import type { Primitives } from '../../crypto/Primitives.ts';
import { MedsealError } from '../../errors/MedsealError.ts';
import type { Bytes32 } from '../../protocol/ids.ts';
import { inPieces } from '../remote/inPieces.ts';
import { resumed } from '../remote/resumed.ts';
import type { StoreCaller, StoreRequest } from '../remote/StoreCaller.ts';
import type { ServerStore } from '../markedStore.ts';
import type { Arrival, StoredThing, StoreReadOptions } from '../SealedStore.ts';
import type { FileIdentity } from '../Vault.ts';
import type { S3Credentials } from './S3Credentials.ts';
import { textsIn } from './textsIn.ts';

/** Options of `s3Store`. */
export interface S3StoreOptions {
  readonly caller: StoreCaller;
  /** The bucket's URL, without a slash at its end: `https://objects.example/bucket`. */
  readonly bucket: string;
  /** Beginning of all names, such as `medseal/hospital/`. */
  readonly prefix: string;
  readonly region: string;
  readonly credentials: S3Credentials;
  readonly primitives: Pick<Primitives, 'sha256'>;
}

/** Bytes of a part; a file of one part is sent as a whole. 10,000 parts are 80 GB. */
const PART = 8 * 1024 * 1024;

/**
 * Makes a store of sealed files in a bucket of an S3 server: each is an object under its hash. The server verifies the
 * SHA-256 of every request's body, which is signed.
 *
 * @param options - Bucket, names and credentials.
 */
export function s3Store(options: S3StoreOptions): ServerStore {
  return new S3Store(options);
}

interface S3Call {
  readonly what: string;
  readonly method: string;
  /** Name of the object; the bucket itself if absent. */
  readonly name?: string;
  readonly query?: Readonly<Record<string, string>>;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: Uint8Array<ArrayBuffer>;
  readonly answers?: readonly number[];
}

class S3Store implements ServerStore {
  readonly place: string;
  readonly isShared = true;
  readonly #options: S3StoreOptions;

  constructor(options: S3StoreOptions) {
    this.#options = options;
    this.place = options.caller.place;
  }

  async recover(): Promise<void> {
    // Parts that a crash left are stored, and paid, but nobody sees them.
    const { prefix } = this.#options;
    const markers = [
      ['key-marker', 'NextKeyMarker'],
      ['upload-id-marker', 'NextUploadIdMarker'],
    ] as const;
    const query = { uploads: '', prefix };
    for await (const page of this.#pages('list of uploads', query, markers)) {
      const names = textsIn(page, 'Key');
      for (const [i, uploadId] of textsIn(page, 'UploadId').entries()) {
        const name = names[i];
        if (name?.startsWith(prefix) === true) await this.#abort(name, uploadId);
      }
    }
  }

  async receive(file: FileIdentity, content: AsyncIterable<Uint8Array>): Promise<Arrival> {
    const name = this.#nameOf(file.hash);
    if (file.size <= PART) {
      let whole: Uint8Array<ArrayBuffer> = new Uint8Array(0);
      for await (const piece of inPieces(content, PART)) whole = piece;
      return {
        settle: async () => await this.#done({ what: 'PUT', method: 'PUT', name, body: whole }),
        discard: async () => await Promise.resolve(),
      };
    }
    return await this.#receiveParts(name, file, content);
  }

  async size(hash: Bytes32): Promise<number | undefined> {
    const call = { what: 'HEAD', method: 'HEAD', name: this.#nameOf(hash), answers: [404] };
    const { status, headers } = await this.#ask(call);
    return status === 404 ? undefined : Number(headers.get('content-length') ?? Number.NaN);
  }

  async *read(hash: Bytes32, options: StoreReadOptions = {}): AsyncIterable<Uint8Array> {
    const { from = 0, to } = options;
    const name = this.#nameOf(hash);
    yield* resumed(from, async (at) => {
      const isWhole = at === 0 && to === undefined;
      const headers = isWhole ? {} : { range: `bytes=${at}-${to === undefined ? '' : to - 1}` };
      const call = { what: 'GET', method: 'GET', name, headers, answers: [404, 416] };
      const response = await this.#ask(call);
      // A server that ignores the range would give other bytes.
      if (response.status === (isWhole ? 200 : 206)) return this.#options.caller.pieces(response);
      await response.body?.cancel();
      if (response.status === 404) throw new MedsealError('FILE_ABSENT', {});
      throw new MedsealError('FILE_MISMATCH', {});
    });
  }

  async remove(hash: Bytes32): Promise<void> {
    await this.discard(this.#nameOf(hash));
  }

  async *list(): AsyncIterable<StoredThing> {
    const { prefix } = this.#options;
    const query = { 'list-type': '2', prefix };
    const token = [['continuation-token', 'NextContinuationToken']] as const;
    for await (const page of this.#pages('list', query, token)) {
      for (const name of textsIn(page, 'Key')) {
        const hash = /^[0-9a-f]{64}$/.exec(name.slice(prefix.length))?.[0];
        yield { name, ...(hash !== undefined && { hash: `0x${hash}` }) };
      }
    }
  }

  async discard(name: string): Promise<void> {
    await this.#done({ what: 'DELETE', method: 'DELETE', name, answers: [404] });
  }

  async readMark(): Promise<string | undefined> {
    const call = { what: 'GET of the mark', method: 'GET', name: this.#mark, answers: [404] };
    const response = await this.#ask(call);
    const text = await this.#options.caller.text(response);
    return response.status === 404 ? undefined : text;
  }

  async writeMark(text: string): Promise<void> {
    const body = new TextEncoder().encode(text);
    await this.#done({ what: 'PUT of the mark', method: 'PUT', name: this.#mark, body });
  }

  async #receiveParts(
    name: string,
    { hash, size }: FileIdentity,
    content: AsyncIterable<Uint8Array>,
  ): Promise<Arrival> {
    const begin = { what: 'beginning of an upload', method: 'POST', name, query: { uploads: '' } };
    const [uploadId] = textsIn(await this.#text(begin), 'UploadId');
    if (uploadId === undefined) throw new MedsealError('STORAGE_FAILED', {});
    const tags: string[] = [];
    let sending: Promise<unknown> = Promise.resolve();
    const discard = async (): Promise<void> => {
      await sending.catch(() => undefined);
      await this.#abort(name, uploadId).catch(() => undefined);
    };
    try {
      // The next part arrives while one is sent.
      for await (const body of inPieces(content, PART)) {
        await sending;
        sending = this.#sendPart(name, uploadId, tags, body);
        sending.catch(() => undefined);
      }
      await sending;
    } catch (error) {
      await discard();
      throw error;
    }
    let settled = false;
    return {
      settle: async () => {
        const said = await this.#complete(name, uploadId, tags);
        if (said === undefined && (await this.size(hash)) !== size) {
          throw new MedsealError('STORAGE_FAILED', {});
        }
        settled = true;
      },
      discard: async () => {
        if (!settled) await discard();
      },
    };
  }

  async #sendPart(
    name: string,
    uploadId: string,
    tags: string[],
    body: Uint8Array<ArrayBuffer>,
  ): Promise<void> {
    const partNumber = tags.length + 1;
    const query = { partNumber: String(partNumber), uploadId };
    const response = await this.#ask({ what: 'PUT of a part', method: 'PUT', name, query, body });
    await response.body?.cancel();
    tags.push(response.headers.get('etag') ?? '');
  }

  /** Returns undefined if the server does not know the upload: an earlier answer was lost, or it gave the upload up. */
  async #complete(
    name: string,
    uploadId: string,
    tags: readonly string[],
  ): Promise<true | undefined> {
    const parts = tags.map(
      (tag, i) => `<Part><PartNumber>${i + 1}</PartNumber><ETag>${tag}</ETag></Part>`,
    );
    const text = `<CompleteMultipartUpload>${parts.join('')}</CompleteMultipartUpload>`;
    const response = await this.#ask({
      what: 'end of an upload',
      method: 'POST',
      name,
      query: { uploadId },
      body: new TextEncoder().encode(text),
      answers: [404],
    });
    const said = await this.#options.caller.text(response);
    if (response.status === 404) return undefined;
    // It may begin to answer before it knows the outcome.
    if (textsIn(said, 'ETag').length === 1) return true;
    const cause = new Error(`${this.place}: ${textsIn(said, 'Code')[0] ?? 'no outcome'}`);
    throw new MedsealError('STORAGE_FAILED', {}, { cause });
  }

  /**
   * Asks for the pages of a list until the last one. A server that gives the same page again would keep the caller for ever.
   * @param markers - Parameters of the next page, each with the element of this one that has its value.
   * @throws MedsealError `STORAGE_FAILED` if a page leads to one that was there before.
   */
  async *#pages(
    what: string,
    query: Readonly<Record<string, string>>,
    markers: readonly (readonly [parameter: string, element: string])[],
  ): AsyncGenerator<string> {
    const been = new Set<string>();
    let after: Readonly<Record<string, string>> = {};
    do {
      const page = await this.#text({ what, method: 'GET', query: { ...query, ...after } });
      yield page;
      const found = markers.map(([parameter, element]) => [parameter, textsIn(page, element)[0]]);
      after = Object.fromEntries(found.filter(([, value]) => (value ?? '') !== '')) as typeof after;
      const next = JSON.stringify(after);
      if (been.has(next)) throw this.#options.caller.failure(`its ${what} has no end`);
      been.add(next);
    } while (Object.keys(after).length > 0);
  }

  async #abort(name: string, uploadId: string): Promise<void> {
    const call = { what: 'end of an upload', method: 'DELETE', name, query: { uploadId } };
    await this.#done({ ...call, answers: [404] });
  }

  async #done(call: S3Call): Promise<void> {
    const { body } = await this.#ask(call);
    await body?.cancel();
  }

  async #text(call: S3Call): Promise<string> {
    return await this.#options.caller.text(await this.#ask(call));
  }

  async #ask(call: S3Call): Promise<Response> {
    const { what, answers } = call;
    const make = async (): ReturnType<StoreRequest['make']> => await this.#signed(call);
    return await this.#options.caller.ask({ what, make, ...(answers && { answers }) });
  }

  async #signed({ method, name, query, headers, body }: S3Call): ReturnType<StoreRequest['make']> {
    const { bucket, region, credentials, primitives } = this.#options;
    const url = new URL(name === undefined ? bucket : `${bucket}/${name}`);
    for (const [key, value] of Object.entries(query ?? {})) url.searchParams.set(key, value);
    const digest = bytesToHex(primitives.sha256(body ?? new Uint8Array(0))).slice(2);
    const signer = new AwsV4Signer({
      ...credentials,
      service: 's3',
      region,
      method,
      url: url.href,
      headers: { ...headers, 'x-amz-content-sha256': digest },
    });
    const signed = await signer.sign();
    return {
      url: signed.url,
      init: { method, headers: signed.headers, ...(body && { body }) },
    };
  }

  /** Beside the files: their list does not have it. */
  get #mark(): string {
    return `${this.#options.prefix.slice(0, -1)}.json`;
  }

  #nameOf(hash: Bytes32): string {
    return `${this.#options.prefix}${hash.slice(2)}`;
  }
}
