import { addRecord } from '../../src/client/records/addRecord.ts';
import { grantRight } from '../../src/client/rights/grantRight.ts';
import { readPatientState } from '../../src/client/state/PatientState.ts';
import { confirmVital } from '../../src/client/care/vital/confirmVital.ts';
import { readLife } from '../../src/client/care/vital/readLife.ts';
import { registerBirth } from '../../src/client/care/vital/registerBirth.ts';
import { bytesToHex } from '../../src/crypto/bytes.ts';
import { seconds } from '../../src/protocol/Clock.ts';
import type { CareCast } from './Cast.ts';
import { certificateOf } from './certificateOf.ts';
import { commitWhereFresh } from './enrolWhereFresh.ts';
import { stepOf } from './stepOf.ts';
import type { StepRunner } from './StepRunner.ts';

const HOUR = 3600;
const PAPER = 'P1 birth';

/**
 * Plays a birth: a registrar writes the certificate to the child's chart and registers the birth, once, and nobody else
 * can; a doctor of another organisation confirms it. A child whose birth was registered in an earlier scenario is refused another.
 *
 * @param runner - Does and notes the steps.
 * @param cast - The parties at their devices, enrolled.
 * @throws UnexpectedOutcome at the first step that goes otherwise.
 */
export async function birthScenario(
  runner: StepRunner,
  { child, doctor, registrar }: CareCast,
): Promise<void> {
  await commitWhereFresh(runner, child);
  const { handle } = await readPatientState(child.party);
  const { clock, random, primitives, address } = registrar.party;
  const born = { what: 'birth', handle, author: address, at: seconds(clock) - HOUR } as const;
  const certificate = certificateOf(born, bytesToHex(random(16)));
  const birth = { handle, content: bytesToHex(primitives.sha256(certificate)) };

  if ((await readLife(registrar.party, handle)).birth.stage === 'none') {
    await runner.refused(
      stepOf('A doctor registers a birth', PAPER, doctor),
      ['RULE_REFUSED'],
      async () => await registerBirth(doctor.party, birth),
    );
    const { grant } = await runner.accepted(
      stepOf('The parents’ device lets a registrar add the certificate', PAPER, child),
      async () => {
        const given = await grantRight(child.party, {
          grantee: address,
          categories: ['vital-records'],
          actions: ['add'],
          purpose: 'PUBHLTH',
          until: seconds(child.party.clock) + HOUR,
        });
        return { value: given, txHash: given.placed.transaction };
      },
    );
    const { record } = await runner.accepted(
      stepOf('The registrar writes the birth certificate, sealed', PAPER, registrar),
      async () => {
        const terms = { category: 'vital-records', purpose: 'PUBHLTH', grant } as const;
        const added = await addRecord(registrar.party, { handle, ...terms, content: certificate });
        return { value: added, evidence: added.acknowledgement };
      },
    );
    const report = await runner.accepted(
      stepOf('The registrar reports the birth', PAPER, registrar),
      async () => {
        const placed = await registerBirth(registrar.party, { ...birth, record });
        return { value: placed.birth, txHash: placed.transaction, detail: 'it has no effect yet' };
      },
    );
    await runner.refused(
      stepOf('The registrar confirms what it reported itself', PAPER, registrar),
      ['RULE_REFUSED'],
      async () => await confirmVital(registrar.party, { birth: report }),
    );
    await runner.accepted(
      stepOf('A doctor of another organisation confirms it', PAPER, doctor),
      async () => {
        const { transaction, block } = await confirmVital(doctor.party, { birth: report });
        return { value: undefined, txHash: transaction, detail: `in block ${block}` };
      },
    );
  }
  await runner.refused(
    stepOf('Another birth is registered for the same child', PAPER, registrar),
    ['RULE_REFUSED'],
    async () => await registerBirth(registrar.party, birth),
  );
}
