import { confirmFacts } from '../../client/audit/confirmFacts.ts';
import { carryRecovery } from '../../client/recovery/carryRecovery.ts';
import { parseRecoveryFile } from '../../client/recovery/recoveryFile.ts';
import { recoveryWords } from '../../client/recovery/recoveryWords.ts';
import { signRecovery } from '../../client/recovery/signRecovery.ts';
import { MedsealError } from '../../errors/MedsealError.ts';
import { isRecoverable } from '../../protocol/rights/isRecoverable.ts';
import { describeMoment } from '../describeBody.ts';
import type { PassphraseOptions } from '../home/readPassphrase.ts';
import { readGivenText } from '../program/readGiven.ts';
import type { OptionsOf } from '../program/VerbOption.ts';
import type { AnswerOf } from '../terminal/Answer.ts';
import type { Terminal } from '../terminal/Terminal.ts';
import { openGuest, openMembers } from './openMembers.ts';
import type { PARTY_RECOVERED } from './partyAnswers.ts';
import type { PARTY_RECOVER } from './partyOptions.ts';
import { writeRound } from './writeRound.ts';

type RecoverOptions = PassphraseOptions & OptionsOf<typeof PARTY_RECOVER>;

/**
 * Signs the recovery of a party's key in the name of the authority, and sends it to the ledger once enough members signed.
 *
 * @throws MedsealError `ARGUMENT_INVALID` for a file that holds no recovery, or an old one; `PARTY_UNKNOWN`, `RECOVERY_UNFIT`; what
 * `carryRecovery` throws.
 */
export async function recoverVerb(
  terminal: Terminal,
  file: string,
  options: RecoverOptions,
): Promise<AnswerOf<typeof PARTY_RECOVERED>> {
  const at = await openGuest(options);
  const before = parseRecoveryFile(at, await readGivenText(file), file);
  const { message } = before.file;
  const { party, signer, change, deadline } = message;
  const { party: facts } = await confirmFacts(at, { party });
  if (facts === undefined) throw new MedsealError('PARTY_UNKNOWN', {});
  const { role, organisation, key, recovery, suspended } = facts;
  if (!isRecoverable(at.network, role)) throw new MedsealError('RECOVERY_UNFIT', { role });
  if (recovery?.signer === signer) {
    const { readyAt } = recovery;
    const value = { party, signer, already: true, readyAt };
    return { value, lines: [`The recovery is under way. ${takesEffect(readyAt)}`] };
  }
  if (change !== (key?.change ?? 0) + 1) {
    const reason = 'the key of the party was changed, or recovered, since; its holder asks again';
    throw new MedsealError('ARGUMENT_INVALID', { argument: file, reason });
  }
  const members = await openMembers(terminal, at, options);
  await terminal.confirm([
    `The authority’s members of ${members.map((each) => each.organisation).join(', ')} are about to sign that`,
    '',
    `  ${party}, a ${role} of ${organisation}${suspended ? ' (suspended)' : ''},`,
    '  lost its key, and gets the key with these words:',
    `  ${recoveryWords(at, message).join(' ')}`,
    `  (the signatures are good until ${describeMoment(deadline)})`,
    '',
    'Sign only if you know the person, saw or called them, and they read you the same words.',
    'The former key can stop it until the delay is over. Then the new key signs and reads in that party’s name.',
  ]);
  const round = signRecovery(at, before.file, members);
  const { signedBy, missing } = round;
  await writeRound(file, round.file);
  if (missing > 0) {
    const next = `Next: ${missing} more must sign until ${describeMoment(deadline)}; give them ${file}.`;
    return {
      value: { party, signer, signedBy, missing, file },
      lines: [`Signed by ${signedBy.join(', ')}. ${next}`],
    };
  }
  terminal.progress.stage('waiting for the ledger');
  const { transaction, block, readyAt } = await carryRecovery(at, round.file);
  return {
    value: { party, signer, signedBy, transaction, block, readyAt },
    lines: [
      `The recovery of the key of ${party} is under way. ${takesEffect(readyAt)}`,
      `Ledger ${transaction}, block ${block}`,
    ],
  };
}

function takesEffect(readyAt: number): string {
  return `It takes effect at ${describeMoment(readyAt)}, unless the former key stops it.`;
}
