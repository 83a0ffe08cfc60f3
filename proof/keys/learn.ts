import { digestOf } from '../../src/protocol/struct/signing.ts';
import type { Stage } from './Stage.ts';

/**
 * Tells the model what the ledger has and what nodes were given, even if the client died before it heard of it.
 *
 * @param stage - People, network and model.
 */
export async function learn({ at, held, people, model }: Stage): Promise<void> {
  const { index } = at.network.services();
  await index.refresh();
  for (const [patient, { handle }] of people.patients.entries()) {
    model.epochs.set(patient, index.patient(handle)?.epoch ?? 0);
  }
  const { grants, writes } = held.take();
  for (const { write, at: judged } of writes) {
    const { file, record, version, begunBy, about, category, epoch } = write;
    // A request that was sent twice has one answer.
    if (model.files.some(({ hash }) => hash === file)) continue;
    const patient = people.patientOf(write.handle);
    const named = { hash: file, patient, record, version, begunBy, about, category, epoch };
    model.added({ ...named, at: judged });
  }
  for (const { grant, epoch } of grants) {
    // An erasure gives a right to the patient, which is not one that they gave.
    const grantee = people.granteeAt(grant.terms.grantee);
    const digest = digestOf(at.context, 'Grant', grant);
    if (grantee === undefined || model.rights.some((right) => right.digest === digest)) continue;
    model.given({ digest, grant, grantee, patient: people.patientOf(grant.handle) }, epoch);
  }
  for (const right of model.rights) {
    const { state } = index.grant(right.digest) ?? {};
    if (state === 'active' && right.state === 'signed') {
      right.state = 'active';
      model.placed(right, index.granted(right.digest)?.epoch ?? 0);
    }
    if (state === 'ended') right.state = 'revoked';
  }
}
