/** Content of an answer; undefined if it has no body. */
export type ReplyContent<Json = unknown> =
  | { readonly json: Json }
  | { readonly text: string }
  | { readonly bytes: Uint8Array }
  | { readonly stream: AsyncIterable<Uint8Array> }
  | undefined;

/**
 * Rule by which an answer may be cached. `never`: nowhere. `checked`: by anyone who asks each time whether it is still
 * the same. `minute`: by anyone for a minute. `forever`: by anyone, because it does not change.
 */
export type CacheRule = 'never' | 'checked' | 'minute' | 'forever';

/** Answer as a value; `sendReply` alone decides how it goes over HTTP. */
export interface Reply<Json = unknown> {
  readonly status: number;
  readonly content: ReplyContent<Json>;
  readonly keeping: CacheRule;
  /** Tag that tells this content from another under the same address; made from the content if absent. */
  readonly tag?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

/** Makes an answer in JSON. */
export function json<Json>(value: Json, rest: Partial<Omit<Reply, 'content'>> = {}): Reply<Json> {
  return { status: 200, keeping: 'never', ...rest, content: { json: value } };
}

/** Makes an answer in bytes. */
export function bytes(value: Uint8Array, rest: Partial<Omit<Reply, 'content'>> = {}): Reply<never> {
  return { status: 200, keeping: 'never', ...rest, content: { bytes: value } };
}

/** Makes an answer in text. */
export function text(value: string, rest: Partial<Omit<Reply, 'content'>> = {}): Reply<never> {
  return { status: 200, keeping: 'never', ...rest, content: { text: value } };
}

/** Answer of a request that was done and returns nothing. */
export const DONE: Reply<never> = { status: 204, content: undefined, keeping: 'never' };
