import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { ZERO32, type Bytes32, type Hex } from '../protocol/ids.ts';
import { organisationId } from '../protocol/network/networkLookups.ts';
import { roleNumber } from '../protocol/network/roleNumber.ts';
import { digestOf, sign } from '../protocol/struct/signing.ts';
import type { Death } from '../protocol/care/vitalRecords.ts';
import { encodeBatch } from './encodeBatch.ts';
import { encodeRequests } from './encodeRequests.ts';
import { registryAbi } from './generated/registryAbi.ts';
import { actor, enrolmentOf, FAR, startTestNetwork, type TestNetwork } from './test/testNetwork.ts';

const word = (digit: string): Bytes32 => `0x${digit.repeat(64)}`;
const salt: Hex = `0x${'5a'.repeat(16)}`;
const registrar = actor(701);

function deathOf(net: TestNetwork, step: number): Death {
  const terms = { record: word('1'), content: word('2'), at: 1_700_000_000, salt };
  return { terms, reporter: net.doctor.address, handle: net.handle, step, deadline: FAR };
}

describe('births, deaths and wills, through their bindings', () => {
  let net: TestNetwork;
  before(async () => {
    net = await startTestNetwork();
    const enrolment = {
      ...enrolmentOf(registrar, roleNumber('registrar'), ZERO32),
      organisation: organisationId('laboratory'),
    };
    const signed = net.countersign(net.authority, 'Enrolment', enrolment);
    const { events } = await net.send('registry', encodeBatch(registryAbi, 'enrol', [signed]));
    assert.partialDeepStrictEqual(events, [{ kind: 'Enrolled', role: 13 }]);
  });
  after(async () => {
    await net[Symbol.asyncDispose]();
  });

  const send = async (data: Hex): Promise<readonly unknown[]> =>
    (await net.send('vitalRecords', data)).events;

  it('the contract knows each by the digest that is signed here, from birth to a death that is undone', async () => {
    const { context, handle, doctor, patient } = net;
    const { primitives } = context;
    const birth = {
      terms: { record: word('1'), content: word('2'), link: ZERO32, salt },
      reporter: registrar.address,
      handle,
      step: 1,
      deadline: FAR,
    };
    const born = await send(
      encodeRequests(primitives, 'Birth', [sign(context, registrar, 'Birth', birth)]),
    );
    const known = { report: digestOf(context, 'Birth', birth), reporter: registrar.address };
    assert.partialDeepStrictEqual(born, [
      { kind: 'VitalReported', what: 'birth', handle, step: 1, ...known },
    ]);

    const will = {
      terms: { grants: [word('3'), word('4')], lasts: 86_400, salt },
      handle,
      number: 1,
      deadline: FAR,
    };
    const set = await send(
      encodeRequests(primitives, 'Will', [sign(context, patient, 'Will', will)]),
    );
    const willed = digestOf(context, 'Will', will);
    assert.partialDeepStrictEqual(set, [{ kind: 'WillSet', handle, will: willed, number: 1 }]);

    const message = deathOf(net, 1);
    const of = { handle, what: 'death', report: digestOf(context, 'Death', message) } as const;
    const told = await send(
      encodeRequests(primitives, 'Death', [sign(context, doctor, 'Death', message)]),
    );
    const by = { reporter: doctor.address, step: 1 };
    assert.partialDeepStrictEqual(told, [{ kind: 'VitalReported', ...of, ...by }]);

    const confirmer = registrar.address;
    const confirmation = { ...of, step: 2, confirmer, deadline: FAR };
    const confirmed = await send(
      encodeRequests(primitives, 'ConfirmVital', [
        sign(context, registrar, 'ConfirmVital', confirmation),
      ]),
    );
    assert.partialDeepStrictEqual(confirmed, [
      { kind: 'VitalConfirmed', ...of, confirmer, step: 2 },
    ]);

    const undoing = {
      terms: { content: word('5'), reason: 'she came to collect her passport', salt },
      ...of,
      step: 3,
      first: doctor.address,
      second: confirmer,
      deadline: FAR,
    };
    const cosignature = sign(context, registrar, 'UndoVital', undoing).signature;
    const first = { ...sign(context, doctor, 'UndoVital', undoing), cosignature };
    const undone = await send(encodeRequests(primitives, 'UndoVital', [first]));
    assert.partialDeepStrictEqual(undone, [
      {
        kind: 'VitalUndone',
        ...of,
        step: 3,
        undoing: digestOf(context, 'UndoVital', undoing),
      },
    ]);

    const again = deathOf(net, 4);
    await send(encodeRequests(primitives, 'Death', [sign(context, doctor, 'Death', again)]));
    const reported = digestOf(context, 'Death', again);
    const objection = { ...of, step: 5, report: reported, deadline: FAR };
    const objected = await send(
      encodeRequests(primitives, 'ObjectToVital', [
        sign(context, patient, 'ObjectToVital', objection),
      ]),
    );
    assert.partialDeepStrictEqual(objected, [
      { kind: 'VitalUndone', undoing: digestOf(context, 'ObjectToVital', objection) },
    ]);
  });

  it('says in the words of the contract why a report is refused', async () => {
    const { context, doctor, patient } = net;
    const asPatient = { ...deathOf(net, 6), reporter: patient.address };
    const elsewhere = { ...deathOf(net, 6), handle: word('9') };
    const requests = [
      sign(context, patient, 'Death', asPatient),
      sign(context, patient, 'Death', deathOf(net, 6)),
      sign(context, doctor, 'Death', elsewhere),
      sign(context, doctor, 'Death', deathOf(net, 9)),
    ];
    const events = await send(encodeRequests(context.primitives, 'Death', requests));
    assert.partialDeepStrictEqual(
      events,
      ['RoleUnfit', 'SignatureInvalid', 'HandleUnknown', 'StepUnexpected'].map((error, index) => {
        return { kind: 'Refused', index, error };
      }),
    );
  });
});
