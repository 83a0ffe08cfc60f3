import { createHash } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { bodyOf, serveOnLoopback } from './serveOnLoopback.ts';
import type { StoreServer } from './StoreServer.ts';

interface Answer {
  readonly status: number;
  readonly body?: Uint8Array | string;
  readonly headers?: Readonly<Record<string, string>>;
}

/**
 * Starts a fake S3 server that keeps its objects in memory and verifies the hashes of bodies, not signatures. Its real
 * twin, versitygw, passes the same cases.
 */
export async function startFakeS3(): Promise<StoreServer> {
  const objects = new Map<string, Uint8Array>();
  const uploads = new Map<
    string,
    { readonly key: string; readonly parts: Map<number, Uint8Array> }
  >();
  let begun = 0;
  return await serveOnLoopback((incoming, outgoing) => {
    void bodyOf(incoming).then(
      (body) => {
        const { status, body: said = '', headers } = answer(incoming, body);
        const isHead = incoming.method === 'HEAD';
        outgoing.writeHead(status, { 'content-length': String(said.length), ...headers });
        outgoing.end(isHead ? undefined : said);
      },
      () => outgoing.destroy(),
    );
  });

  function answer({ method, url, headers }: IncomingMessage, body: Uint8Array): Answer {
    if (headers.authorization?.startsWith('AWS4-HMAC-SHA256 Credential=') !== true)
      return refusal(403, 'AccessDenied');
    if (headers['x-amz-content-sha256'] !== sha256(body)) {
      return refusal(400, 'XAmzContentSHA256Mismatch');
    }
    const { pathname, searchParams: query } = new URL(url ?? '', 'http://fake');
    const key = pathname.split('/').slice(2).join('/');
    const uploadId = query.get('uploadId');
    const upload = uploadId === null ? undefined : uploads.get(uploadId);
    if (uploadId !== null && upload === undefined) return refusal(404, 'NoSuchUpload');
    switch (method ?? 'GET') {
      case 'PUT':
        if (upload === undefined) objects.set(key, body);
        else upload.parts.set(Number(query.get('partNumber')), body);
        return { status: 200, headers: { etag: `"${sha256(body)}"` } };
      case 'POST':
        return upload === undefined ? begin(key) : complete(upload, String(uploadId), body);
      case 'DELETE':
        if (uploadId === null) objects.delete(key);
        else uploads.delete(uploadId);
        return { status: 204 };
      default:
        if (query.has('uploads')) return listUploads(query);
        if (query.has('list-type')) return list(query);
        return read(key, headers.range);
    }
  }

  function begin(key: string): Answer {
    begun += 1;
    const id = `upload&${begun}`;
    uploads.set(id, { key, parts: new Map() });
    return { status: 200, body: `<R><UploadId>upload&amp;${begun}</UploadId></R>` };
  }

  function complete(
    { key, parts }: { readonly key: string; readonly parts: ReadonlyMap<number, Uint8Array> },
    id: string,
    body: Uint8Array,
  ): Answer {
    const named = [
      ...Buffer.from(body)
        .toString()
        .matchAll(/<PartNumber>(\d+)<.*?<ETag>(.*?)<\/ETag>/g),
    ];
    const whole = named.map(([, number, tag]) => {
      const part = parts.get(Number(number));
      return part !== undefined && tag === `"${sha256(part)}"` ? part : undefined;
    });
    if (whole.length === 0 || whole.includes(undefined)) return refusal(400, 'InvalidPart');
    objects.set(key, Buffer.concat(whole as Uint8Array[]));
    uploads.delete(id);
    return { status: 200, body: '<R><ETag>"whole"</ETag></R>' };
  }

  function list(query: URLSearchParams): Answer {
    const after = query.get('continuation-token') ?? '';
    const names = [...objects.keys()]
      .filter((name) => name.startsWith(query.get('prefix') ?? '') && name > after)
      .toSorted();
    const page = names.slice(0, 2);
    const last = page.at(-1);
    const more =
      names.length > 2 ? `<NextContinuationToken>${last ?? ''}</NextContinuationToken>` : '';
    const keys = page.map((name) => `<Contents><Key>${name}</Key></Contents>`).join('');
    return { status: 200, body: `<R>${keys}${more}</R>` };
  }

  /** Lists one upload a page, by key and id, as servers list a thousand. */
  function listUploads(query: URLSearchParams): Answer {
    const after = `${query.get('key-marker') ?? ''} ${query.get('upload-id-marker') ?? ''}`;
    const sorted = [...uploads]
      .filter(
        ([id, { key }]) => key.startsWith(query.get('prefix') ?? '') && `${key} ${id}` > after,
      )
      .toSorted(([one, { key }], [other, { key: and }]) =>
        `${key} ${one}` < `${and} ${other}` ? -1 : 1,
      );
    const found = sorted.slice(0, 1);
    const [id = '', { key = '' } = {}] = sorted.length > 1 ? (found[0] ?? []) : [];
    const next =
      id === ''
        ? ''
        : `<NextKeyMarker>${key}</NextKeyMarker><NextUploadIdMarker>${id.replace('&', '&amp;')}</NextUploadIdMarker>`;
    const body = found.map(
      ([id, { key }]) =>
        `<Upload><Key>${key}</Key><UploadId>${id.replace('&', '&amp;')}</UploadId></Upload>`,
    );
    return { status: 200, body: `<R>${body.join('')}${next}</R>` };
  }

  function read(key: string, range: string | undefined): Answer {
    const object = objects.get(key);
    if (object === undefined) return refusal(404, 'NoSuchKey');
    const [, from, to] = /^bytes=(\d+)-(\d*)$/.exec(range ?? '') ?? [];
    if (from === undefined) return { status: 200, body: object };
    if (Number(from) >= object.length) return refusal(416, 'InvalidRange');
    const end = to === '' || to === undefined ? object.length : Number(to) + 1;
    return { status: 206, body: object.subarray(Number(from), end) };
  }
}

function refusal(status: number, code: string): Answer {
  return { status, body: `<Error><Code>${code}</Code></Error>` };
}

function sha256(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}
