import { resolve } from 'node:path';
import { readIssuer } from '../../client/care/units/readUnits.ts';
import { redeemUnits, signRedemption } from '../../client/care/units/redeemUnits.ts';
import { confirmRedemption, parseRedemption } from '../../client/care/units/redemptionFile.ts';
import { organisationName } from '../../protocol/network/networkLookups.ts';
import { describeMoment, short } from '../describeBody.ts';
import { confirmSigning } from '../home/confirmSigning.ts';
import { openVisitor } from '../home/openVisitor.ts';
import { openGuest, openMembers, type MemberOptions } from '../party/openMembers.ts';
import { readGivenText } from '../program/readGiven.ts';
import type { VisitorOptions } from '../program/sharedOptions.ts';
import { writeFileWhole } from '../program/writeFileWhole.ts';
import type { AnswerOf } from '../terminal/Answer.ts';
import type { Terminal } from '../terminal/Terminal.ts';
import { claimAccounts } from '../../client/care/claims/claimAccount.ts';
import type { ClaimAccount } from '../../client/care/claims/claimAccount.ts';
import { MedsealError } from '../../errors/MedsealError.ts';
import { findClaim } from '../claim/findClaim.ts';
import type { Visitor } from '../home/openVisitor.ts';
import { describeUnits } from './describeUnits.ts';
import { memberOf } from './issueUnitsVerb.ts';
import type { REDEMPTION_SIGNED, UNITS_PLACED } from './unitAnswers.ts';
import type { OptionsOf } from '../program/VerbOption.ts';
import type { UNIT_REDEEM } from './unitOptions.ts';

/** Signs, as their holder, that settlement units go back to an organisation. */
export async function redeemUnitsVerb(
  terminal: Terminal,
  options: VisitorOptions & OptionsOf<typeof UNIT_REDEEM>,
): Promise<AnswerOf<typeof REDEMPTION_SIGNED>> {
  const { amount, at: organisation, out } = options;
  const visitor = await openVisitor(terminal, options);
  const { party } = visitor;
  const paid =
    options.claim === undefined ? undefined : await accountOfClaim(visitor, options.claim);
  await confirmSigning(terminal, visitor, [
    `  ${describeUnits(amount)} of yours go back to ${organisation}, which pays you the money`,
    ...(paid ? [`    from the account of the claim ${short(paid.claim)}`] : []),
    '',
    'Whoever has the file and the key of the organisation’s member of the authority can take the units back.',
  ]);
  const file = await signRedemption(party, {
    organisation,
    amount,
    ...(paid && { account: paid }),
  });
  await writeFileWhole(out, `${JSON.stringify(file, null, 2)}\n`);
  const { deadline } = file.request.message;
  return {
    value: {
      organisation,
      account: paid?.address ?? party.address,
      amount,
      file: resolve(out),
      deadline,
    },
    lines: [
      `Wrote ${out}. Next: ${organisation} pays ${describeUnits(amount)} and runs "unit accept" until ${describeMoment(deadline)}.`,
    ],
  };
}

/** Takes settlement units back in the name of the organisation that owes them. */
export async function acceptRedemption(
  terminal: Terminal,
  path: string,
  options: MemberOptions,
): Promise<AnswerOf<typeof UNITS_PLACED>> {
  const file = parseRedemption(await readGivenText(path), path);
  const { holder: account, amount, organisation: id } = file.request.message;
  const organisation = organisationName(id);
  const guest = await openGuest(options);
  const owner = await confirmRedemption(guest, file);
  const member = memberOf(await openMembers(terminal, guest, options), organisation);
  await terminal.confirm([
    `The authority’s member of ${organisation} is about to sign that`,
    '',
    `  ${organisation} has paid ${owner.party}, a ${owner.role} of ${owner.organisation},`,
    `  for ${describeUnits(amount)}, and takes them back${account === owner.party ? '' : ` from the account ${account}`}`,
  ]);
  terminal.progress.stage('waiting for the ledger');
  const place = await redeemUnits(guest, member, file);
  const { outstanding } = await readIssuer(guest, organisation);
  return {
    value: { organisation, account, owner: owner.party, amount, outstanding, ...place },
    lines: [
      `${describeUnits(amount)} are taken back. ${organisation} owes ${describeUnits(outstanding)}.`,
      `Ledger ${place.transaction}, block ${place.block}`,
    ],
  };
}

/**
 * Returns the account with which a claim pays the visitor, and its key.
 *
 * @param visitor - The payee.
 * @param id - The claim, or the beginning of its id.
 * @throws MedsealError `NOT_FOUND`; `RIGHT_MISSING` if it pays somebody else.
 */
async function accountOfClaim(visitor: Visitor, id: string): Promise<ClaimAccount> {
  const { digest } = await findClaim(visitor, id);
  const own = (await claimAccounts(visitor.party)).find(({ claim }) => claim === digest);
  if (own === undefined) throw new MedsealError('RIGHT_MISSING', {});
  return own;
}
