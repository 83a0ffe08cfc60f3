import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { openSender } from '../ledger/openSender.ts';
import type { PartyFacts } from '../protocol/evidence/facts.ts';
import { ZERO32, type Address } from '../protocol/ids.ts';
import { openNetwork } from './openNetwork.ts';
import { SenderAdmission } from './SenderAdmission.ts';

const founder: Address = `0x${'11'.repeat(20)}`;
const other: Address = `0x${'22'.repeat(20)}`;

function registryWith(...parties: readonly Partial<PartyFacts>[]) {
  return {
    refresh: async () => await Promise.resolve(),
    party: (address: Address) => {
      const found = parties.find(({ party }) => party === address);
      const rest = { organisation: 'hospital', recipient: ZERO32, suspended: false };
      return found && ({ ...rest, ...found } as PartyFacts);
    },
  };
}

describe('whose transactions the ledger takes', () => {
  it('takes those of the founders alone while the network is founded', async () => {
    const admission = new SenderAdmission([founder]);
    assert.equal(await admission.maySend(founder), true);
    assert.equal(await admission.maySend(other), false);
  });

  it('takes those of enrolled administrators afterwards, and of a founder who is yet to be enrolled', async () => {
    const admission = new SenderAdmission([founder]);
    admission.follow(registryWith({ party: other, role: 'administrator' }));
    assert.equal(await admission.maySend(other), true);
    assert.equal(await admission.maySend(founder), true);
    assert.equal(await admission.maySend(`0x${'33'.repeat(20)}`), false);
  });

  it('takes none of a founder whom the Registry has as something else, or suspended', async () => {
    const admission = new SenderAdmission([founder, other]);
    admission.follow(
      registryWith(
        { party: founder, role: 'administrator', suspended: true },
        { party: other, role: 'doctor' },
      ),
    );
    assert.equal(await admission.maySend(founder), false);
    assert.equal(await admission.maySend(other), false);
  });

  it('takes none of a suspended administrator, nor of any other party', async () => {
    const admission = new SenderAdmission([]);
    admission.follow(
      registryWith(
        { party: founder, role: 'administrator', suspended: true },
        { party: other, role: 'doctor' },
      ),
    );
    assert.equal(await admission.maySend(founder), false);
    assert.equal(await admission.maySend(other), false);
  });

  it('is held by a running network: an account that nobody enrolled is refused', async (t) => {
    const folder = await mkdtemp(join(tmpdir(), 'medseal-admission-'));
    const network = await openNetwork({ folder, demo: true });
    t.after(async () => {
      await network.close();
      await rm(folder, { recursive: true, force: true });
    });
    const { ledger, ports, file } = network;
    const stranger = openSender({
      provider: ledger,
      chainId: ledger.chainId,
      secret: ports.random(32),
      primitives: ports.primitives,
      clock: ports.clock,
    });
    const transaction = { to: file.contracts.registry, data: '0x', gas: 100_000 } as const;
    await assert.rejects(stranger.send(transaction), { code: 'LEDGER_REJECTED' });
  });
});
