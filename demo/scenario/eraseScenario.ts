import { certifyErasure } from '../../src/client/audit/certifyErasure.ts';
import { eraseKeys } from '../../src/client/epochs/eraseKeys.ts';
import { addRecord } from '../../src/client/records/addRecord.ts';
import { fetchVersion } from '../../src/client/records/fetchVersion.ts';
import type { LoggedVersion } from '../../src/client/records/logVersion.ts';
import { readRecord } from '../../src/client/records/readRecord.ts';
import type { ChartRecord } from '../../src/client/records/viewChart.ts';
import { grantRight } from '../../src/client/rights/grantRight.ts';
import { readPatientState } from '../../src/client/state/PatientState.ts';
import { utf8ToBytes } from '../../src/crypto/bytes.ts';
import { collectBytes } from '../../src/crypto/sealing/collectBytes.ts';
import { openBytes } from '../../src/crypto/sealing/openBytes.ts';
import { MedsealError } from '../../src/errors/MedsealError.ts';
import { verifyErasure } from '../../src/protocol/evidence/verifyErasure.ts';
import { ZERO32 } from '../../src/protocol/ids.ts';
import { releaseKeyOf } from '../../src/protocol/release/releaseKeyOf.ts';
import { seconds } from '../../src/protocol/Clock.ts';
import type { CastMember, Cast } from './Cast.ts';
import { readAfter } from './readAfter.ts';
import { stepOf as step } from './stepOf.ts';
import type { StepRunner } from './StepRunner.ts';

/** A category that no other scenario writes to. */
const CATEGORY = 'plans';
const HOUR = 3600;
/** Of the form of a ticket, and of no answer. */
const NO_TICKET = '0'.repeat(32);

/**
 * Plays an erasure: a reader who kept packet, right and sealed file asks again, and gets nothing, whoever of the organisations is asked.
 *
 * @param runner - Does and notes the steps.
 * @param cast - The parties at their devices, on a chart that has an epoch.
 * @throws UnexpectedOutcome at the first step that goes otherwise.
 */
export async function eraseScenario(
  runner: StepRunner,
  { patient, specialist }: Cast,
): Promise<void> {
  const { handle } = await readPatientState(patient.party);
  const record = await runner.accepted(
    step('The patient adds a plan, and regrets it', 'beyond P2', patient),
    async () => {
      const added = await addPlan(patient);
      return { value: added, evidence: added.acknowledgement };
    },
  );
  const { chart, listed, file } = await runner.accepted(
    step(
      'The other doctor may read plans, and keeps packet and sealed file',
      'beyond P2',
      specialist,
    ),
    async () => {
      const { grant } = await grantRight(patient.party, {
        grantee: specialist.party.address,
        categories: [CATEGORY],
        actions: ['read'],
        purpose: 'TREAT',
        until: seconds(patient.party.clock) + HOUR,
      });
      const wanted = { handle, grant, purpose: 'TREAT' } as const;
      const seen = await readAfter(specialist.party, wanted, [record.acknowledgement]);
      const kept = listedAs(seen.records, record);
      const { sealed, acknowledgement } = await fetchVersion(specialist.party, seen, kept);
      const value = { chart: seen, listed: kept, file: await collectBytes(sealed.read()) };
      return { value, evidence: acknowledgement };
    },
  );
  const opener = chart.openerFor(listed);
  await runner.accepted(step('The patient erases all plans', 'beyond P2', patient), async () => {
    const epoch = await eraseKeys(patient.party, CATEGORY);
    return { value: undefined, detail: `up to epoch ${epoch}, entered for every organisation` };
  });
  await runner.refused(
    step(
      'The other doctor asks for the plan again, with the keys of before',
      'P2 denial',
      specialist,
    ),
    ['RECORD_ERASED'],
    async () => await readRecord(specialist.party, chart, listed),
  );
  const { network, log } = specialist.party;
  if (releaseKeyOf(network, log) !== undefined) {
    await runner.refused(
      step(
        'Nothing that the other doctor kept opens it without a release',
        'beyond P2',
        specialist,
      ),
      ['SEAL_UNREADABLE'],
      async () => await openBytes([opener], file),
    );
  }
  const certificate = await runner.accepted(
    step('Every organisation states that it destroyed the plans', 'beyond P2', patient),
    async () => {
      const made = await certifyErasure(patient.party, CATEGORY);
      const [open] = made.unstated;
      if (open !== undefined) throw new MedsealError(open.code, {} as never);
      const { destroyed, versions } = made.proven;
      const detail = `${destroyed.length} organisations, ${versions.length} record versions`;
      return { value: made.certificate, detail };
    },
  );
  await runner.refused(
    step('Somebody alters a date of the certificate', 'beyond P2', specialist),
    ['EVIDENCE_INVALID'],
    async () => {
      const statements = certificate.statements.map(({ erased, ...signed }) => {
        return { ...signed, erased: { ...erased, at: erased.at + 1, stated: erased.stated + 1 } };
      });
      verifyErasure(specialist.party, specialist.party.network, { ...certificate, statements });
      return await Promise.resolve();
    },
  );
  await runner.refused(
    step('The other doctor asks for it without an audit of the chart', 'beyond P2', specialist),
    ['RELEASE_UNKNOWN'],
    async () => {
      const { log: erasedIn, index } = certificate.receipt.acknowledgement;
      const asked = { ticket: NO_TICKET, request: ZERO32, organisation: specialist.organisation };
      await specialist.party.agent.erased({ ...asked, log: erasedIn, index });
    },
  );
  await runner.accepted(
    step('The patient adds another plan, which the other doctor reads', 'beyond P2', specialist),
    async () => {
      const added = await addPlan(patient);
      const { grant } = chart;
      const wanted = { handle, ...(grant && { grant }), purpose: 'TREAT' } as const;
      const seen = await readAfter(specialist.party, wanted, [added.acknowledgement]);
      const read = await readRecord(specialist.party, seen, listedAs(seen.records, added));
      return { value: undefined, evidence: read.acknowledgement };
    },
  );
}

async function addPlan({ party }: CastMember): Promise<LoggedVersion> {
  const { handle } = await readPatientState(party);
  const content = utf8ToBytes('a plan');
  return await addRecord(party, { handle, category: CATEGORY, content, purpose: 'PATRQT' });
}

function listedAs(
  records: readonly ChartRecord[],
  { record, version }: Pick<LoggedVersion, 'record' | 'version'>,
): ChartRecord {
  const found = records.find((each) => each.record === record && each.version === version);
  if (found === undefined) throw new MedsealError('NOT_FOUND', { what: 'record on the chart' });
  return found;
}
