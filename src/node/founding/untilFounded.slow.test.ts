import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { existsSync, fstatSync } from 'node:fs';
import { mkdir, open, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, beforeEach, describe, it, mock } from 'node:test';
import type { Clock } from '../../protocol/Clock.ts';
import type { Organisation } from '../../protocol/ids.ts';
import { failsWith } from '../../protocol/test/failsWith.ts';
import { freePorts } from '../../../scripts/freePorts.ts';
import type { Listening } from '../../http/listen.ts';
import { parseConfiguration } from '../configuration/parseConfiguration.ts';
import { openNodeFolder } from '../NodeFolder.ts';
import type { Logger } from '../operate/Logger.ts';
import { runNode } from '../runNode.ts';
import { engine, FourFounders, lacks, ports } from '../test/fourFounders.ts';
import { joinFromFiles } from './ceremony.ts';
import { untilFounded } from './untilFounded.ts';

/** A node that was started before its network is founded waits for the files, whatever becomes of them on their way. */

let all: FourFounders;

before(async () => {
  all = await FourFounders.prepare();
});
beforeEach(async () => {
  await all.begin();
});
after(async () => await all.end());

const silent = (): void => undefined;

/** Nobody asks. */
async function noDoor(): Promise<Listening> {
  return await Promise.resolve({ url: '', close: async () => await Promise.resolve() });
}

/** Lets the system fail to read a file, once. */
async function failRead(path: string): Promise<void> {
  const handle = await open(path);
  const handles = Object.getPrototypeOf(handle) as typeof handle;
  const { ino } = await handle.stat();
  await handle.close();
  const read = Reflect.get(handles, 'read') as (...given: unknown[]) => Promise<unknown>;
  async function failing(this: typeof handle, ...given: unknown[]): Promise<unknown> {
    if (fstatSync(this.fd).ino !== ino) return await Reflect.apply(read, this, given);
    mock.restoreAll();
    throw Object.assign(new Error('input/output error'), { code: 'EIO' });
  }
  mock.method(handles, 'read', failing as typeof handle.read);
}

/** A node that waits for the files of its founding, on a clock that a test moves on. */
class Waiting {
  readonly lines: string[] = [];
  /** Sums of points: each deal takes some. */
  sums = 0;
  /** Time that its clock is ahead, milliseconds. */
  later = 0;
  readonly founded: Promise<void>;
  #next: (() => void) | undefined;
  #looked: (() => void) | undefined;

  constructor(name: Organisation) {
    this.founded = all.within(name, async (folder) => {
      const options = { ports: this.#ports(), engine, log: this.#log(), serve: noDoor };
      await untilFounded(folder, options);
    });
    this.founded.catch(() => undefined);
  }

  /** Waits until it has looked at the files, after some time. */
  async look(): Promise<void> {
    const next = this.#next;
    this.#next = undefined;
    const looked = new Promise<void>((resolve) => (this.#looked = resolve));
    next?.();
    await Promise.race([looked, this.founded]);
  }

  /** The lines that it has logged since they were asked for. */
  said(): readonly string[] {
    return this.lines.splice(0);
  }

  #ports(): typeof ports {
    const clock: Clock = {
      now: () => ports.clock.now() + this.later,
      after: (_, run) => {
        this.#next = run;
        this.#looked?.();
        return () => undefined;
      },
    };
    const { primitives } = ports;
    const group = Object.create(primitives.group, {
      sum: {
        value: (terms: Parameters<typeof primitives.group.sum>[0]) => {
          this.sums += 1;
          return primitives.group.sum(terms);
        },
      },
    }) as typeof primitives.group;
    return { ...ports, clock, primitives: { ...primitives, group } };
  }

  #log(): Logger {
    return {
      debug: silent,
      info: silent,
      error: silent,
      warn: (event, { code, what } = {}) => void this.lines.push(`${event}: ${code} ${what}`),
    };
  }
}

describe('a node that waits for the files of its founding', () => {
  it('goes on waiting while a file is half there or malformed, names it once, and goes on once it is whole', async () => {
    await all.dealt('insurer');
    const waiting = new Waiting('hospital');
    await waiting.look();
    assert.match(waiting.said().join(), /^waiting for founding: DEALS_MISSING .* must deal/);
    await assert.rejects(all.joined('laboratory'), lacks);
    const whole = await readFile(all.path('laboratory.deal.json'), 'utf8');
    for (const [part, reason] of [
      [whole.slice(0, 100), 'it is not JSON'],
      ['{}', 'it is malformed'],
    ] as const) {
      await writeFile(all.path('laboratory.deal.json'), part);
      await waiting.look();
      await waiting.look();
      const said = waiting.said();
      assert.equal(said.length, 1, said.join());
      assert.ok(said[0]?.includes('CEREMONY_INVALID'), said[0]);
      assert.ok(said[0]?.includes(`laboratory.deal.json: ${reason}`), said[0]);
    }
    await writeFile(all.path('laboratory.deal.json'), whole);
    await waiting.look();
    await waiting.founded;
    assert.ok(await all.has('hospital', 'network.json'));
  });

  it('goes on waiting if network.json comes before the terms that belong to it', async () => {
    await all.dealt('insurer', 'laboratory');
    const waiting = new Waiting('insurer');
    await waiting.look();
    const first = await readFile(all.path('terms.json'));
    await all.up('hospital');
    const full = await readFile(all.path('terms.json'));
    await writeFile(all.path('terms.json'), first);
    await waiting.look();
    assert.match(waiting.said().at(-1) ?? '', /CEREMONY_INVALID .*terms\.json: it has deals of 1/);
    await writeFile(all.path('terms.json'), full);
    await waiting.look();
    await waiting.founded;
    assert.ok(await all.has('insurer', 'network.json'));
  });

  it('waits for a folder that is not there, or empty, and does not make it', async () => {
    await all.dealt('insurer', 'laboratory');
    await all.up('hospital');
    const away = join(all.place, 'away');
    await rename(all.path(''), away);
    const waiting = new Waiting('laboratory');
    await waiting.look();
    await waiting.look();
    assert.match(waiting.said().join(), /CEREMONY_INVALID .*exchange: the folder is not there/);
    assert.ok(!existsSync(all.path('')));
    await mkdir(all.path(''));
    await waiting.look();
    assert.match(waiting.said().join(), /CEREMONY_INVALID .*network\.json: it is not there yet/);
    await rm(all.path(''), { recursive: true });
    await rename(away, all.path(''));
    await waiting.look();
    await waiting.founded;
  });

  // @actor who writes into the exchange folder | puts a deal there that does not hold
  // @attack a bad deal ends the nodes that wait for a founding | they name it, and go on waiting
  it('goes on waiting while a deal does not hold', async () => {
    await all.dealt('insurer', 'laboratory');
    const waiting = new Waiting('insurer');
    const deal = await readFile(all.path('laboratory.deal.json'), 'utf8');
    const other = await readFile(all.path('insurer.deal.json'), 'utf8');
    const forged = other.replaceAll(
      /"organisation": "insurer",\n {4}"keys"/g,
      '"organisation": "laboratory",\n    "keys"',
    );
    await writeFile(all.path('laboratory.deal.json'), forged);
    await waiting.look();
    assert.match(waiting.said().join(), /DEAL_INVALID .*laboratory/);
    await writeFile(all.path('laboratory.deal.json'), deal);
    await waiting.look();
    assert.match(waiting.said().join(), /DEALS_MISSING/);
    await all.up('hospital');
    await waiting.look();
    await waiting.founded;
  });

  // @actor who writes into the exchange folder | puts other identity files there once organisations have dealt
  // @attack a malformed identity file holds up a founding | whoever dealt goes on with the terms that it agreed to
  it('goes on while identity files are malformed, others or gone, if it dealt before', async () => {
    await all.dealt('insurer', 'laboratory');
    const file = 'pharmacy.identity.json';
    await writeFile(all.path(file), '{}');
    await writeFile(
      all.path('insurer.identity.json'),
      await readFile(all.path('hospital.identity.json')),
    );
    await writeFile(all.path('clinic.identity.json'), 'x');
    await rm(all.path('laboratory.identity.json'));
    const waiting = new Waiting('insurer');
    await waiting.look();
    assert.match(waiting.said().at(-1) ?? '', /DEALS_MISSING/);
    const founder = new Waiting('hospital');
    await founder.look();
    await founder.founded;
    await waiting.look();
    await waiting.founded;
    await all.up('laboratory');
    await assert.rejects(all.joined('pharmacy'), failsWith('CEREMONY_INVALID'));
    assert.ok(!(await all.has('pharmacy', 'network.json')));
  });

  // @actor who writes into the exchange folder | puts a folder where a node that waits writes a file
  // @attack a node that waits for a founding ends, as it cannot write | it names the file, and goes on waiting
  it('goes on waiting while it cannot write a file, and names it', async () => {
    await all.dealt('insurer', 'laboratory');
    const held = all.path('insurer.held.json');
    await mkdir(held);
    const waiting = new Waiting('insurer');
    await waiting.look();
    const refused = /CEREMONY_INVALID .*insurer\.held\.json: it cannot be written/;
    assert.match(waiting.said().at(-1) ?? '', refused);
    await rm(held, { recursive: true });
    await waiting.look();
    assert.match(waiting.said().at(-1) ?? '', /DEALS_MISSING/);
    await mkdir(all.path('network.json'));
    const founder = new Waiting('hospital');
    await founder.look();
    assert.match(founder.said().at(-1) ?? '', /CEREMONY_INVALID .*network\.json: it cannot be/);
    await rm(all.path('network.json'), { recursive: true });
    await founder.look();
    await founder.founded;
    await waiting.look();
    await waiting.founded;
  });

  // @actor who writes into the exchange folder | puts a file there that takes all memory
  // @attack a large file ends the nodes that wait for a founding | more than the largest deal is not read
  it('reads no deal that is larger than any', async () => {
    await all.dealt('insurer', 'laboratory');
    const file = 'pharmacy.deal.json';
    await writeFile(all.path(file), ' '.repeat(2 ** 24 + 1));
    const waiting = new Waiting('insurer');
    await waiting.look();
    assert.match(waiting.said().at(-1) ?? '', /pharmacy\.deal\.json: it has more than/);
    await all.up('hospital');
    await waiting.look();
    await waiting.founded;
  });

  it('reads a file again that could not be read, also if nothing changes in the folder', async () => {
    await all.dealt('insurer', 'laboratory');
    const waiting = new Waiting('insurer');
    await waiting.look();
    await all.up('hospital');
    await failRead(all.path('network.json'));
    await waiting.look();
    assert.match(
      waiting.said().at(-1) ?? '',
      /CEREMONY_INVALID .*network\.json: it cannot be read/,
    );
    await waiting.look();
    assert.ok(await all.has('insurer', 'network.json'));
  });

  it('verifies the deals once for each change of the files, and once a minute', async () => {
    await all.dealt('insurer', 'laboratory');
    const waiting = new Waiting('insurer');
    for (let looks = 0; looks < 3; looks++) await waiting.look();
    let before = waiting.sums;
    assert.ok(before > 0);
    for (let looks = 0; looks < 5; looks++) await waiting.look();
    assert.equal(waiting.sums, before);
    waiting.later += 60_000;
    await waiting.look();
    assert.ok(waiting.sums > before);
    before = waiting.sums;
    await assert.rejects(all.joined('pharmacy'), lacks);
    await waiting.look();
    assert.ok(waiting.sums > before);
    await all.up('hospital');
    await waiting.look();
    await waiting.founded;
  });

  it('answers its operator meanwhile, and says what it waits for', async () => {
    await all.dealt('insurer');
    await assert.rejects(all.joined('laboratory'), lacks);
    const away = join(all.place, 'laboratory.deal.json');
    await rename(all.path('laboratory.deal.json'), away);
    const [operate = 0] = await freePorts(1);
    const free = ['listen.port', 'peers.port', 'ledger.port'].map((key) => [key, '0'] as const);
    const configuration = parseConfiguration({
      line: new Map([...free, ['operate.port', String(operate)]]),
    });
    let waits: () => void = assert.fail;
    const first = new Promise<void>((resolve) => (waits = resolve));
    const log = { debug: silent, info: silent, error: silent, warn: () => waits() };
    const folder = await openNodeFolder(join(all.place, 'hospital'), { ports });
    const running = runNode({ folder, configuration, ports, log, version: '1.2.3' });
    await Promise.race([first, running]);
    const url = `http://127.0.0.1:${operate}`;
    assert.equal((await fetch(`${url}/healthz`)).status, 200);
    const ready = await fetch(`${url}/readyz`);
    assert.equal(ready.status, 503);
    const { waitingFor } = (await ready.json()) as { waitingFor: readonly string[] };
    assert.match(waitingFor.join(), /founding.*laboratory.* must deal/);
    assert.equal((await fetch(`${url}/metrics`)).status, 200);
    await rename(away, all.path('laboratory.deal.json'));
    const node = await running;
    assert.equal((await fetch(`${url}/healthz`)).status, 200);
    await node.stop();
  });

  it('looks in the folder that its last init named', async () => {
    await all.dealt('insurer', 'laboratory');
    const other = join(all.place, 'other');
    await rename(all.path(''), other);
    await all.within('insurer', async (folder) => {
      await assert.rejects(joinFromFiles(folder, other, ports), lacks);
    });
    await all.within(
      'hospital',
      async (folder) => void (await joinFromFiles(folder, other, ports)),
    );
    await all.up('insurer');
    assert.ok(await all.has('insurer', 'network.json'));
  });

  it('ends if its own folder was altered', async () => {
    await all.dealt('insurer');
    await writeFile(join(all.place, 'insurer', 'terms.json'), '{"format":"medseal-terms/1"}');
    await assert.rejects(new Waiting('insurer').founded, failsWith('FOLDER_FOREIGN'));
  });

  // @actor who writes into the exchange folder | puts a malformed identity file of a stranger there
  // @attack a stranger's identity file holds up a founding | what the terms do not name is passed over
  it('deals, and joins, while a file of an organisation that the terms do not name is malformed', async () => {
    await assert.rejects(all.found(), lacks);
    await writeFile(all.path('clinic.identity.json'), '{}');
    await assert.rejects(all.joined('insurer'), lacks);
    await assert.rejects(all.joined('laboratory'), lacks);
    await all.up('hospital');
    await all.joined('pharmacy');
    const file = 'hospital.identity.json';
    await all.begin();
    await assert.rejects(all.found(), lacks);
    await writeFile(all.path(file), '{}');
    await assert.rejects(all.joined('insurer'), failsWith('CEREMONY_INVALID', { file }));
  });

  it('passes over names that are not an organisation’s, and does not hang on a pipe', async () => {
    await all.dealt('insurer', 'laboratory');
    for (const name of [
      '._insurer.deal.json',
      'insurer (1).deal.json',
      '._insurer.identity.json',
    ]) {
      await writeFile(all.path(name), 'x');
    }
    const file = 'pharmacy.deal.json';
    execFileSync('mkfifo', [all.path(file)]);
    await all.up('hospital');
    assert.deepEqual(all.leftOut, [file]);
  });
});
