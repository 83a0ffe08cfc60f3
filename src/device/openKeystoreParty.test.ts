import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { it } from 'node:test';
import { loadMclPairing } from '../crypto/threshold/loadMclPairing.ts';
import { loadNoblePairing } from '../crypto/threshold/loadNoblePairing.ts';
import { machinePorts, type NodePorts } from '../folder/NodePorts.ts';
import type { AgentPort } from '../protocol/AgentPort.ts';
import { network } from '../protocol/test/sampleNetwork.ts';
import { openSeedParty } from './openKeystoreParty.ts';

it('a party of a keystore computes pairings in threads, or as whoever opens it says', async (t) => {
  const keystore = await mkdtemp(join(tmpdir(), 'medseal-keystore-'));
  t.after(async () => await rm(keystore, { recursive: true }));
  const ports = await machinePorts();
  const { loadPairing: _, ...without } = ports;
  const agent = { network: async () => await Promise.resolve(network) } as Partial<AgentPort>;
  const opened = async (given: NodePorts): ReturnType<typeof openSeedParty> => {
    const key = { name: 'doctor', seed: new Uint8Array(32).fill(7) };
    const at = { network, ports: given, keystore, organisation: 'hospital' };
    return await openSeedParty(key, { ...at, agent: agent as AgentPort });
  };
  const { loadPairing: threads } = await opened(ports);
  assert.notEqual(threads, loadMclPairing);
  assert.equal(await threads?.(), await loadMclPairing());
  const { loadPairing: own } = await opened({ ...ports, loadPairing: loadNoblePairing });
  assert.equal(own, loadNoblePairing);
  assert.equal((await opened(without)).loadPairing, undefined);
});
