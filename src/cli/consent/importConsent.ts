import { grantRight, requireSoundRight } from '../../client/rights/grantRight.ts';
import { standingRights } from '../../client/rights/standingRights.ts';
import { utf8ToBytes } from '../../crypto/bytes.ts';
import { MedsealError } from '../../errors/MedsealError.ts';
import { parseFhirJson } from '../../fhir/parseFhirJson.ts';
import type { ConsentedRight, ConsentRead } from '../../fhir/rightsOfConsent.ts';
import { rightsOfConsents } from '../../fhir/rightsOfConsents.ts';
import { seconds } from '../../protocol/Clock.ts';
import type { Address } from '../../protocol/ids.ts';
import type { Of } from '../../protocol/struct/Of.ts';
import { findContact, findPatient } from '../contact/findContact.ts';
import { describeMoment } from '../describeBody.ts';
import { confirmSigningOn } from '../home/confirmSigning.ts';
import { openVisitor, type Visitor } from '../home/openVisitor.ts';
import { readGiven, readPiped } from '../program/readGiven.ts';
import type { VisitorOptions } from '../program/sharedOptions.ts';
import { describeRight, describeTold } from '../right/describeRight.ts';
import { deliver, termsOf, untilOf } from '../right/grant.ts';
import type { AnswerOf } from '../terminal/Answer.ts';
import type { Terminal } from '../terminal/Terminal.ts';
import type { CONSENT_IMPORTED } from './consentAnswers.ts';
import type { OptionsOf } from '../program/VerbOption.ts';
import type { CONSENT_IMPORT } from './consentOptions.ts';

/**
 * Shows in words the rights that a FHIR Consent comes to, and gives those that do not stand yet.
 *
 * @throws MedsealError `CONSENT_REFUSED` if no right can say what it says; `FHIR_INVALID`, `ARGUMENT_INVALID`,
 * `RIGHT_INVALID`.
 */
export async function importConsent(
  terminal: Terminal,
  file: string,
  options: VisitorOptions & OptionsOf<typeof CONSENT_IMPORT>,
): Promise<AnswerOf<typeof CONSENT_IMPORTED>> {
  const resource = parseFhirJson(
    file === '-' ? utf8ToBytes(await readPiped(terminal.input)) : await readGiven(file),
  );
  const visitor = await openVisitor(terminal, options);
  const { party } = visitor;
  const patient = await findPatient(visitor, undefined);
  const read = rightsOfConsents(resource, {
    handle: patient.handle,
    at: seconds(party.clock),
    actors: await actorsOf(visitor, options.actor ?? []),
    everybody: await partiesNamed(visitor, options.for ?? []),
    patientNames: options.patient ?? [],
    ...(options.until && { until: untilOf(visitor, options.until) }),
  });
  const { rights, notes } = requireRead(read);
  for (const right of rights) requireSoundRight(party, right);
  const standing = await standingRights(party, rights);
  const names = new Map<Address, string>();
  for (const { grantee } of rights) {
    if (!names.has(grantee)) names.set(grantee, await describeGrantee(visitor, grantee));
  }
  const described = rights.map((right, index) => [
    '',
    `  ${names.get(right.grantee) ?? right.grantee} may`,
    `  ${describeConsented(right)}`,
    ...(standing[index] === undefined ? describeTold(termsOf(right)) : ['  (this right stands)']),
  ]);
  const noted = notes.map(({ path, text }) => `  ${path}: ${text}`);
  const about = [...described.flat(), ...(noted.length > 0 ? ['', 'Note:', ...noted] : [])];
  if (standing.includes(undefined)) {
    const what = [...about.slice(1), '', 'Ending a right cannot undo what was read before.'];
    await confirmSigningOn(terminal, visitor, `on the chart of ${patient.name}`, what);
  }
  const given: Of<typeof CONSENT_IMPORTED>['rights'][number][] = [];
  for (const [index, right] of rights.entries()) {
    terminal.progress.stage(`right ${index + 1} of ${rights.length}: waiting for the ledger`);
    const known = standing[index] ?? (await grantRight(party, right));
    const { delivered } = await deliver(terminal, visitor, known);
    const already = standing[index] !== undefined;
    given.push({ grant: known.digest, already, terms: known.grant.terms, delivered });
  }
  const added = given.filter(({ already }) => !already).length;
  return {
    value: { handle: patient.handle, rights: given, notes },
    lines:
      rights.length === 0
        ? ['This Consent gives no right.', ...noted]
        : [
            `Gave ${added} of ${rights.length} rights; the others stood before.`,
            ...(added === 0 ? about.slice(1) : []),
          ],
  };
}

/** The parties that the command line names for references of the Consent. */
async function actorsOf(
  visitor: Visitor,
  named: readonly string[],
): Promise<Readonly<Record<string, Address>>> {
  const actors: [string, Address][] = [];
  for (const each of named) {
    const at = each.lastIndexOf('=');
    if (at < 1) {
      const reason = 'write it as <reference>=<contact>, such as Practitioner/f204=dr-house';
      throw new MedsealError('ARGUMENT_INVALID', { argument: '--actor', reason });
    }
    const { facts } = await findContact(visitor, each.slice(at + 1));
    actors.push([each.slice(0, at), facts.party]);
  }
  return Object.fromEntries(actors);
}

async function partiesNamed(
  visitor: Visitor,
  names: readonly string[],
): Promise<readonly Address[]> {
  const parties: Address[] = [];
  for (const name of names) parties.push((await findContact(visitor, name)).facts.party);
  return parties;
}

function requireRead(read: ConsentRead): Extract<ConsentRead, { readonly rights: unknown }> {
  if ('rights' in read) return read;
  const { issue } = read.outcome;
  const reasons = issue.map(({ expression, diagnostics }) => {
    return `${expression?.[0] ?? 'Consent'}: ${(diagnostics ?? '').replace(/\.$/, '')}`;
  });
  throw new MedsealError(
    'CONSENT_REFUSED',
    { reason: reasons.join('; ') },
    { evidence: read.outcome },
  );
}

async function describeGrantee(visitor: Visitor, grantee: Address): Promise<string> {
  const { name, facts } = await findContact(visitor, grantee);
  return `${name} (${facts.party}), a ${facts.role} of ${facts.organisation},`;
}

function describeConsented(right: ConsentedRight): string {
  const begins = right.from === undefined ? '' : `, from ${describeMoment(right.from)}`;
  return `${describeRight(termsOf(right))}${begins}`;
}
