/**
 * A claim of ten records, from its submission to its payment: the patient signs it, every organisation checks and keeps
 * it, k coordinators vouch, a checkpoint is made, the insurer reads all of it and approves. Three organisations in one process, the
 * embedded ledger in memory; the time is of the whole machine's processors.
 *
 * `node bench/claimFlow.bench.ts [--claims N] [--json]`; 5 unless given, after one that is not counted.
 */
import { parseArgs } from 'node:util';
import { checkInbox } from '../src/client/care/inbox/checkInbox.ts';
import { signBill } from '../src/client/care/claims/bills.ts';
import { decideClaim } from '../src/client/care/claims/decideClaim.ts';
import { submitClaim } from '../src/client/care/claims/submitClaim.ts';
import type { NewClaim } from '../src/client/care/claims/prepareClaim.ts';
import type { RecordId } from '../src/protocol/ids.ts';
import { startClaimCase } from '../src/services/care/claims/test/claimCase.ts';

const { values } = parseArgs({
  options: { claims: { type: 'string', default: '5' }, json: { type: 'boolean' } },
});
/** Records beside the bill and the policy. */
const RECORDS = 8;

const at = await startClaimCase();
const { patient, handle, right } = at.care;
const billed = { handle, total: 8_000, grant: right.grant } as const;
await at.issue(at.insurer.address, 1_000_000);

async function treated(): Promise<NewClaim> {
  const visit = await at.write('encounters');
  const coverage = await at.write('coverage');
  const others: RecordId[] = [];
  for (let i = 1; i < RECORDS; i++) others.push((await at.write('encounters')).record);
  return {
    handle,
    insurer: at.insurer.address,
    coverage: coverage.record,
    treatment: visit.record,
    records: others,
    bill: await signBill(at.care.doctor, { ...billed, treatment: visit.record }),
    lines: [{ service: 'Consultation', units: billed.total }],
    currency: 'EUR',
  };
}

/** Milliseconds of processors and of the clock that a claim takes. */
async function measure(): Promise<{ readonly processor: number; readonly clock: number }> {
  const wanted = await treated();
  const [cpu, clock] = [process.cpuUsage(), performance.now()];
  const { digest } = await submitClaim(patient, wanted);
  await at.network.checkpoint();
  await checkInbox(at.insurer);
  const { facts } = await decideClaim(at.insurer, digest, {
    outcome: 'approve',
    reason: 'covered',
  });
  if (facts.state !== 'approved' || facts.approved !== 8_000) throw new Error('it was not paid');
  const { user, system } = process.cpuUsage(cpu);
  return { processor: (user + system) / 1000, clock: performance.now() - clock };
}

await measure();
const all = [];
for (let i = 0; i < Number(values.claims); i++) all.push(await measure());
await at.network.close();
const middle = (numbers: readonly number[]): number =>
  Math.round(numbers.toSorted((a, b) => a - b)[Math.floor(numbers.length / 2)] ?? 0);
const result = {
  claims: all.length,
  processorMs: middle(all.map(({ processor }) => processor)),
  clockMs: middle(all.map(({ clock }) => clock)),
};
if (values.json) console.log(JSON.stringify(result));
else console.dir(result);
