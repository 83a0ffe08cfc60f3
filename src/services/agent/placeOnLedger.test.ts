import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { encodeEventTopics, toFunctionSelector } from 'viem/utils';
import { registryAbi } from '../../bindings/generated/registryAbi.ts';
import { KeyedLock } from '../../database/KeyedLock.ts';
import { MedsealError } from '../../errors/MedsealError.ts';
import type { Outgoing } from '../../ledger/openSender.ts';
import { failsWith } from '../../protocol/test/failsWith.ts';
import type { AgentContext } from './AgentContext.ts';
import { placeOnLedger, type Placing } from './placeOnLedger.ts';

const TO = `0x${'0a'.repeat(20)}` as const;
const PLACE = { transaction: `0x${'01'.repeat(32)}`, block: 7 } as const;
const EARLIER = { transaction: `0x${'02'.repeat(32)}`, block: 6 } as const;
/** Present moment, Unix seconds. */
const NOW = 1000;
const REASON = 'ChangeUnexpected';
const REFUSED = {
  address: TO,
  topics: encodeEventTopics({ abi: registryAbi, eventName: 'Refused', args: { index: 0n } }),
  data: toFunctionSelector(`${REASON}()`).padEnd(66, '0'),
  blockNumber: '0x7',
  transactionHash: PLACE.transaction,
  logIndex: '0x0',
};

/** An agent with the answers of a dry run and of the ledger, and its index before and after a transaction. */
function stage(
  answer: 'taken' | 'refused' | 'unreachable' | { readonly dryRun: string },
  placedByAnother = false,
) {
  const steps: string[] = [];
  let sent = 0;
  const sender = {
    send: async ({ to, dryRun }: Outgoing) => {
      assert.equal(to, TO);
      steps.push(dryRun === undefined ? 'untried' : 'dry run');
      sent += 1;
      await Promise.resolve();
      if (typeof answer === 'object') {
        throw new MedsealError('RULE_REFUSED', { reason: answer.dryRun });
      }
      dryRun?.();
      steps.push('send');
      if (answer === 'unreachable') throw new MedsealError('LEDGER_UNREACHABLE', {});
      return { ...PLACE, logs: answer === 'refused' ? [REFUSED] : [] };
    },
  };
  const index = {
    moment: NOW,
    refresh: async () => await Promise.resolve(void steps.push('refresh')),
  };
  const network = { contracts: { registry: TO } };
  const agent = { changing: new KeyedLock(), index, network, sender } as unknown as AgentContext;
  const place = async (change: Partial<Placing> = {}) =>
    await placeOnLedger(agent, {
      contract: 'registry',
      about: 'one',
      deadline: NOW,
      authenticate: () => void steps.push('authenticate'),
      known: () => (sent > 0 && (answer === 'taken' || placedByAnother) ? EARLIER : undefined),
      require: () => void steps.push('require'),
      data: () => '0x',
      admit: () => void steps.push('admit'),
      ...change,
    });
  return { place, steps };
}

describe('a request that one transaction carries', () => {
  it('is authenticated by what the index knows now, tried, then sent; a repeat gets its place and costs nothing', async () => {
    const { place, steps } = stage('taken');
    const both = await Promise.all([place(), place()]);
    assert.deepEqual(both, [PLACE, EARLIER]);
    const first = ['refresh', 'authenticate', 'require', 'dry run', 'admit', 'send', 'refresh'];
    assert.deepEqual(steps, [...first, 'refresh', 'authenticate']);
  });

  it('is not even tried if nobody signed it who may, if it is late or not in order, or if there is no contract for it', async () => {
    const refusal = new MedsealError('SIGNATURE_INVALID', {});
    const fails = (): never => {
      throw refusal;
    };
    const { place, steps } = stage('taken');
    await assert.rejects(place({ authenticate: fails }), refusal);
    await assert.rejects(place({ require: fails }), refusal);
    await assert.rejects(place({ deadline: NOW - 1 }), failsWith('REQUEST_LATE'));
    const absent = failsWith('CONTRACT_ABSENT', { contract: 'vital records' });
    await assert.rejects(place({ contract: 'vitalRecords' }), absent);
    assert.ok(!steps.includes('dry run') && !steps.includes('admit'), steps.join());
  });

  it('is not sent if its dry run is refused, and fails with the error that a node has for the reason, or with the reason', async () => {
    for (const [reason, code] of [
      ['PartyUnknown', 'PARTY_UNKNOWN'],
      ['SignatureInvalid', 'SIGNATURE_INVALID'],
      ['PartyIsSuspended', 'RULE_REFUSED'],
      // No block has shown it yet.
      ['DeadlinePassed', 'REQUEST_LATE'],
      [REASON, 'RULE_REFUSED'],
    ] as const) {
      const { place, steps } = stage({ dryRun: reason });
      await assert.rejects(place(), failsWith(code, code === 'RULE_REFUSED' ? { reason } : {}));
      assert.ok(!steps.includes('admit') && !steps.includes('send'), reason);
    }
  });

  it('is not sent once its party has spent its quota, which what a dry run refuses does not count in', async () => {
    const { place, steps } = stage('taken');
    const spent = new MedsealError('QUOTA_SPENT', { what: 'wills' });
    const admit = (): never => {
      throw spent;
    };
    await assert.rejects(place({ admit, known: () => undefined }), spent);
    assert.ok(steps.includes('dry run') && !steps.includes('send'));
  });

  it('is sent untried where only the block that takes it can tell whether its time has come', async () => {
    const { place, steps } = stage('taken');
    await place({ untried: true });
    assert.deepEqual(steps.slice(-3), ['untried', 'send', 'refresh']);
  });

  it('has its place also if another node carried it meanwhile, and the ledger or a dry run refuses it, or does not answer', async () => {
    for (const answer of ['refused', 'unreachable', { dryRun: REASON }] as const) {
      assert.deepEqual(await stage(answer, true).place(), EARLIER, JSON.stringify(answer));
    }
  });

  it('fails with the contract’s reason if the block refuses what a dry run did not, or as the ledger failed, if nobody carried it', async () => {
    const unexpected = failsWith('RULE_REFUSED', { reason: REASON });
    await assert.rejects(stage('refused').place(), unexpected);
    await assert.rejects(stage('unreachable').place(), failsWith('LEDGER_UNREACHABLE'));
  });
});
