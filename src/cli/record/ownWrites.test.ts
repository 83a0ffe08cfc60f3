import assert from 'node:assert/strict';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { after, before, describe, it } from 'node:test';
import type { Submission } from '../../protocol/AgentPort.ts';
import type { Outcome } from '../../protocol/evidence/evidence.ts';
import { refused } from '../test/refused.ts';
import { startPeople, type People } from '../test/startPeople.ts';

interface Listed {
  readonly handle: string;
  readonly records: readonly {
    readonly record: string;
    readonly log: string;
    readonly index: number;
  }[];
}

describe('what one key of a device was acknowledged, read with another at another organisation', () => {
  let people: People;
  /** Stands before the insurer's node: notes what charts are to come after, and tells of fewer entries than there are. */
  let between: Server;
  let url: string;
  let lagging = false;
  const asked: Submission['after'][] = [];
  let mine: Listed['records'][number];
  let list: string[];

  before(async () => {
    people = await startPeople();
    between = createServer((request, response) => {
      void (async () => {
        const pieces: Uint8Array[] = [];
        for await (const piece of request) pieces.push(piece as Uint8Array);
        const body = Buffer.concat(pieces);
        const submissions = request.url?.endsWith('/v1/submissions') === true;
        if (submissions) {
          const all = JSON.parse(body.toString()) as readonly Submission[];
          asked.push(...all.map(({ after }) => after));
        }
        const { authorization } = request.headers;
        const answer = await fetch(`${people.dev.ready.url}${request.url ?? ''}`, {
          method: request.method ?? 'GET',
          headers: {
            'content-type': request.headers['content-type'] ?? 'application/json',
            ...(authorization !== undefined && { authorization }),
          },
          ...(body.length > 0 && { body }),
        });
        const said = new Uint8Array(await answer.arrayBuffer());
        response.writeHead(answer.status, {
          'content-type': answer.headers.get('content-type') ?? 'application/json',
        });
        response.end(submissions && lagging ? withoutEntries(said) : said);
      })();
    });
    await new Promise<void>((resolve) => between.listen(0, '127.0.0.1', resolve));
    url = `http://127.0.0.1:${(between.address() as AddressInfo).port}`;
    const patient = people.demo('patient');
    const { records, handle } = await (async () => {
      const file = ['record', 'add', '-', '--raw', '-c', 'imaging', '-y', '--json'];
      return JSON.parse((await patient.type('mine', ...file)).stdout) as Listed;
    })();
    [mine = assert.fail()] = records;
    await patient.ask(
      'grant',
      'insurer',
      '-c',
      'imaging',
      '--until',
      '1h',
      '--purpose',
      'HPAYMT',
      '-y',
    );
    list = ['record', 'list', '-p', handle, '--url', url];
  });
  after(async () => {
    between.close();
    await people.end();
  });

  it('is what the chart is asked to come after, and is on it', async () => {
    const { records, behind } = await people
      .demo('insurer')
      .ask<Listed & { behind: unknown }>(...list);
    assert.deepEqual(asked.at(-1), [{ log: mine.log, index: mine.index }]);
    assert.ok(records.some(({ record }) => record === mine.record));
    assert.deepEqual(behind, []);
  });

  it('is not waited for with --no-wait', async () => {
    await people.demo('insurer').ask(...list, '--no-wait');
    assert.equal(asked.at(-1), undefined);
  });

  it('is said to be on its way by a copy that does not have it yet', async () => {
    lagging = true;
    const { code, stdout } = await people.demo('insurer').run(...list);
    assert.match(stdout, /The node's copy of care\/hospital does not have entry \d+ yet, /);
    assert.equal(code, 3);
    const told = await people.demo('insurer').run(...list, '--json');
    const { behind } = JSON.parse(told.stdout) as { behind: unknown };
    assert.deepEqual(behind, [{ log: mine.log, index: mine.index }]);
    const get = ['record', 'get', ...list.slice(2)];
    refused(await people.demo('insurer').run(...get, '0x0000'), 'NOT_YET', 3);
    const got = await people.demo('insurer').run(...get, mine.record);
    assert.deepEqual([got.code, got.stdout], [0, 'mine']);
    assert.match(got.stderr, /does not have entry \d+ yet/);
    refused(await people.demo('insurer').run(...get, '0x0000', '--no-wait'), 'NOT_FOUND');
    lagging = false;
  });
});

/** Outcomes that say of every log that nothing of it was there. */
function withoutEntries(bytes: Uint8Array): string {
  const outcomes = JSON.parse(Buffer.from(bytes).toString()) as readonly Outcome[];
  return JSON.stringify(
    outcomes.map((each) =>
      each.outcome === 'acknowledged' && each.release?.known !== undefined
        ? {
            ...each,
            release: {
              ...each.release,
              known: each.release.known.map((known) => ({ ...known, entries: 0 })),
            },
          }
        : each,
    ),
  );
}
