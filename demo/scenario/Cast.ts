import type { Party } from '../../src/client/party/Party.ts';
import type { Organisation } from '../../src/protocol/ids.ts';
import type { Role } from '../../src/protocol/vocabulary.ts';

/** A party on the stage: its device, and what it is to be enrolled as where it is new. */
export interface CastMember {
  /** A name for people, such as `doctor`. */
  readonly name: string;
  readonly role: Role;
  readonly organisation: Organisation;
  readonly party: Party;
  /** True if it still has to apply to the authority. */
  readonly fresh: boolean;
}

/** Parties that play in a scenario, on one patient's record. */
export interface Cast {
  readonly patient: CastMember;
  /** Sees the patient, and writes the record. */
  readonly doctor: CastMember;
  /** Another doctor, whom the patient lets read. */
  readonly specialist: CastMember;
}

/** Two pharmacists of different pharmacies. */
export type Pharmacies = readonly [CastMember, CastMember];

/** Parties that play the care scenario: those of a visit, and everybody who has to do with it afterwards. */
export interface CareCast extends Cast {
  readonly pharmacies: Pharmacies;
  readonly laboratory: CastMember;
  /** A patient whose birth is registered; the key lies on the parents' device. */
  readonly child: CastMember;
  /** Of another organisation than the doctor. */
  readonly registrar: CastMember;
  /** The insurer of the patient, and another one. */
  readonly insurers: readonly [CastMember, CastMember];
  /** A verifier of neither the doctor's nor the insurer's organisation, and one of the insurer's. */
  readonly verifiers: readonly [CastMember, CastMember];
}

/** Parties that play custody: somebody acts for a patient, a key is lost, and a record is corrected in its term. */
export interface CustodyCast {
  /** A patient for whom others act. */
  readonly son: CastMember;
  /** A patient too, who acts for the son. */
  readonly mother: CastMember;
  /** Acts for the son in the mother's place. */
  readonly aunt: CastMember;
  /** Treats the son. */
  readonly doctor: CastMember;
  /** Loses the key; absent if nobody on the stage may. */
  readonly locum?: CastMember;
}

/** Parties that play the sensors' scenario. */
export interface SensorCast extends Pick<Cast, 'patient' | 'doctor'> {
  /** Brings to the chart what the patient's devices sign. */
  readonly gateway: CastMember;
  /** May read medicines, and no readings. */
  readonly pharmacist: CastMember;
}
