import type { Validator } from '../../src/fhir/Validator.ts';
import { birthScenario } from './birthScenario.ts';
import type { CareCast } from './Cast.ts';
import { correctionScenario } from './correctionScenario.ts';
import { deathScenario } from './deathScenario.ts';
import { claimScenario, type IssuerSeat } from './claimScenario.ts';
import { commitWhereFresh, enrolWhereFresh } from './enrolWhereFresh.ts';
import { moveScenario } from './moveScenario.ts';
import { orderScenario } from './orderScenario.ts';
import { prescriptionScenario } from './prescriptionScenario.ts';
import { rulesScenario } from './rulesScenario.ts';
import type { StepRunner } from './StepRunner.ts';
import { visitScenario } from './visitScenario.ts';

/**
 * Plays care from a visit to a death: standing rules, a prescription, an order, a move, a claim, a birth, each with what must be refused. Whatever
 * it changes for good is one visit more on the patient's chart.
 *
 * @param runner - Does and notes the steps.
 * @param cast - The parties at their devices; those who are new are enrolled first.
 * @param bundle - The FHIR R4 bundle of the visit, as decoded from JSON.
 * @param validator - FHIR R4.
 * @param authority - Keys of its seats; if it is empty, the insurer denies.
 * @param onAct - Told the title of each part when it begins.
 * @throws UnexpectedOutcome at the first step that goes otherwise.
 */
export async function careScenario(
  runner: StepRunner,
  cast: CareCast,
  bundle: unknown,
  validator: Validator,
  authority: readonly IssuerSeat[],
  onAct: (title: string) => Promise<void> = async () => await Promise.resolve(),
): Promise<void> {
  const { patient, doctor, specialist, child, registrar } = cast;
  const { pharmacies, laboratory, insurers, verifiers } = cast;
  await onAct('A visit');
  for (const actor of [patient, doctor, specialist]) await enrolWhereFresh(runner, actor);
  await commitWhereFresh(runner, patient);
  const visit = await visitScenario(runner, cast, bundle, validator);
  await onAct('A correction');
  await correctionScenario(runner, cast, visit);
  await onAct('Standing rules');
  await rulesScenario(runner, cast, visit);
  await onAct('A prescription');
  await prescriptionScenario(runner, cast, pharmacies);
  await onAct('An order');
  await enrolWhereFresh(runner, laboratory);
  await orderScenario(runner, cast, validator);
  await onAct('A move');
  await moveScenario(runner, cast);
  await onAct('A claim');
  for (const actor of [...insurers, ...verifiers]) await enrolWhereFresh(runner, actor);
  await claimScenario(runner, cast, visit, authority);
  await onAct('A birth');
  for (const actor of [child, registrar]) await enrolWhereFresh(runner, actor);
  await birthScenario(runner, cast);
  await onAct('A death');
  await deathScenario(runner, cast, visit);
}
