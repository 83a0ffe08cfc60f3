import { readAudit } from '../../../src/client/audit/readAudit.ts';
import { isMedsealError } from '../../../src/errors/isMedsealError.ts';
import type { Organisation } from '../../../src/protocol/ids.ts';
import { checkSettled } from '../checkSettled.ts';
import { readAll } from './careDeeds.ts';
import type { Year } from './Year.ts';

/** Checks at the end of a month that all is there, and that all audits are safe. */
export async function endMonth(year: Year): Promise<void> {
  await year.deed('settle', async () => await settle(year));
  for (const patient of year.patients) {
    await year.deed('audit', async () => {
      const audit = await readAudit(patient.person.party);
      for (const { log, checkpoint, complete, unchecked } of audit.logs) {
        // A log without entries has no checkpoint, and nothing to count.
        if (checkpoint !== undefined && !complete) {
          throw new Error(`the audit of ${log} is not complete: ${unchecked.join('; ')}`);
        }
      }
    });
    await year.deed('read all', async () => await readAll(patient));
  }
  await year.deed('settle', async () => await settle(year));
  const nothing = { told: [], placed: [], signed: new Map<never, never>() };
  const { network } = year;
  const consortium = {
    organisations: year.members,
    file: network.file,
    ledger: network.ledger,
    ports: network.ports,
    services: (name: Organisation) => network.services(name),
  };
  for (const fault of await year.do(async () => await checkSettled(consortium, nothing))) {
    year.violate(fault);
  }
  for (const error of network.failures.splice(0)) {
    // Others say of one that is lost that it cannot be reached.
    if (year.isLost && isMedsealError(error, 'PEER_UNREACHABLE')) continue;
    year.violate(`in the background: ${error instanceof Error ? error.stack : String(error)}`);
  }
}

/** Lets every log be checkpointed, and copied by all. */
export async function settle({ network, members }: Year): Promise<void> {
  for (const name of members) await network.services(name).administrator.checkpoint();
  for (const name of members) {
    const { contributor } = network.services(name);
    await contributor.catchUp();
    await contributor.filesTried();
  }
}
