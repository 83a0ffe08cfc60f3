import { createHash } from 'node:crypto';
import type { Context } from 'hono';
import type { ReplyContent, CacheRule, Reply } from './Reply.ts';
import { streamAnswer } from './streamAnswer.ts';

const CACHE_CONTROL: Readonly<Record<CacheRule, string>> = {
  never: 'no-store',
  checked: 'no-cache',
  minute: 'public, max-age=60',
  forever: 'public, max-age=31536000, immutable',
};

/**
 * Answers a request. A cacheable answer has an entity tag, and is not sent again to a caller that has it
 * (RFC 9110 §13.1.2).
 *
 * @param c - The request.
 * @param reply - The answer.
 */
export async function sendReply(c: Context, reply: Reply): Promise<Response> {
  const { status, content, keeping, headers = {} } = reply;
  const body = encode(content);
  const sent = new Headers({ 'cache-control': CACHE_CONTROL[keeping], ...headers });
  const tag = reply.tag ?? (keeping === 'never' || body === undefined ? undefined : tagOf(body));
  if (tag !== undefined) sent.set('etag', `"${tag}"`);
  if (status === 200 && keeping !== 'never' && tag && isKnown(c.req.header('if-none-match'), tag)) {
    return c.body(null, 304, Object.fromEntries(sent));
  }
  if (content !== undefined && !sent.has('content-type')) sent.set('content-type', typeOf(content));
  if (content !== undefined && 'stream' in content) {
    return await streamAnswer(c, content.stream, { status, headers: Object.fromEntries(sent) });
  }
  return new Response(body ?? null, { status, headers: sent });
}

function encode(content: ReplyContent): Uint8Array<ArrayBuffer> | undefined {
  if (content === undefined || 'stream' in content) return undefined;
  if ('bytes' in content) return new Uint8Array(content.bytes);
  return new TextEncoder().encode('text' in content ? content.text : JSON.stringify(content.json));
}

function typeOf(content: NonNullable<ReplyContent>): string {
  if ('json' in content) return 'application/json';
  return 'text' in content ? 'text/plain; charset=utf-8' : 'application/octet-stream';
}

/** 128 bits of SHA-256 tell contents apart. */
function tagOf(body: Uint8Array): string {
  return createHash('sha256').update(body).digest('base64url').slice(0, 22);
}

/** Tells whether `If-None-Match` names a tag; the weak comparison, as the header asks for. */
function isKnown(header: string | undefined, tag: string): boolean {
  const known = (header ?? '').split(',').map((each) => each.trim().replace(/^W\//, ''));
  return known.includes(`"${tag}"`) || known.includes('*');
}
