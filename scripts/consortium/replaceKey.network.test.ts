import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import { isDeepStrictEqual } from 'node:util';
import { httpAgent } from '../../src/client/agent/httpAgent.ts';
import { plainKeys } from '../../src/folder/keyGuard.ts';
import { machinePorts } from '../../src/folder/NodePorts.ts';
import { engineMissing } from '../../src/ledger/test/startEngines.ts';
import { handedOver, openValidatorKeys } from '../../src/node/validator/validatorKeys.ts';
import type { Bytes32 } from '../../src/protocol/ids.ts';
import { presentNodes } from '../../src/protocol/network/networkLookups.ts';
import { findEngine } from '../findEngine.ts';
import { choosePorts } from './foundConsortium.ts';
import { startOrganisation, type RunningOrganisation } from './startOrganisation.ts';
import {
  medseal,
  openConsortium,
  powersOf,
  requireDone,
  type Consortium,
} from './test/openConsortium.ts';

/**
 * A consortium of which one machine dies: its node comes back from a backup with another key of its validator, which gets the
 * former one's place by a change that its organisation and the others sign, days before an ordinary one would hold; and
 * the lost machine wakes.
 */

/** Seconds of the ledger's delay: no ordinary change holds while this runs. */
const DELAY = 36_000;
/** Seconds from the proposal on after which the file names the new key. */
const HOLDS = 120;
const ports = await machinePorts();
const { path: engine } = findEngine();
let consortium: Consortium;
let restored: RunningOrganisation | undefined;
/** Keys of the pharmacy's validator: of the founding, and of its restored folder. */
let former: Bytes32;
let key: Bytes32;

/** The powers of the founding, with another key in the place of the pharmacy's. */
function powersWith(present: Bytes32): Readonly<Record<Bytes32, number>> {
  return Object.fromEntries(
    presentNodes(consortium.network).flatMap(({ organisation, validator }) => {
      if (validator === undefined) return [];
      return [[organisation === 'pharmacy' ? present : validator.key, validator.stake]];
    }),
  );
}

describe('a consortium of which one machine dies', { skip: engineMissing ?? false }, () => {
  before(async () => {
    consortium = await openConsortium(DELAY);
    former = consortium.keyOf('pharmacy');
  });
  after(async () => {
    await restored?.stop();
    await consortium?.close();
  });

  it('has it restored from a backup, with a key that has no vote, and its node says so', async () => {
    await consortium.prove('pharmacy');
    const backup = join(consortium.folder, 'pharmacy.tar');
    await requireDone('backup', ...consortium.at('pharmacy'), '--to', backup);
    await consortium.prove('pharmacy');
    const pid = consortium.nodeOf('pharmacy');
    process.kill(pid, 'SIGKILL');
    while (!consortium.said().includes(`The node of pharmacy (${pid}) ended`)) await pause(100);
    await rename(join(consortium.folder, 'pharmacy'), join(consortium.folder, 'lost'));
    await requireDone('restore', backup, ...consortium.at('pharmacy'));
    const data = join(consortium.folder, 'pharmacy');
    restored = startOrganisation({
      organisation: 'pharmacy',
      data,
      engine,
      say: () => undefined,
      isStopping: () => true,
    });
    restored.ready.catch(() => undefined);
    // Its doors are as before: the settings are in the backup.
    const { ready } = await consortium.untilAt('pharmacy', ({ waitingFor }) => {
      return waitingFor.some((each) => each.includes('--replace-key pharmacy'));
    });
    assert.equal(ready, false);
    ({ key } = await openValidatorKeys(join(data, 'validator'), { ...ports, guard: plainKeys }));
    assert.notEqual(key, former);
    assert.deepEqual(powersOf(await consortium.readyAt('hospital')), powersWith(former));
    // The others are a quorum, and go on.
    await consortium.prove('hospital');
  });

  it('is refused the place of its former key by k others alone, and by itself with one too few', async () => {
    const { validator } = presentNodes(consortium.network).at(-1) ?? {};
    const { address = '' } = validator ?? {};
    const identity = ['network', 'identity', ...consortium.at('pharmacy'), '--validator', address];
    await requireDone(...identity, '--exchange', consortium.folder);
    const file = join(consortium.folder, 'replace.json');
    const given = ['--identity', join(consortium.folder, 'pharmacy.identity.json')];
    const propose = ['network', 'propose', file, ...consortium.at('hospital'), ...given, '--yes'];
    const [code, text] = await medseal(...propose, '--replace-key', 'insurer');
    assert.notEqual(code, 0);
    assert.match(text, /that of pharmacy/);
    const wish = ['--replace-key', 'pharmacy', '--after', `${HOLDS}s`];
    await requireDone(...propose, ...wish);
    const publish = ['network', 'publish', file, ...consortium.at('hospital')];
    await requireDone('network', 'sign', file, ...consortium.at('laboratory'), '--yes');
    const proposed = await readFile(file, 'utf8');
    for (const [last, lacking] of [
      ['insurer', /1 more of the coordinator of pharmacy must sign/],
      ['pharmacy', /1 more of the coordinators other than that of pharmacy must sign/],
    ] as const) {
      await writeFile(file, proposed);
      await requireDone('network', 'sign', file, ...consortium.at(last), '--yes');
      const [refused, why] = await medseal(...publish);
      assert.notEqual(refused, 0);
      assert.match(why, lacking);
    }
    assert.deepEqual(powersOf(await consortium.readyAt('hospital')), powersWith(former));
  });

  it('gets the place in the next blocks once it and k others signed, and its node is ready', async () => {
    const file = join(consortium.folder, 'replace.json');
    // The pharmacy has signed it in the last round.
    await requireDone('network', 'sign', file, ...consortium.at('insurer'), '--yes');
    await requireDone('network', 'publish', file, ...consortium.at('hospital'));
    for (const name of ['hospital', 'pharmacy']) {
      await consortium.untilAt(name, (state) =>
        isDeepStrictEqual(powersOf(state), powersWith(key)),
      );
    }
    await restored?.ready;
    const { succession } = await consortium.untilAt('pharmacy', ({ ready }) => ready);
    // The ledger is ahead of the network file, which names the former key until its successor's moment.
    assert.equal(succession?.number, 0);
    await consortium.prove('pharmacy');
  });

  it('goes on beside the lost machine that wakes: its validator has no vote, and nobody signs twice', async () => {
    const old = join(consortium.folder, 'lost', 'validator');
    const settings = join(old, 'settings.json');
    const [free] = await choosePorts(1);
    const { validator: listen, rpc, blocks } = free ?? assert.fail();
    const moved = {
      ...(JSON.parse(await readFile(settings, 'utf8')) as Record<string, unknown>),
      listen: `127.0.0.1:${listen}`,
      rpc: `127.0.0.1:${rpc}`,
      blocks: `127.0.0.1:${blocks}`,
    };
    await writeFile(settings, JSON.stringify(moved));
    const keys = await openValidatorKeys(old, { ...ports, guard: plainKeys });
    assert.equal(keys.key, former);
    const beside = spawn(engine, ['start', old, '--attached']);
    beside.stdin.write(handedOver(keys));
    const ended = once(beside, 'close');
    try {
      await consortium.prove('pharmacy');
      await consortium.prove('insurer');
    } finally {
      beside.stdin.end();
      await ended;
    }
    for (const name of ['hospital', 'laboratory', 'insurer', 'pharmacy']) {
      const state = await consortium.readyAt(name);
      assert.deepEqual(powersOf(state), powersWith(key), name);
      assert.deepEqual(
        state.validator?.validators?.filter(({ out }) => out),
        [],
        name,
      );
    }
  });

  it('goes by the file that names the new key from its moment on, and everything verifies', async () => {
    for (const name of ['hospital', 'laboratory', 'insurer', 'pharmacy']) {
      await consortium.untilAt(name, ({ ready, succession }) => ready && succession?.number === 1);
    }
    await consortium.prove('pharmacy');
    const urls = Object.entries(consortium.doors).flatMap(([name, { agents }]) => [
      '--url',
      `${name}=${agents}`,
    ]);
    const rpc = ['--rpc', consortium.doors['pharmacy']?.ledger ?? ''];
    const successors = join(consortium.folder, 'successors.json');
    const given = await httpAgent(`${consortium.doors['pharmacy']?.agents}/pharmacy`).successors();
    await writeFile(successors, JSON.stringify(given));
    const pinned = join(consortium.folder, 'hospital', 'network.json');
    await requireDone('verify', 'network', pinned, '--successors', successors, ...rpc, ...urls);
  });
});
