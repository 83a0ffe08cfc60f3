import { readChart, rightFor } from '../../src/client/index.ts';
import { submitAllEvidence } from '../../src/client/agent/submit.ts';
import { bytesToHex } from '../../src/crypto/bytes.ts';
import { createNativePrimitives } from '../../src/native/nativePrimitives.ts';
import { seconds } from '../../src/protocol/Clock.ts';
import { digestOf } from '../../src/protocol/struct/signing.ts';
import { openDemoVisitor } from './demoVisitor.ts';

/** Views that are signed and judged together. */
const AT_ONCE = 500;

/**
 * Has a doctor of the demonstration view a patient's chart many times, as the SDK does, each with a signature of its own.
 *
 * @param url - Address of the node.
 * @param called - The patient's name.
 * @param count - Number of views.
 */
export async function seedViews(url: string, called: string, count: number): Promise<void> {
  const answer = await fetch(`${url}/hospital/portal/demo.json`);
  const people = (await answer.json()) as { called: string; handle?: `0x${string}` }[];
  const handle = people.find((each) => each.called === called)?.handle ?? '0x';
  const { party: doctor } = await openDemoVisitor(url, 'doctor');
  const right = await rightFor(doctor, { handle, action: 'read' });
  if (right === undefined) throw new Error('the doctor has no right');
  const { grant } = right;
  const { purpose } = grant.terms;
  const [seen] = (await readChart(doctor, { handle, grant, purpose })).records;
  if (seen === undefined) throw new Error('the chart is empty');
  // The curve in JavaScript would take longer than the nodes do.
  const party = { ...doctor, primitives: await createNativePrimitives() };
  for (let done = 0; done < count; done += AT_ONCE) {
    const views = Array.from({ length: Math.min(AT_ONCE, count - done) }, () => ({
      log: party.log,
      what: 'record' as const,
      handle,
      record: seen.record,
      version: seen.version,
      grant: digestOf(party, 'Grant', grant),
      purpose,
      deadline: seconds(party.clock) + 300,
      salt: bytesToHex(party.random(16)),
    }));
    const answers = await submitAllEvidence(party, 'View', views, { opening: grant });
    const refused = answers.find((each) => each instanceof Error);
    if (refused !== undefined) throw refused;
  }
}
