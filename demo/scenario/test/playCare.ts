import assert from 'node:assert/strict';
import { createValidator } from '../../../src/fhir/createValidator.ts';
import { DEMO_PATIENTS } from '../../charts/demoPatients.ts';
import { makeDemoBundle } from '../../charts/makeDemoBundle.ts';
import { loadFhirDefinitions } from '../../../src/node/loadFhirDefinitions.ts';
import { seededRandom } from '../../../src/node/test/testNetwork.ts';
import { seconds } from '../../../src/protocol/Clock.ts';
import type { CareCast } from '../Cast.ts';
import { careScenario } from '../careScenario.ts';
import type { IssuerSeat } from '../claimScenario.ts';
import { StepRunner } from '../StepRunner.ts';

/** Refusals that claims have, each with its code. */
export const CLAIM_DENIALS = [
  ['The doctor claims before the patient permits it', 'RIGHT_MISSING'],
  ['The doctor claims the treatment of another insurer too', 'RULE_REFUSED'],
  ['The bill is shown with another sum', 'CLAIM_ALTERED'],
  ['The other insurer decides it', 'NOT_FOUND'],
  ['The insurer approves what it does not have', 'RULE_REFUSED'],
  ['The insurer approves it again', 'RULE_REFUSED'],
  ['The doctor shows the second insurer a higher bill', 'RULE_REFUSED'],
  ['Somebody ends the term before its time', 'RULE_REFUSED'],
  ['A verifier who was not drawn judges', 'NOT_FOUND'],
  ['The insurer looks after its claim is closed', 'NOT_FOUND'],
] as const;

/** Steps that must be refused, each with its code. */
export const CARE_DENIALS = [
  ['Another doctor looks at the chart', 'RIGHT_MISSING'],
  ['The patient disputes an answer that nobody gave', 'ARGUMENT_INVALID'],
  ['Another doctor declines it', 'RIGHT_MISSING'],
  ['The doctor answers what nobody said', 'REQUEST_MALFORMED'],
  ['The other doctor relies on the right of before', 'RIGHT_ENDED'],
  ['The patient gives a right that the denial forbids', 'RIGHT_DENIED'],
  ['The other doctor looks after that', 'RIGHT_ENDED'],
  ['A doctor without the right to add prescribes', 'RIGHT_MISSING'],
  ['The doctor prescribes against an allergy, with no reason', 'ORDER_CONFLICTS'],
  ['Another pharmacy dispenses more than is left', 'RULE_REFUSED'],
  ['A letter tells of a dispense in forged words', 'NOT_FOUND'],
  ['A letter tells of it before the ledger has it', 'NOT_FOUND'],
  ['A doctor dispenses', 'RIGHT_MISSING'],
  ['The doctor rests another prescription on its record', 'RULE_REFUSED'],
  ['A pharmacy dispenses what was passed on', 'SLIP_REPLACED'],
  ['Another doctor cancels it', 'RIGHT_MISSING'],
  ['A pharmacy dispenses after that', 'RULE_REFUSED'],
  ['The laboratory looks without a right, and says so', 'RIGHT_MISSING'],
  ['A forged letter tells the laboratory of an order', 'NOT_FOUND'],
  ['Another doctor answers in its place', 'ROLE_UNFIT'],
  ['The laboratory answers it once more, otherwise', 'ORDER_CLOSED'],
  ['The laboratory signs its own result off', 'ORDER_CLOSED'],
  ['The laboratory answers what was withdrawn', 'ORDER_CLOSED'],
  ['The patient moves to an organisation that left the network', 'MOVE_REFUSED'],
  ...CLAIM_DENIALS,
  ['A doctor registers a birth', 'RULE_REFUSED'],
  ['The registrar confirms what it reported itself', 'RULE_REFUSED'],
  ['Another birth is registered for the same child', 'RULE_REFUSED'],
  ['The same doctor confirms it', 'RULE_REFUSED'],
  ['A registrar confirms what the patient objected to', 'NOT_FOUND'],
  ['The patient’s will is changed after that', 'RULE_REFUSED'],
  ['The doctor adds a note to the chart of the dead', 'CHART_FROZEN'],
  ['The doctor, whom the will does not name, looks', 'RIGHT_ENDED'],
  ['The other doctor undoes it in place of the registrar', 'ARGUMENT_INVALID'],
] as const;

/**
 * Has a cast play the care scenario with the bundle of an invented patient, and asserts that each step goes as it must.
 *
 * @param cast - The parties; each may be at another organisation.
 * @param authority - Key of the seat that issues the insurer's units.
 */
export async function playCare(cast: CareCast, authority: readonly IssuerSeat[]): Promise<void> {
  const [invented] = DEMO_PATIENTS;
  assert.ok(invented !== undefined);
  const at = seconds(cast.patient.party.clock);
  const bundle = makeDemoBundle({ random: seededRandom('visit'), at, patient: invented });
  const runner = new StepRunner(
    () => performance.now(),
    () => undefined,
  );
  await careScenario(runner, cast, bundle, createValidator(loadFhirDefinitions()), authority);
  for (const { name, outcome, expected } of runner.results) assert.equal(outcome, expected, name);
  const refused = runner.results.filter(({ outcome }) => outcome === 'refused');
  assert.deepEqual(
    refused.map(({ name, code }) => [name, code]),
    CARE_DENIALS,
  );
}
