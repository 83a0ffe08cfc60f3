import assert from 'node:assert/strict';
import { beforeEach, describe, it } from 'node:test';
import { MedsealError } from '../../errors/MedsealError.ts';
import type { Outgoing, Sender } from '../../ledger/openSender.ts';
import type { Address } from '../../protocol/ids.ts';
import { network as file, signatory } from '../../protocol/test/sampleNetwork.ts';
import type { ServiceContext } from '../ServiceContext.ts';
import { createRecoveryFinisher } from './createRecoveryFinisher.ts';

const READY = 1_000_000;
const [doctor, pharmacist] = [signatory('doctor').address, signatory('pharmacist').address];

let moment: number;
let age: number;
let under: Map<Address, number>;
let sent: Outgoing[];
let answer: (party: Address) => unknown;
let finish: () => Promise<void>;

beforeEach(() => {
  [moment, age, sent] = [READY, 5, []];
  under = new Map([[doctor, READY]]);
  answer = (party) => under.delete(party);
  const index = {
    get moment() {
      return moment;
    },
    get age() {
      return age;
    },
    dueRecoveries: (at: number) =>
      [...under].flatMap(([party, readyAt]) => (readyAt <= at ? [party] : [])),
    refresh: async () => await Promise.resolve(),
  };
  const network = { ...file, ledger: { ...file.ledger, chain: 'a chain', maxAge: 180 } };
  const sender = {
    send: async (outgoing: Outgoing) => {
      sent.push(outgoing);
      const party = [doctor, pharmacist].find((each) => outgoing.data.includes(each.slice(2)));
      const refused = answer(party ?? assert.fail());
      if (refused instanceof MedsealError) throw refused;
      return await Promise.resolve({} as Awaited<ReturnType<Sender['send']>>);
    },
  };
  finish = createRecoveryFinisher({ index, network } as unknown as ServiceContext, sender);
});

function refusing(reason: string): () => MedsealError {
  return () => new MedsealError('RULE_REFUSED', { reason });
}

describe('the recoveries that a node finishes', () => {
  it('are those whose delay is over, each once and after a dry run, and none a second early', async () => {
    under.set(pharmacist, READY + 1);
    moment = READY - 1;
    await finish();
    assert.equal(sent.length, 0);
    moment = READY;
    await finish();
    await finish();
    assert.equal(sent.length, 1);
    assert.ok(sent[0]?.dryRun !== undefined);
    moment = READY + 1;
    await finish();
    assert.equal(sent.length, 2);
  });

  it('wait while the ledger stands still', async () => {
    age = 181;
    await finish();
    assert.equal(sent.length, 0);
    age = 180;
    await finish();
    assert.equal(sent.length, 1);
  });

  it('are tried again if another node was the first, or the block’s time is behind', async () => {
    for (const reason of ['ChangeUnknown', 'ChangeEarly']) {
      answer = refusing(reason);
      await finish();
    }
    assert.equal(sent.length, 2);
    answer = (party) => under.delete(party);
    await finish();
    assert.equal(under.size, 0);
  });

  it('do not hold each other up, and one whose key was taken is tried once an hour', async () => {
    under.set(pharmacist, READY);
    answer = (party) => (party === doctor ? refusing('AddressTaken')() : under.delete(party));
    await finish();
    assert.deepEqual([...under.keys()], [doctor]);
    const before = sent.length;
    moment = READY + 3599;
    await finish();
    assert.equal(sent.length, before);
    moment = READY + 3600;
    await finish();
    assert.equal(sent.length, before + 1);
  });

  it('fail with the ledger, and are tried the next time', async () => {
    answer = () => new MedsealError('LEDGER_UNREACHABLE', {});
    await assert.rejects(finish(), { code: 'LEDGER_UNREACHABLE' });
    answer = (party) => under.delete(party);
    await finish();
    assert.equal(under.size, 0);
  });
});
