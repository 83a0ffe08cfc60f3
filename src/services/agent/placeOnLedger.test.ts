import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { encodeEventTopics, toFunctionSelector } from 'viem/utils';
import { registryAbi } from '../../bindings/generated/registryAbi.ts';
import { KeyedLock } from '../../database/KeyedLock.ts';
import { MedsealError } from '../../errors/MedsealError.ts';
import { failsWith } from '../../protocol/test/failsWith.ts';
import type { AgentContext } from './AgentContext.ts';
import { placeOnLedger } from './placeOnLedger.ts';

const TO = `0x${'0a'.repeat(20)}` as const;
const CALL = { to: TO, data: '0x' } as const;
const PLACE = { transaction: `0x${'01'.repeat(32)}`, block: 7 } as const;
const EARLIER = { transaction: `0x${'02'.repeat(32)}`, block: 6 } as const;
const REASON = 'ChangeUnexpected';
const REFUSED = {
  address: TO,
  topics: encodeEventTopics({ abi: registryAbi, eventName: 'Refused', args: { index: 0n } }),
  data: toFunctionSelector(`${REASON}()`).padEnd(66, '0'),
  blockNumber: '0x7',
  transactionHash: PLACE.transaction,
  logIndex: '0x0',
};

/** Whom the ledger answers, and what the index knows before and after a transaction. */
function stage(answer: 'taken' | 'refused' | 'unreachable', placedByAnother = false) {
  const steps: string[] = [];
  let sent = 0;
  const sender = {
    send: async () => {
      steps.push('send');
      sent += 1;
      await Promise.resolve();
      if (answer === 'unreachable') throw new MedsealError('LEDGER_UNREACHABLE', {});
      return { ...PLACE, logs: answer === 'refused' ? [REFUSED] : [] };
    },
  };
  const index = { refresh: async () => await Promise.resolve(void steps.push('refresh')) };
  const agent = { changing: new KeyedLock(), index, sender } as unknown as AgentContext;
  const place = async () =>
    await placeOnLedger(agent, {
      about: 'one',
      authenticate: () => void steps.push('authenticate'),
      known: () => (sent > 0 && (answer === 'taken' || placedByAnother) ? EARLIER : undefined),
      call: () => CALL,
    });
  return { place, steps, agent };
}

describe('a request that one transaction carries', () => {
  it('is authenticated by what the index knows now, then sent; a repeat gets its place and costs nothing', async () => {
    const { place, steps } = stage('taken');
    const both = await Promise.all([place(), place()]);
    assert.deepEqual(both, [PLACE, EARLIER]);
    const first = ['refresh', 'authenticate', 'send', 'refresh'];
    assert.deepEqual(steps, [...first, 'refresh', 'authenticate']);
  });

  it('is not sent if nobody signed it who may, or the contract would refuse it', async () => {
    const { agent, steps } = stage('taken');
    const refusal = new MedsealError('SIGNATURE_INVALID', {});
    const fails = (): never => {
      throw refusal;
    };
    const whole = { about: 'one', known: () => undefined, call: () => CALL };
    await assert.rejects(placeOnLedger(agent, { ...whole, authenticate: fails }), refusal);
    await assert.rejects(placeOnLedger(agent, { ...whole, call: fails }), refusal);
    assert.deepEqual(steps, ['refresh', 'refresh']);
  });

  it('has its place also if another node carried it meanwhile, and the ledger refuses it or does not answer', async () => {
    for (const answer of ['refused', 'unreachable'] as const) {
      assert.deepEqual(await stage(answer, true).place(), EARLIER, answer);
    }
  });

  it('fails with the contract’s reason, or as the ledger failed, if nobody carried it', async () => {
    const unexpected = failsWith('RULE_REFUSED', { reason: REASON });
    await assert.rejects(stage('refused').place(), unexpected);
    await assert.rejects(stage('unreachable').place(), failsWith('LEDGER_UNREACHABLE'));
  });
});
