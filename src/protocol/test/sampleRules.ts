import type { GrantState, PartyFacts, PatientFacts } from '../evidence/facts.ts';
import type { Address, Bytes32, Handle } from '../ids.ts';
import { ZERO32 } from '../ids.ts';
import { DEFAULT_LONGEST_RIGHT } from '../network/longestRightOf.ts';
import type { Grant, Terms } from '../struct/requests.ts';
import type { RulesView } from '../rights/RulesView.ts';
import { UNTOLD_LIFE, type LifeFacts } from '../care/vitalRecords.ts';
import { digestOf } from '../struct/signing.ts';
import { doctor, HANDLE, NOW } from './sampleEvidence.ts';
import { context, signatory, word } from './sampleNetwork.ts';

/** Rules that a test sets as it likes, as of one block. */

export const patient = signatory('patient');

/** Rules by plain tables. */
export interface SampleRules extends RulesView {
  readonly parties: Map<Address, PartyFacts>;
  readonly signers: Map<Address, Address>;
  readonly patients: Map<Handle, PatientFacts>;
  readonly lives: Map<Handle, LifeFacts>;
  readonly grants: Map<Bytes32, { handle: Handle; state: GrantState }>;
}

/** The patient at epoch 1 and the doctor, both active; no grants. */
export function sampleRules(): SampleRules {
  const parties = new Map<Address, PartyFacts>();
  for (const [{ address }, role] of [
    [patient, 'patient'],
    [doctor, 'doctor'],
  ] as const) {
    const recipient = word(`recipient of ${address}`);
    const organisation = 'hospital';
    const standing = { suspended: false, standing: 0 };
    parties.set(address, { party: address, role, organisation, ...standing, recipient });
  }
  const chart = { controller: patient.address, epoch: 1, first: 1, count: 4, root: word('root') };
  const patients = new Map([[HANDLE, { handle: HANDLE, ...chart }]]);
  const signers = new Map([...parties.keys()].map((party) => [party, party]));
  const lives: SampleRules['lives'] = new Map();
  const grants: SampleRules['grants'] = new Map();
  return {
    parties,
    signers,
    patients,
    lives,
    grants,
    block: 7,
    age: 0,
    longestRight: DEFAULT_LONGEST_RIGHT,
    party: (party) => parties.get(party),
    signerOf: (party) => signers.get(party),
    patient: (handle) => patients.get(handle),
    life: (handle) => lives.get(handle) ?? UNTOLD_LIFE,
    grant: (grant) => grants.get(grant),
    exactEnd: () => undefined,
    isGivenLate: () => false,
    takenOver: () => 0,
  };
}

/** A grant to the doctor, changed where said. */
export function sampleGrant(terms: Partial<Terms> = {}, handle: Handle = HANDLE): Grant {
  return {
    handle,
    terms: {
      grantee: doctor.address,
      categories: ['laboratory', 'medications'],
      record: ZERO32,
      read: true,
      add: true,
      amend: false,
      purpose: 'TREAT',
      from: NOW - 100,
      until: NOW + 100,
      salt: `0x${'7e'.repeat(16)}`,
      ...terms,
    },
    deadline: NOW + 300,
  };
}

/** Makes a grant known to rules; returns its digest. */
export function admit(rules: SampleRules, grant: Grant, state: GrantState = 'active'): Bytes32 {
  const digest = digestOf(context, 'Grant', grant);
  rules.grants.set(digest, { handle: grant.handle, state });
  return digest;
}
