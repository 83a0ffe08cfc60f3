import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { operateApp } from './operateApp.ts';

const metrics = { text: async () => await Promise.resolve('m 1\n'), contentType: 'text/plain' };
const app = operateApp(
  metrics,
  async () => await Promise.resolve(undefined),
  () => 'room',
  ['node.hospital.example'],
);

async function ask(path: string, headers: Record<string, string>): Promise<[number, string]> {
  const answer = await app.request(`http://127.0.0.1${path}`, { headers });
  return [answer.status, await answer.text()];
}

describe('the operator’s server', () => {
  for (const path of ['/healthz', '/readyz', '/metrics', '/none']) {
    // @attack a rebound page reads health and metrics | refused
    it(`shows ${path} to no page that was rebound to this machine`, async () => {
      const [status, text] = await ask(path, { host: 'evil.example:9480' });
      assert.equal(status, 403);
      assert.match(text, /"code":"ORIGIN_FOREIGN"/);
    });

    it(`shows ${path} to no page of another origin`, async () => {
      for (const origin of ['null', 'http://localhost:3000', 'https://evil.example']) {
        const [status] = await ask(path, { host: '127.0.0.1:9480', origin });
        assert.equal(status, 403, origin);
      }
    });
  }

  it('answers this machine, and a monitor that asks by a name that was named', async () => {
    for (const host of ['127.0.0.1:9480', 'localhost:9480', 'node.hospital.example:9480']) {
      assert.deepEqual(await ask('/healthz', { host }), [200, '{"status":"ok"}']);
      assert.deepEqual(await ask('/metrics', { host }), [200, 'm 1\n']);
      const [status, text] = await ask('/readyz', { host });
      assert.deepEqual([status, text], [503, '{"ready":false,"waitingFor":["room"]}']);
    }
  });
});
