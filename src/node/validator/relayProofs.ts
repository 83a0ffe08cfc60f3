import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { concatBytes } from '../../crypto/bytes.ts';
import { readBody } from '../../crypto/readBody.ts';
import { jsonOrNothing } from '../../http/jsonIn.ts';
import { blocksUrl, type BlocksAsked } from '../../peers/askBlocks.ts';

/** Milliseconds for an answer. */
const PATIENCE = 10_000;
/** The most bytes of a question, and of an answer: a page of a hundred validators, or a commit. */
const [MOST_ASKED, MOST_ANSWERED] = [4096, 2 ** 20];

/** A server on this machine that answers as CometBFT's RPC does. */
export interface ProofRelay {
  readonly url: string;
  /** Stops it. Safe to repeat. */
  close(): Promise<void>;
}

/**
 * Serves a validator's engine what proves blocks, from other organisations' nodes in turn: the next one is asked if one
 * does not answer. The engine verifies it.
 *
 * @param nodes - The nodes, at least one.
 */
export async function relayProofs(nodes: readonly BlocksAsked[]): Promise<ProofRelay> {
  const server = createServer((request, response) => {
    void answerTo(request, nodes).then(
      (answer) => response.setHeader('content-type', 'application/json').end(answer),
      () => response.writeHead(502).end(),
    );
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  let closed: Promise<void> | undefined;
  return {
    url: `http://127.0.0.1:${port}`,
    close: async () => await (closed ??= close(server)),
  };
}

async function answerTo(
  request: IncomingMessage,
  nodes: readonly BlocksAsked[],
): Promise<Uint8Array> {
  const question = jsonOrNothing(await bytesOf(request, MOST_ASKED)) ?? {};
  const { method, params, id } = question as Readonly<Record<string, unknown>>;
  const asked = { jsonrpc: '2.0', id, method: 'medseal_consensus', params: [method, params] };
  let failure: unknown;
  for (const node of nodes) {
    try {
      return await ask(node, JSON.stringify(asked));
    } catch (error) {
      failure = error;
    }
  }
  throw failure;
}

async function ask({ url, clock, fetch }: BlocksAsked, body: string): Promise<Uint8Array> {
  const late = new AbortController();
  const cancel = clock.after(PATIENCE, () => late.abort());
  try {
    const headers = { 'content-type': 'application/json' };
    const options = { method: 'POST', headers, body, redirect: 'error' } as const;
    const response = await fetch(blocksUrl(url), { ...options, signal: late.signal });
    if (!response.ok) throw new Error(`status ${response.status}`);
    return await readBody(response, MOST_ANSWERED);
  } finally {
    cancel();
    late.abort();
  }
}

async function bytesOf(request: IncomingMessage, most: number): Promise<Uint8Array> {
  const parts: Uint8Array[] = [];
  let size = 0;
  for await (const part of request as AsyncIterable<Uint8Array>) {
    size += part.length;
    if (size > most) throw new Error('the question is too long');
    parts.push(part);
  }
  return concatBytes(...parts);
}

async function close(server: Server): Promise<void> {
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
}
