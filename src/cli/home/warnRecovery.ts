import { confirmFacts } from '../../client/audit/confirmFacts.ts';
import type { Party } from '../../client/party/Party.ts';
import { calledAs } from '../program/calledAs.ts';
import type { Terminal } from '../terminal/Terminal.ts';

/**
 * Warns of a recovery of the party's key that is under way: its holder alone knows whether they asked for it. Without k coordinators
 * that say so nothing is shown; the command itself says what is wrong then.
 *
 * @param terminal - Shows it beside the answer.
 * @param name - The key's name.
 * @param party - The party.
 */
export async function warnRecovery(
  terminal: Pick<Terminal, 'note'>,
  name: string,
  party: Party,
): Promise<void> {
  try {
    const { party: facts } = await confirmFacts(party, { party: party.address });
    if (facts?.recovery === undefined) return;
    const until = new Date(facts.recovery.readyAt * 1000).toUTCString();
    terminal.note(
      `The authority is giving ${name} another key: this one ends at ${until}. ` +
        `If you did not ask for that, stop it now: ${calledAs(`key veto ${name}`)}`,
    );
  } catch {
    // The command meets the same fault, and says it in full.
  }
}
