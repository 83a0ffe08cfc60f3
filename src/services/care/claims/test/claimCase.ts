import assert from 'node:assert/strict';
import { encodeBatch } from '../../../../bindings/encodeBatch.ts';
import { settlementAbi } from '../../../../bindings/generated/settlementAbi.ts';
import { ownClaimAccount, signForClaim } from '../../../../client/care/claims/claimAccount.ts';
import type { Party } from '../../../../client/party/Party.ts';
import { addRecord } from '../../../../client/records/addRecord.ts';
import type { LoggedVersion } from '../../../../client/records/logVersion.ts';
import { grantRight } from '../../../../client/rights/grantRight.ts';
import { utf8ToBytes } from '../../../../crypto/bytes.ts';
import type { Primitives } from '../../../../crypto/Primitives.ts';
import { fromProblem } from '../../../../errors/fromProblem.ts';
import { isMedsealError } from '../../../../errors/isMedsealError.ts';
import {
  BEGIN,
  startCare,
  startTestNetwork,
  type Care,
  type TestNetwork,
} from '../../../../node/test/testNetwork.ts';
import type { Submission } from '../../../../protocol/AgentPort.ts';
import type { InsuranceClaim } from '../../../../protocol/care/claims.ts';
import { ZERO32, type Address, type RecordId } from '../../../../protocol/ids.ts';
import { lotHashOf } from '../../../../protocol/care/lotHashOf.ts';
import { organisationId } from '../../../../protocol/network/networkLookups.ts';
import type { FurtherContract } from '../../../../protocol/network/furtherContracts.ts';
import type { ClaimTerms } from '../../../../protocol/network/NetworkFile.ts';
import { parseBody } from '../../../../protocol/evidence/parseBody.ts';
import type { Grant, Signed, Write } from '../../../../protocol/struct/requests.ts';
import { sign } from '../../../../protocol/struct/signing.ts';
import { treatmentNullifier } from '../../../../protocol/care/treatmentNullifier.ts';
import type { Category } from '../../../../protocol/vocabulary.ts';

/** A network with claims, and the people of a claim, each at another organisation. */
export interface ClaimCase {
  readonly network: TestNetwork;
  readonly care: Care;
  readonly insurer: Party;
  readonly otherInsurer: Party;
  readonly verifier: Party;
  /** Adds a record to the patient's chart, by its doctor unless another is named with its right. */
  write(category: Category, by?: Party, grant?: Grant): Promise<LoggedVersion>;
  /** The right of an insurer to read one record. */
  permit(
    record: RecordId,
    category: Category,
    to?: Address,
    change?: { until?: number },
  ): Promise<Grant>;
  /** A treatment with its policy, and the claim that the patient makes for it. */
  treat(claimant?: Party, insurer?: Party): Promise<Treated>;
  /** The bill of a claim as its doctor signed it, or another. */
  bills(claim: Pick<InsuranceClaim, 'treatment' | 'total'>, by?: Party): readonly Signed<'Bill'>[];
  /** Units on an account. */
  issue(account: Address, amount: number): Promise<void>;
  /** The code with which the node refuses a submission, with the reason if the contract does; or `placed`. */
  outcomeOf(submission: Submission, organisation?: string): Promise<string>;
}

/** A claim that is ready to be submitted, with its records. */
export interface Treated {
  readonly visit: LoggedVersion;
  readonly coverage: LoggedVersion;
  readonly message: InsuranceClaim;
  readonly submission: Submission;
}

/** The lot of whoever claims or decides in tests. */
export const LOT = `0x${'10'.repeat(32)}` as const;
/** Seconds that a right for a claim holds in tests. */
const HOLDS = 86_400;

/**
 * Founds such a network.
 *
 * @param claims - Term of claims; the usual one if absent.
 * @param primitives - Those of all its organisations; the usual ones if absent.
 * @param others - Further contracts.
 * @param guarded - True if a release key guards its records.
 */
export async function startClaimCase(
  claims?: ClaimTerms,
  primitives?: Primitives,
  others: readonly FurtherContract[] = [],
  guarded = false,
): Promise<ClaimCase> {
  const further = [...others, 'settlement', 'claims'] as const;
  const network = await startTestNetwork({
    cared: true,
    further,
    claims,
    guarded,
    ...(primitives && { primitives }),
  });
  const care = await startCare(network);
  const insurer = await network.party('insurer', { organisation: 'insurer' });
  const otherInsurer = await network.party('insurer', { organisation: 'laboratory' });
  const verifier = await network.party('verifier', { organisation: 'laboratory' });
  let issues = 0;
  let written = 0;

  return {
    network,
    care,
    insurer,
    otherInsurer,
    verifier,
    write,
    permit,
    treat,
    bills,
    issue,
    outcomeOf,
  };

  async function write(
    category: Category,
    by = care.doctor,
    grant = care.right.grant,
  ): Promise<LoggedVersion> {
    written += 1;
    const { handle } = care;
    const content = utf8ToBytes(`${category} ${written}`);
    const own = by === care.patient;
    return await addRecord(by, {
      handle,
      category,
      content,
      ...(own ? { purpose: 'PATRQT' } : { grant, purpose: 'TREAT' }),
    });
  }

  async function permit(
    record: RecordId,
    category: Category,
    to = insurer.address,
    { until = BEGIN + HOLDS } = {},
  ): Promise<Grant> {
    const terms = { grantee: to, categories: [category], record, until } as const;
    const given = await grantRight(care.patient, {
      ...terms,
      actions: ['read'],
      purpose: 'HPAYMT',
    });
    return given.grant;
  }

  async function treat(claimant = care.patient, by = insurer): Promise<Treated> {
    const visit = await write('encounters');
    const coverage = await write('coverage');
    const openings = [
      await permit(visit.record, 'encounters', by.address),
      await permit(coverage.record, 'coverage', by.address),
    ];
    const entries = [visit.acknowledgement, coverage.acknowledgement];
    const { request } = parseBody(visit.acknowledgement.body) ?? assert.fail();
    const first = request.message as Write;
    const salt = `0x${written.toString(16).padStart(32, '5')}` as const;
    const account = ownClaimAccount(claimant, salt);
    const message: InsuranceClaim = {
      terms: {
        handle: care.handle,
        claimant: claimant.address,
        payee: claimant.address,
        coverage: coverage.record,
        entry: visit.acknowledgement.entry,
        records: entries.map(({ entry }) => entry),
        bill: `0x${'b1'.repeat(32)}`,
        content: `0x${'c1'.repeat(32)}`,
        salt,
      },
      claimant: account,
      insurer: by.address,
      payee: account,
      amount: 12_000,
      total: 12_000,
      treatment: treatmentNullifier(network.ports.primitives, network.file.networkId, first),
      follows: ZERO32,
      authorisation: ZERO32,
      lotHash: lotHashOf(network.ports.primitives, LOT),
      deadline: BEGIN + 300,
    };
    const signed = signForClaim(claimant, message, 'InsuranceClaim', message);
    const along = { entries, openings, bills: bills(message) };
    return { visit, coverage, message, submission: { ...signed, ...along } };
  }

  function bills(
    { treatment, total }: Pick<InsuranceClaim, 'treatment' | 'total'>,
    by = care.doctor,
  ): readonly Signed<'Bill'>[] {
    const salt = `0x${'b1'.repeat(16)}` as const;
    return [sign(by, by, 'Bill', { treatment, total, salt })];
  }

  async function issue(account: Address, amount: number): Promise<void> {
    issues += 1;
    const organisation = organisationId('hospital');
    const [member] = network.authorityKeys;
    const issued = { organisation, account, amount, number: issues, deadline: BEGIN + 300 };
    const request = sign(care.patient, member ?? assert.fail(), 'IssueUnits', issued);
    const sender = network.senders.get('hospital') ?? assert.fail();
    const to = network.file.contracts.settlement ?? assert.fail();
    await sender.send({ to, data: encodeBatch(settlementAbi, 'issue', [request]) });
  }

  async function outcomeOf(submission: Submission, organisation = 'hospital'): Promise<string> {
    const [outcome] = await network.agent(organisation).submit([submission]);
    if (outcome?.outcome !== 'refused') return outcome?.outcome ?? 'none';
    const error = fromProblem(outcome.problem);
    if (!isMedsealError(error, 'RULE_REFUSED')) return error.code;
    return `${error.code} ${error.values.reason}`;
  }
}
