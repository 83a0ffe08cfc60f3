import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { LedgerProvider } from '../../bindings/LedgerProvider.ts';
import { answerJsonRpc } from '../answerJsonRpc.ts';

/**
 * Serves a ledger over HTTP on loopback, any free port.
 *
 * @param around - Wraps a call on its way; the plain answer if absent.
 */
export async function serveJsonRpc(
  provider: LedgerProvider,
  around: (body: unknown, answer: () => Promise<unknown>) => Promise<unknown> = async (_, answer) =>
    await answer(),
): Promise<{ url: string; close(): Promise<void> }> {
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const body = parse(Buffer.concat(chunks).toString());
      around(body, async () => await answerJsonRpc(provider, body, Date)).then(
        (answer) => response.end(JSON.stringify(answer)),
        () => response.destroy(),
      );
    });
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => {
        server.close(resolve);
      });
    },
  };
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}
