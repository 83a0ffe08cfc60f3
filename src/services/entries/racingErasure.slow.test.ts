import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { eraseKeys } from '../../client/epochs/eraseKeys.ts';
import type { Party } from '../../client/party/Party.ts';
import { addRecord } from '../../client/records/addRecord.ts';
import type { LoggedVersion } from '../../client/records/logVersion.ts';
import { readChart } from '../../client/records/readChart.ts';
import { readRecord } from '../../client/records/readRecord.ts';
import { viewVersions } from '../../client/records/viewVersions.ts';
import { grantRight, type GrantGiven } from '../../client/rights/grantRight.ts';
import { bytesToUtf8, utf8ToBytes } from '../../crypto/bytes.ts';
import { isMedsealError } from '../../errors/isMedsealError.ts';
import {
  everything,
  ORGANISATIONS,
  startCare,
  startTestNetwork,
  type TestNetwork,
} from '../../node/test/testNetwork.ts';
import { fileOf, holding, LARGE } from '../test/erased.ts';

/** The erasure is in the hospital's log, and the writes are in the insurer's. */
const LOGS = ['hospital', 'insurer'] as const;

interface Race {
  readonly network: TestNetwork;
  readonly patient: Party;
  /** A doctor at each organisation. */
  readonly doctors: readonly (readonly [Party, GrantGiven])[];
}

async function onNetwork(test: (race: Race) => Promise<void>): Promise<void> {
  const network = await startTestNetwork({ cared: true, guarded: true });
  try {
    const { patient } = await startCare(network);
    const doctors: (readonly [Party, GrantGiven])[] = [];
    for (const organisation of ORGANISATIONS) {
      const doctor = await network.party('doctor', { organisation });
      doctors.push([doctor, await grantRight(patient, everything(doctor))]);
    }
    await test({ network, patient, doctors });
    assert.deepEqual(network.failures, []);
  } finally {
    await network.close();
  }
}

/** Has the insurer's doctor add a record. */
async function add({ doctors }: Race, text: string): Promise<LoggedVersion> {
  const [doctor, { grant }] = doctors.at(-1) ?? assert.fail();
  const version = { handle: grant.handle, category: 'imaging', purpose: 'TREAT' } as const;
  const content = utf8ToBytes(text.padEnd(LARGE));
  return await addRecord(doctor, { ...version, content, grant });
}

/** Has verdicts for the insurer's log wait until the test lets them go on; they are signed before. */
function holdVerdicts({ network }: Race): { readonly judged: Promise<void>; goOn(): void } {
  const [judged, gate] = [Promise.withResolvers<undefined>(), Promise.withResolvers<undefined>()];
  const others = ORGANISATIONS.filter((name) => name !== 'insurer');
  let count = 0;
  for (const name of others) {
    const { coordinator } = network.services(name);
    network.liars.coordinator.set(name, {
      ...coordinator,
      judge: async (asked) => {
        const judgement = await coordinator.judge(asked);
        if (asked.log !== 'care/insurer') return judgement;
        if (++count === others.length) judged.resolve(undefined);
        await gate.promise;
        return judgement;
      },
    });
  }
  return {
    judged: judged.promise,
    goOn() {
      network.liars.coordinator.clear();
      gate.resolve(undefined);
    },
  };
}

/** Views a record as each organisation’s doctor, for its text or the code of the refusal. */
async function seenBy({ doctors }: Race, { acknowledgement }: LoggedVersion): Promise<string[]> {
  const seen: string[] = [];
  for (const [doctor, { grant }] of doctors) {
    const wanted = { handle: grant.handle, grant, purpose: 'TREAT' } as const;
    const chart = await readChart(doctor, wanted);
    const record = chart.records.find((each) => {
      return each.acknowledgement.entry === acknowledgement.entry;
    });
    if (record === undefined) {
      seen.push('not there');
      continue;
    }
    // Also by one that asks whatever its chart says.
    const {
      views: [viewed],
    } = await viewVersions(doctor, wanted, [record]);
    if (isMedsealError(viewed, 'RECORD_ERASED')) {
      seen.push(viewed.code);
      continue;
    }
    seen.push(bytesToUtf8((await readRecord(doctor, chart, record)).content).trim());
  }
  return seen;
}

async function copied(network: TestNetwork, order: readonly string[]): Promise<void> {
  for (const name of order) await network.checkpoint(name);
}

const GONE = ORGANISATIONS.map(() => 'RECORD_ERASED');

describe('a write that races an erasure in another log', () => {
  for (const order of [LOGS, LOGS.toReversed()]) {
    // @attack a write of an erased epoch is in flight to another log while the patient erases | it is erased at every node, whichever log is copied first
    it(`is erased if it was judged before and entered after, and a later one stands (${order[0]}’s log is copied first)`, async () => {
      await onNetwork(async (race) => {
        const { network, patient } = race;
        const held = holdVerdicts(race);
        const adding = add(race, 'too late');
        await held.judged;
        await eraseKeys(patient, 'imaging');
        held.goOn();
        const raced = await adding;
        // No node has copied anything yet.
        for (const seen of await seenBy(race, raced)) assert.notEqual(seen, 'too late');
        await copied(network, order);
        const later = await add(race, 'of a later epoch');
        await copied(network, order);
        await requireAgreed(race, [raced], later);
      });
    });

    it(`is erased if it was entered before and its log is copied after, and a later one stands (${order[0]}’s log is copied first)`, async () => {
      await onNetwork(async (race) => {
        const { network, patient } = race;
        const before = await add(race, 'before');
        await eraseKeys(patient, 'imaging');
        for (const seen of await seenBy(race, before)) assert.notEqual(seen, 'before');
        const later = await add(race, 'of a later epoch');
        await copied(network, order);
        await copied(network, order);
        await requireAgreed(race, [before], later);
      });
    });
  }
});

/** All organisations hold and show the same, also after a start, and one that copies everything again. */
async function requireAgreed(
  race: Race,
  erased: readonly LoggedVersion[],
  later: LoggedVersion,
): Promise<void> {
  const { network } = race;
  const requireHeld = async (): Promise<void> => {
    for (const each of erased) assert.deepEqual(await holding(network, fileOf(each)), []);
    assert.deepEqual(await holding(network, fileOf(later)), ORGANISATIONS);
  };
  const requireSeen = async (): Promise<void> => {
    for (const each of erased) assert.deepEqual(await seenBy(race, each), GONE);
    const stands = ORGANISATIONS.map(() => 'of a later epoch');
    assert.deepEqual(await seenBy(race, later), stands);
  };
  await requireHeld();
  await requireSeen();
  for (const name of LOGS) await network.restart(name);
  await requireSeen();
  await network.loseAll('laboratory');
  await copied(network, LOGS);
  await requireHeld();
}
