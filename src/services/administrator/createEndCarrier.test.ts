import assert from 'node:assert/strict';
import { beforeEach, describe, it } from 'node:test';
import { MedsealError } from '../../errors/MedsealError.ts';
import type { LedgerPlace } from '../../protocol/evidence/evidence.ts';
import type { Bytes32 } from '../../protocol/ids.ts';
import type { Signed } from '../../protocol/struct/requests.ts';
import { sign } from '../../protocol/struct/signing.ts';
import { context, network as file, signatory, word } from '../../protocol/test/sampleNetwork.ts';
import { RecoveredSigners } from '../deposits/RecoveredSigners.ts';
import type { ServiceContext } from '../ServiceContext.ts';
import { createEndCarrier } from './createEndCarrier.ts';

const NOW = 1_000_000;
const HANDLE = word('handle');
const [patient, later] = [signatory('patient'), signatory('later key')];

let kept: Signed<'End'>[];
let sent: Bytes32[];
let answer: LedgerPlace | MedsealError;
let index: Record<string, unknown>;
let carry: () => Promise<void>;

beforeEach(() => {
  [kept, sent] = [[], []];
  answer = { transaction: word('transaction'), block: 7 };
  index = {
    age: 5,
    blockTime: NOW,
    refresh: async () => await Promise.resolve(),
    takesEnds: async () => await Promise.resolve(true),
    grantOnLedger: () => ({ state: 'active' }),
    party: () => ({ suspended: false }),
    patient: () => ({ controller: patient.address }),
    signersOf: () => [patient.address],
  };
  const network = { ...file, ledger: { ...file.ledger, chain: 'a chain', maxAge: 180 } };
  const services = { ...context, network, index, recovered: new RecoveredSigners() };
  carry = createEndCarrier(services as unknown as ServiceContext, {
    deposits: { endings: async () => await Promise.resolve(kept) },
    administrator: {
      carry: async (_, requests) => {
        const ends = requests as unknown as readonly Signed<'End'>[];
        sent.push(...ends.map(({ message }) => message.grant));
        return await Promise.resolve(ends.map(() => answer));
      },
    },
  });
});

function keep(name: string, deadline = NOW + 1, key = patient): void {
  const message = { handle: HANDLE, grant: word(name), deadline };
  kept.push(sign(context, { ...key, address: patient.address }, 'End', message));
}

describe('ends of rights that wait for the ledger', () => {
  it('are sent to it, 256 at once at most', async () => {
    for (let number = 0; number < 300; number++) keep(String(number));
    await carry();
    assert.equal(sent.length, 256);
  });

  it('are not sent while it stands still, for they would only wait there', async () => {
    keep('one');
    index['age'] = 181;
    await carry();
    assert.deepEqual(sent, []);
    index['age'] = 180;
    await carry();
    assert.deepEqual(sent, [word('one')]);
  });

  it('are not sent where the contract does not take them, or once it would not any more', async () => {
    keep('late', NOW);
    keep('one');
    index['takesEnds'] = async (): Promise<boolean> => await Promise.resolve(false);
    let examined = 0;
    index['signersOf'] = (): unknown => [patient.address].slice(0, ++examined);
    await carry();
    assert.deepEqual(
      [sent, examined],
      [[], 0],
      'they wait there for good, so none costs a signature each time',
    );
    index['takesEnds'] = async (): Promise<boolean> => await Promise.resolve(true);
    await carry();
    assert.deepEqual(sent, [word('one')]);
  });

  it('are not sent while the contract would refuse them: their patient is suspended, or has another key', async () => {
    keep('one');
    keep('other', NOW + 1, later);
    index['party'] = (): unknown => ({ suspended: true });
    await carry();
    assert.deepEqual(sent, []);
    index['party'] = (): unknown => ({ suspended: false });
    await carry();
    assert.deepEqual(sent, [word('one')]);
  });

  it('are sent again an hour after the ledger refused them, not each time', async () => {
    keep('one', NOW + 9000);
    answer = new MedsealError('RULE_REFUSED', { reason: 'HandleUnknown' });
    await carry();
    index['blockTime'] = NOW + 3599;
    await carry();
    assert.equal(sent.length, 1);
    index['blockTime'] = NOW + 3600;
    await carry();
    assert.equal(sent.length, 2);
  });
});
