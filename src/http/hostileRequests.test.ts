import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import * as fc from 'fast-check';
import { commitEpochs } from '../client/epochs/commitEpochs.ts';
import { catalogue } from '../errors/catalogue.ts';
import { Either, ListOf, type Shape } from '../protocol/wire/findShapeError.ts';
import { SUBMISSION } from '../protocol/shapes/askedShapes.ts';
import { alteredOf, arbitraryOf } from '../protocol/test/arbitraryShape.ts';
import { startTestNetwork, type TestNetwork } from '../node/test/testNetwork.ts';
import { networkApp } from './networkApp.ts';
import { servedOperations } from './operations/operations.ts';
import { timesOf } from '../protocol/test/share.ts';

/** Number of requests that each operation gets. */
const RUNS = timesOf(20);

/** Words that lead somewhere else in careless code. */
const ODD = fc.constantFrom(
  '..',
  '%2e%2e%2f',
  '__proto__',
  'constructor',
  'toString',
  '0x',
  '-1',
  '1e9',
  '00',
  '%00',
  '%',
  'care',
  'hospital',
  '9'.repeat(400),
  '💥',
);

describe('a server that anything is sent to', () => {
  let network: TestNetwork;
  let app: ReturnType<typeof networkApp>;
  before(async () => {
    network = await startTestNetwork();
    await commitEpochs(await network.party('patient'), 3);
    await network.checkpoint();
    const { clock } = network;
    const limits = { burst: 1_000_000 };
    app = networkApp(new Map([['hospital', network.agent()]]), { clock, limits });
  });
  after(async () => {
    await network.close();
    assert.deepEqual(network.failures, []);
  });

  /** Sends a request; whatever it is, its answer must be one that the operation intends. */
  async function send(method: string, path: string, init: RequestInit): Promise<void> {
    const headers = { host: '127.0.0.1', ...(init.headers as Record<string, string>) };
    const request = { ...init, method, headers };
    const answer = await app.request(`http://127.0.0.1/hospital${path}`, request);
    const text = await answer.text();
    if (answer.status < 400) return;
    const { code, status } = JSON.parse(text) as { code: string; status: number };
    assert.ok(Object.hasOwn(catalogue, code), text);
    assert.equal(answer.status, status);
    assert.notEqual(code, 'INTERNAL', `${method} ${path}: ${text}`);
    assert.ok(text.length < 2000, 'it does not send back what came');
  }

  for (const { id, method, path, takes, parameters } of servedOperations) {
    it(`answers ${id} with what was meant, whatever the path, the headers and the body`, async () => {
      const names = Object.entries(parameters);
      const values = names.map(([, { form }]) =>
        fc.oneof(fc.stringMatching(form, { size: 'xsmall' }), ODD, fc.string()),
      );
      const shape: Shape = takes === undefined || takes === 'bytes' ? 'any' : takes;
      const body = fc.oneof(
        arbitraryOf(shape).map((value) => JSON.stringify(value)),
        alteredOf(shape).map((value) => JSON.stringify(value)),
        fc.string(),
        fc.constant('['.repeat(50_000)),
      );
      const headers = fc.record(
        {
          authorization: fc.oneof(
            fc.constantFrom('Bearer', `Bearer ${'0'.repeat(32)}`, 'Upload e30', 'Upload !'),
            fc.stringMatching(/^[ -~]{0,60}$/),
          ),
          range: fc.stringMatching(/^bytes=[0-9,-]{0,20}$/),
          'if-none-match': fc.stringMatching(/^[ -~]{0,60}$/),
          'content-type': fc.constantFrom('application/json', 'text/plain', 'application/json; x'),
          'content-length': fc.constantFrom('0', '-1', '1e3', '99999999999999999999'),
          'x-request-id': fc.stringMatching(/^[ -~]{0,90}$/),
          traceparent: fc.stringMatching(/^00-[0-9a-f]{32}-[0-9a-f]{16}-01$/),
        },
        { requiredKeys: [], noNullPrototype: true },
      );
      await fc.assert(
        fc.asyncProperty(fc.tuple(...values), body, headers, async (texts, sent, head) => {
          const filled = path.replaceAll(/\{(\w+)\}/g, (_, name: string) =>
            encodeURI(texts[names.findIndex(([each]) => each === name)] ?? '').replaceAll(
              /[?#]/g,
              '',
            ),
          );
          const typed = { 'content-type': 'application/json', ...head };
          await send(method, filled === '/' ? '' : filled, {
            headers: typed,
            ...(method !== 'GET' && { body: sent }),
          });
        }),
        { numRuns: RUNS },
      );
    });
  }

  it('refuses as malformed what is not a submission at all, alone and in a list', async () => {
    for (const body of ['"text"', 'null', '7', '{"request":null}', '{"request":{"type":7}}']) {
      for (const [sent, expected] of [
        [body, 400],
        [`[${body},null]`, 200],
      ] as const) {
        const headers = { host: '127.0.0.1', 'content-type': 'application/json' };
        const url = 'http://127.0.0.1/hospital/v1/submissions';
        const answer = await app.request(url, { method: 'POST', headers, body: sent });
        assert.equal(answer.status, expected, sent);
        assert.doesNotMatch(await answer.text(), /INTERNAL/);
      }
    }
  });

  it('answers submissions of every form, single and in lists, with an outcome for each', async () => {
    const any = new Either(SUBMISSION, new ListOf(SUBMISSION, 3));
    await fc.assert(
      fc.asyncProperty(fc.oneof(arbitraryOf(any), alteredOf(any)), async (body) => {
        const init = {
          method: 'POST',
          headers: { host: '127.0.0.1', 'content-type': 'application/json' },
        };
        const url = 'http://127.0.0.1/hospital/v1/submissions';
        const answer = await app.request(url, { ...init, body: JSON.stringify(body) });
        const value = (await answer.json()) as unknown;
        if (Array.isArray(body)) {
          assert.equal(answer.status, 200);
          assert.equal((value as unknown[]).length, body.length);
          const codes = (value as { problem?: { code: string } }[]).map(
            (each) => each.problem?.code,
          );
          assert.ok(
            codes.every((code) => code !== undefined && code !== 'INTERNAL'),
            codes.join(', '),
          );
        } else {
          assert.ok(answer.status >= 400 && answer.status !== 500, JSON.stringify(value));
        }
      }),
      { numRuns: timesOf(80) },
    );
  });
});
