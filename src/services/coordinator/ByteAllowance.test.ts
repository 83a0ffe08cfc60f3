import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { ROLES } from '../../protocol/vocabulary.ts';
import { signatory, word } from '../../protocol/test/sampleNetwork.ts';
import { ByteAllowance, SHARES, type WantedBytes } from './ByteAllowance.ts';

const NOON = 1_800_014_400;
const UNIT = 2 ** 20;
const [chart, second] = [word('chart'), word('second')];
const party = signatory('author').address;

let files = 0;
function file(wanted: Partial<WantedBytes> = {}): WantedBytes {
  files += 1;
  const name = word(`file ${files}`);
  return { party, role: 'patient', handle: chart, bytes: UNIT / 4, file: name, ...wanted };
}

/** Returns how many bytes are taken of as many files as anybody sends. */
async function taken(
  allowance: ByteAllowance,
  wanted: Partial<WantedBytes>,
  at = NOON,
): Promise<number> {
  let bytes = 0;
  for (let count = 0; count < 10_000 && (await allowance.take(file(wanted), at)); count++)
    bytes += UNIT / 4;
  return bytes;
}

describe('bytes in a day', () => {
  for (const role of [...ROLES, undefined]) {
    // @class a party of any role | adds bytes without a limit, on one chart or on many
    it(`are bounded on a chart and on all charts for a party whose role is ${role}`, async () => {
      const share = UNIT * (['doctor', 'nurse', 'lab'].includes(role ?? '') ? SHARES.treating : 1);
      const allowance = new ByteAllowance(() => UNIT);
      assert.equal(await taken(allowance, { role }), share);
      assert.equal(await taken(allowance, { role, handle: second }), share);
      let all = 2 * share;
      for (let place = 0; place < 100; place++)
        all += await taken(allowance, { role, handle: word(`chart ${place}`) });
      assert.equal(all, share * SHARES.charts);
      const { handle: _handle, ...unknown } = file({ role });
      assert.ok(!(await allowance.take(unknown, NOON)), 'nor where the chart is not known yet');
    });
  }

  // @actor many parties with a right on one chart | add as much together, so that the patient can add nothing
  it('are bounded for all others together, who take nothing from the patient', async () => {
    const allowance = new ByteAllowance(() => UNIT);
    let all = 0;
    for (let place = 0; place < 10; place++)
      all += await taken(allowance, {
        role: 'doctor',
        party: signatory(`doctor ${place}`).address,
      });
    assert.equal(all, UNIT * SHARES.together);
    assert.equal(
      await taken(allowance, { party: signatory('patient').address, isPatient: true }),
      UNIT,
    );
  });

  it('count a small file for what is kept besides, one that comes again once, and begin again the next day', async () => {
    const allowance = new ByteAllowance(() => UNIT);
    for (let again = 0; again < 100; again++)
      assert.ok(await allowance.take(file({ file: word('same'), bytes: UNIT / 2 }), NOON));
    for (let count = 0; count < 8; count++)
      assert.ok(await allowance.take(file({ bytes: 1 }), NOON));
    assert.ok(!(await allowance.take(file({ bytes: 1 }), NOON)));
    assert.ok(
      !(await allowance.take(file({ bytes: 1 }), NOON - 24 * 3600)),
      'a moment of the day before',
    );
    assert.ok(await allowance.take(file({ bytes: 1 }), NOON + 24 * 3600));
    assert.ok(
      !(await allowance.take(file({ bytes: UNIT }), NOON + 24 * 3600)),
      'one that is too large',
    );
  });

  it('go on from what was added before a restart, once, also if it could not be read at first', async () => {
    const before = [1, 2].map((place) => ({
      ...file({ bytes: UNIT / 2 }),
      handle: chart,
      isPatient: true,
      file: word(`before ${place}`),
    }));
    let asked = 0;
    const allowance = new ByteAllowance(
      () => UNIT,
      async function* added(since) {
        assert.equal(since, NOON - (NOON % (24 * 3600)));
        asked += 1;
        if (asked === 1) throw new Error('the log is busy');
        yield await Promise.resolve(before);
      },
    );
    const more = { isPatient: true, bytes: 1 };
    await assert.rejects(allowance.take(file(more), NOON), /busy/);
    assert.ok(!(await allowance.take(file(more), NOON)));
    assert.ok(await allowance.take({ ...file(more), ...before[0] }, NOON), 'the same again');
    assert.ok(await allowance.take(file({ ...more, handle: second }), NOON));
    assert.ok(await allowance.take(file(more), NOON + 24 * 3600), 'the next day');
    assert.equal(asked, 2);
  });

  // @actor parties that add a million records in a day, until a node starts again | have every write wait at it for minutes, while it verifies all of the day to count bytes
  it('wait after a restart for the newest files of the day alone, and go on counting the others', async () => {
    const rest = Promise.withResolvers<undefined>();
    const counted = Promise.withResolvers<undefined>();
    const allowance = new ByteAllowance(
      () => UNIT,
      async function* added() {
        for (let page = 0; page < 64; page++) yield [];
        await rest.promise;
        yield [{ ...file({ bytes: UNIT }), handle: chart }];
        counted.resolve(undefined);
      },
    );
    const more = { bytes: 1 };
    assert.ok(await allowance.take(file(more), NOON));
    rest.resolve(undefined);
    await counted.promise;
    assert.ok(!(await allowance.take(file(more), NOON)));
    assert.ok(await allowance.take(file(more), NOON + 24 * 3600), 'the next day');
  });

  it('go on being taken when what was added before cannot be read any more', async () => {
    const allowance = new ByteAllowance(
      () => UNIT,
      async function* added() {
        for (let page = 0; page < 65; page++) yield await Promise.resolve([]);
        throw new Error('the log is closed');
      },
    );
    assert.ok(await allowance.take(file({ bytes: 1 }), NOON));
    assert.ok(await allowance.take(file({ bytes: 1 }), NOON));
  });
});
