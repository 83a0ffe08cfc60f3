import assert from 'node:assert/strict';
import type { ChildProcessWithoutNullStreams } from 'node:child_process';
import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import { createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { after, before, describe, it } from 'node:test';
import { refused } from '../test/refused.ts';
import { runMedseal, startMedseal, temporaryFolder } from '../test/runMedseal.ts';

/** Output of a run that is stopped. */
interface Stopped {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

describe('a pin that simulated sensors cannot use', () => {
  it('is refused with the option’s name: one that is absent, no JSON, or another file of the network', async (t) => {
    const folder = await temporaryFolder(t);
    const file = `${folder}/pin.json`;
    const door = ['--door', 'mqtt://127.0.0.1:9'];
    const run = async (): Promise<void> => {
      const tried = await runMedseal('sensors', 'simulate', ...door, '--pin', file);
      refused(tried, 'ARGUMENT_INVALID', 2);
      assert.match(tried.stderr, /^medseal: --pin: /);
    };
    await run();
    for (const text of ['{', '{"format":"medseal-network/1"}']) {
      await writeFile(file, text);
      await run();
    }
  });
});

describe('simulated sensors at a door where nobody answers', () => {
  let server: Server;
  let port: number;
  const sockets = new Set<Socket>();
  const running = new Set<ChildProcessWithoutNullStreams>();

  before(async () => {
    // It takes connections, and says nothing.
    server = createServer((socket) => {
      sockets.add(socket);
      socket.on('error', () => undefined);
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    ({ port } = server.address() as AddressInfo);
  });
  after(() => {
    for (const child of running) child.kill('SIGKILL');
    for (const socket of sockets) socket.destroy();
    server.close();
  });

  /** Runs the command, and presses Ctrl-C once a condition holds. */
  async function stoppedAt(
    args: readonly string[],
    isTime: (child: ChildProcessWithoutNullStreams) => Promise<unknown>,
  ): Promise<Stopped> {
    const child = startMedseal(['sensors', 'simulate', '--seconds', '20', ...args]);
    running.add(child);
    let [stdout, stderr] = ['', ''];
    child.stdout.on('data', (text: Buffer) => (stdout += text.toString()));
    child.stderr.on('data', (text: Buffer) => (stderr += text.toString()));
    const closed = once(child, 'close');
    await isTime(child);
    child.kill('SIGINT');
    const [code] = (await closed) as [number | null];
    running.delete(child);
    return { code, stdout, stderr };
  }

  for (const scheme of ['mqtt', 'http']) {
    it(`end at Ctrl-C, and say what is kept, over ${scheme}`, async () => {
      const door = `${scheme}://127.0.0.1:${port}`;
      const connected = once(server, 'connection');
      const { code, stdout } = await stoppedAt(
        ['--door', door, '--devices', '3', '--json'],
        async () => await connected,
      );
      const value = JSON.parse(stdout) as Record<string, unknown>;
      assert.deepEqual([value['batches'], value['stored'], value['kept']], [0, 0, 0]);
      assert.equal(code, 0);
    });
  }

  it('end at Ctrl-C in words, if nothing listens at a door of HTTP', async () => {
    const unused = createServer();
    unused.listen(0, '127.0.0.1');
    await once(unused, 'listening');
    const closedPort = (unused.address() as AddressInfo).port;
    unused.close();
    await once(unused, 'close');
    const door = `http://127.0.0.1:${closedPort}`;
    const { stdout } = await stoppedAt(['--door', door], async (child) => {
      // A loop over its output would close that at its end, and what it says then would end it.
      let heard = '';
      await new Promise((resolve) => {
        child.once('close', resolve);
        child.stderr.on('data', (text: Buffer) => {
          heard += text.toString();
          if (heard.includes('PEER_UNREACHABLE')) resolve(undefined);
        });
      });
    });
    assert.match(stdout, /1 devices signed 0 batches: 0 are stored .* 0 are kept/);
  });
});
