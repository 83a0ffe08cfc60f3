import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** Stands for no answer at all. */
export const NEVER = Symbol('never');

/**
 * Changes an answer, or gives none; undefined if the answer is to pass as it is. The names of the consensus' methods
 * stand for its own questions.
 */
export type Lie = (
  answer: string,
  method: string,
  params: readonly unknown[],
) => string | typeof NEVER | undefined;

/** A ledger's JSON-RPC endpoint that passes questions on, and lies as it is told. */
export interface LyingLedger {
  readonly url: string;
  /** Methods that were asked since it was emptied. */
  asked: string[];
  /** Lies while something is done. */
  lying<Result>(lie: Lie, run: () => Promise<Result>): Promise<Result>;
  close(): void;
}

/**
 * Starts one.
 *
 * @param target - Address of the honest endpoint.
 */
export async function startLyingLedger(target: string): Promise<LyingLedger> {
  const hung = new Set<ServerResponse>();
  let told: Lie = honest;
  const server = createServer((request, response) => {
    void (async () => {
      const parts: Uint8Array[] = [];
      for await (const part of request) parts.push(part as Uint8Array);
      const body = Buffer.concat(parts).toString();
      const call = JSON.parse(body) as { method: string; params?: readonly unknown[] };
      const { params = [] } = call;
      const method = call.method === 'medseal_consensus' ? String(params[0]) : call.method;
      endpoint.asked.push(method);
      const headers = { 'content-type': 'application/json' };
      const answer = await fetch(target, { method: 'POST', headers, body });
      const text = await answer.text();
      const said = told(text, method, params) ?? text;
      if (said === NEVER) hung.add(response);
      else response.end(said);
    })().catch(() => response.destroy());
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  const endpoint: LyingLedger = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    asked: [],
    async lying(lie, run) {
      told = lie;
      try {
        return await run();
      } finally {
        told = honest;
      }
    },
    close() {
      for (const response of hung) response.destroy();
      server.close();
    },
  };
  return endpoint;
}

const honest: Lie = () => undefined;

/** A lie that changes the answers to one question. */
export function changes(wanted: string, hidden: RegExp, instead: string): Lie {
  return (answer, method) => (method === wanted ? answer.replace(hidden, instead) : undefined);
}

/** A lie that gives no answer to one question. */
export function silentAt(wanted: string): Lie {
  return (_answer, method) => (method === wanted ? NEVER : undefined);
}
