import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { test } from 'node:test';
import { ClassicLevel } from 'classic-level';
import { hexToBytes } from '../crypto/bytes.ts';
import { portablePrimitives } from '../crypto/portablePrimitives.ts';
import { Chain } from './chain/Chain.ts';
import { addressOf, SECRETS } from './ledger.cases.ts';
import { checkWhole } from './test/checkWhole.ts';

const { KILLS = '25' } = process.env;
const SCRIPT = new URL('./test/loadedLedger.ts', import.meta.url).pathname;
const genesis = { timestamp: 1_700_000_000, senders: SECRETS.map(addressOf) };

/** Runs a ledger under load and kills it; what it had acknowledged by then. */
async function killed(folder: string, after: number): Promise<string[]> {
  const child = spawn(process.execPath, [SCRIPT, folder], { stdio: ['ignore', 'pipe', 'inherit'] });
  const ended = new Promise<void>((resolve) => {
    child.once('close', () => resolve());
  });
  const acknowledged: string[] = [];
  for await (const line of createInterface(child.stdout)) {
    if (line === 'open') setTimeout(() => child.kill('SIGKILL'), after);
    // The last line may be cut off if the process was killed.
    else if (line.length === 66) acknowledged.push(line);
  }
  await ended;
  assert.equal(child.signalCode, 'SIGKILL');
  return acknowledged;
}

test(`a ledger that is killed ${KILLS} times under load is whole each time, and has all it acknowledged`, async (context) => {
  const folder = await mkdtemp(join(tmpdir(), 'medseal-crash-'));
  context.after(async () => await rm(folder, { recursive: true }));
  let checked = 0;
  let kept = 0;
  for (let kill = 0; kill < Number(KILLS); kill++) {
    const acknowledged = await killed(folder, Math.random() * 700);
    const database = new ClassicLevel(folder);
    const chain = await Chain.open(database, 4242, genesis, portablePrimitives);
    checked = (await checkWhole(chain, database, checked)) + 1;
    for (const hash of acknowledged) {
      assert.notEqual(chain.store.locate(hexToBytes(hash)), undefined, hash);
    }
    kept += acknowledged.length;
    await database.close();
  }
  context.diagnostic(`${checked} blocks, ${kept} acknowledged transactions`);
});
