/** What an answer holds; undefined for one without a body. */
export type ReplyContent =
  | { readonly json: unknown }
  | { readonly text: string }
  | { readonly bytes: Uint8Array }
  | { readonly stream: AsyncIterable<Uint8Array> }
  | undefined;

/**
 * True if an answer may be kept. `never`: nowhere. `checked`: by anyone who asks each time whether it is still the
 * same. `minute`: by anyone for a minute. `forever`: by anyone, for it does not change.
 */
export type CacheRule = 'never' | 'checked' | 'minute' | 'forever';

/** An answer, as a value: how it goes over HTTP is decided in one place, `sendReply`. */
export interface Reply {
  readonly status: number;
  readonly content: ReplyContent;
  readonly keeping: CacheRule;
  /** What tells this content from another under the same address; made from the content if absent. */
  readonly tag?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

/** An answer in JSON. */
export function json(value: unknown, rest: Partial<Omit<Reply, 'content'>> = {}): Reply {
  return { status: 200, keeping: 'never', ...rest, content: { json: value } };
}

/** An answer in bytes. */
export function bytes(value: Uint8Array, rest: Partial<Omit<Reply, 'content'>> = {}): Reply {
  return { status: 200, keeping: 'never', ...rest, content: { bytes: value } };
}

/** An answer in text. */
export function text(value: string, rest: Partial<Omit<Reply, 'content'>> = {}): Reply {
  return { status: 200, keeping: 'never', ...rest, content: { text: value } };
}

/** An answer that says that it was done. */
export const DONE: Reply = { status: 204, content: undefined, keeping: 'never' };
