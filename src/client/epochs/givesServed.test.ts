import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { simulatedCipher } from '../../../proof/simulation/simulatedCipher.ts';
import { ageIdentity } from '../../crypto/keys/ageIdentity.ts';
import { PartyKeys } from '../../crypto/keys/PartyKeys.ts';
import { MedsealError } from '../../errors/MedsealError.ts';
import type { AgentPort } from '../../protocol/AgentPort.ts';
import type { PatientFacts } from '../../protocol/evidence/facts.ts';
import type { Keyring, ProvenSheet } from '../../protocol/rights/epochs.ts';
import { SPAN_KEYS, type SpanKey } from '../../protocol/rights/epochs.ts';
import { network, primitives, word } from '../../protocol/test/sampleNetwork.ts';
import { CATEGORIES } from '../../protocol/vocabulary.ts';
import type { Party } from '../party/Party.ts';
import { keysOfSpan } from '../test/keysOfSpan.ts';
import { closeSpan } from './closeSpan.ts';
import { epochIdentity } from './epochIdentity.ts';
import { epochSheets } from './epochSheets.ts';
import { givesServed } from './givesServed.ts';

const handle = word('patient');
const seed = new Uint8Array(32).fill(1);
const [FIRST, COUNT] = [126, 6] as const;

/** A patient on a device that asks this agent, with a cipher that counts the key pairs that it makes. */
function patientAt(sheet: AgentPort['sheet']): {
  readonly party: Party;
  readonly made: () => number;
} {
  let made = 0;
  const kem = simulatedCipher.kem ?? assert.fail();
  const counting = {
    ...kem,
    publicKey: (of: Uint8Array) => {
      made += 1;
      return kem.publicKey(of);
    },
  };
  const party = {
    keys: new PartyKeys(seed),
    primitives,
    cipher: { ...simulatedCipher, kem: counting },
    network,
    log: 'care/hospital',
    agent: { sheet },
  } as unknown as Party;
  return { party, made: () => made };
}

const KEYRING: Keyring = {
  format: 'medseal-keyring/2',
  handle,
  prepared: FIRST + COUNT - 1,
  keys: { 128: keysOfSpan(10), 256: keysOfSpan(50) },
};

interface Committed {
  readonly patient: PatientFacts;
  readonly sheets: readonly ProvenSheet[];
}

/** The commitment to a keyring's epochs, as the ledger and nodes have it. */
async function commitmentTo(
  keyring: Keyring,
  guarded: boolean,
  [first, count]: readonly [number, number] = [FIRST, COUNT],
): Promise<Committed> {
  const { party } = patientAt(away);
  const { root, sheets } = await epochSheets(party, keyring, { first, count, guarded });
  const controller = '0x11';
  const patient = { handle, controller, epoch: first, first, count, root };
  return { patient: patient as PatientFacts, sheets };
}

async function away(): Promise<never> {
  return await Promise.reject(new MedsealError('NOT_FOUND', { what: 'sheet' }));
}

async function malformed(): Promise<ProvenSheet> {
  return await Promise.resolve({} as ProvenSheet);
}

function serving({ sheets, patient }: Committed): AgentPort['sheet'] {
  return async ({ epoch }) => await Promise.resolve(sheets[epoch - patient.first] ?? assert.fail());
}

const without = (end: 128 | 256, key: SpanKey): Keyring => {
  const { [key]: _gone, ...kept } = KEYRING.keys[end] ?? {};
  return { ...KEYRING, keys: { ...KEYRING.keys, [end]: kept } };
};
const withOther = (end: 128 | 256, key: SpanKey): Keyring => {
  const other = { [key]: ageIdentity(new Uint8Array(32)) };
  return { ...KEYRING, keys: { ...KEYRING.keys, [end]: { ...KEYRING.keys[end], ...other } } };
};

/** A keyring whose span of before has ended at an epoch of the commitment, with other keys behind it. */
function ended(): Keyring {
  const at = FIRST + 3;
  const closed = Object.fromEntries(SPAN_KEYS.map((key) => [key, epochIdentity(KEYRING, at, key)]));
  return {
    ...KEYRING,
    keys: { ...KEYRING.keys, [at]: closed, 256: keysOfSpan(90) },
  };
}

describe('a keyring and the sheets that nodes serve', () => {
  for (const guarded of [true, false]) {
    const how = guarded ? 'with' : 'without';
    it(`agree ${how} recipients of the patient’s own, at the key pairs of one epoch for each span`, async () => {
      const committed = await commitmentTo(KEYRING, guarded);
      const { party, made } = patientAt(serving(committed));
      assert.equal(await givesServed(party, KEYRING, committed.patient), true);
      assert.equal(made(), (guarded ? 4 : 2) * CATEGORIES.length);
      const closed = closeSpan(KEYRING);
      assert.equal(await givesServed(party, closed, committed.patient), true);
    });
  }

  it('disagree if a key of any category is another, or was erased, in either span', async () => {
    const committed = await commitmentTo(KEYRING, true);
    const { party } = patientAt(serving(committed));
    for (const [place, key] of SPAN_KEYS.entries()) {
      const [one, other] = place % 2 === 0 ? ([128, 256] as const) : ([256, 128] as const);
      for (const keyring of [without(one, key), withOther(other, key)]) {
        assert.equal(await givesServed(party, keyring, committed.patient), false, key);
      }
    }
  });

  it('disagree if the keyring is older than an end of its span, or prepared fewer epochs', async () => {
    const newer = await commitmentTo(ended(), true);
    const { party } = patientAt(serving(newer));
    assert.equal(await givesServed(party, ended(), newer.patient), true);
    assert.equal(await givesServed(party, KEYRING, newer.patient), false);
    const committed = await commitmentTo(KEYRING, true);
    const fewer = { ...KEYRING, prepared: FIRST + COUNT - 2 };
    const { party: other } = patientAt(serving(committed));
    assert.equal(await givesServed(other, fewer, committed.patient), false);
  });

  it('disagree if it gives the present commitment alone and not the next one, or that one alone', async () => {
    const ofOther = withOther(128, 'vitals');
    const [present, next] = [[120, 4] as const, [122, 5] as const];
    for (const [first, then, expected] of [
      [KEYRING, KEYRING, true],
      [KEYRING, ofOther, false],
      [ofOther, KEYRING, false],
    ] as const) {
      const now = await commitmentTo(first, true, present);
      const later = await commitmentTo(then, true, next);
      const facts = { ...now.patient, epoch: 121, next: later.patient };
      const { party, made } = patientAt(async (query) => {
        return await serving(query.epoch < next[0] ? now : later)(query);
      });
      assert.equal(await givesServed(party, KEYRING, facts), expected);
      if (expected) assert.equal(made(), 4 * CATEGORIES.length);
    }
  });

  it('agree before the first commitment, without a question', async () => {
    const { patient } = await commitmentTo(KEYRING, true);
    const { party, made } = patientAt(away);
    const none = { ...patient, epoch: 0, first: 0, count: 0 };
    assert.equal(await givesServed(party, KEYRING, none), true);
    assert.equal(made(), 0);
  });

  it('say nothing if a node serves no sheet, or one that the patient did not commit to', async () => {
    const committed = await commitmentTo(KEYRING, true);
    const foreign = await commitmentTo(withOther(256, 'vitals'), true);
    const turned = { ...committed, sheets: committed.sheets.toReversed() };
    for (const sheet of [away, malformed, serving(foreign), serving(turned)]) {
      const { party } = patientAt(sheet);
      assert.equal(await givesServed(party, KEYRING, committed.patient), false);
      assert.equal(await givesServed(party, withOther(256, 'vitals'), committed.patient), false);
    }
  });
});
