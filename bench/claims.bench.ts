/**
 * Claims on the embedded ledger, or on validators of the consortium's engine: how many are taken, and how many are approved
 * and paid, one in a transaction and 50, with the signatures made ahead; one coordinator checks each.
 *
 * `node bench/claims.bench.ts [--claims N] [--validators N] [--json]`; 1,000 of each unless given.
 */
import { parseArgs } from 'node:util';
import { encodeRequests, type Carried } from '../src/bindings/encodeRequests.ts';
import { addressOf } from '../src/crypto/addressOf.ts';
import { hexToBytes } from '../src/crypto/bytes.ts';
import { oneTimeKey } from '../src/crypto/keys/oneTimeAccount.ts';
import type { InsuranceClaim } from '../src/protocol/care/claims.ts';
import { ZERO32, type Hex } from '../src/protocol/ids.ts';
import { organisationId } from '../src/protocol/network/networkLookups.ts';
import { digestOf, sign } from '../src/protocol/struct/signing.ts';
import { FAR, openCareLedger, partsOf, randomWord, type Taken } from './support/careLedger.ts';

const { values } = parseArgs({
  options: {
    claims: { type: 'string', default: '1000' },
    validators: { type: 'string', default: '0' },
    json: { type: 'boolean' },
  },
});
const count = Number(values.claims);
const BATCHES = [1, 50];
/** Amount of each claim, and what is approved of it, in hundredths. */
const [ASKED, PAID] = [5000, 4000];
await using ledger = await openCareLedger(['settlement', 'claims'], Number(values.validators));
const { context, at, member } = ledger;
const { primitives } = context;
const [doctor, insurer] = [await ledger.enrolled(2), await ledger.enrolled(6)];
const units = {
  organisation: organisationId('hospital'),
  account: insurer.address,
  amount: PAID * count * BATCHES.length,
  number: 1,
  deadline: FAR,
};
const issue = sign(context, member, 'IssueUnits', units);
await ledger.send(at.settlement, [encodeRequests(primitives, 'IssueUnits', [issue])]);

/** Claims for as many treatments, and their approvals. */
function makeClaims(): readonly {
  readonly claimed: Carried<'InsuranceClaim'>;
  readonly approved: Carried<'ClaimDecision'>;
}[] {
  return Array.from({ length: count }, () => {
    const salt = randomWord().slice(0, 34) as Hex;
    const signingKey = oneTimeKey(primitives, doctor.signingKey, hexToBytes(salt));
    const account = {
      address: addressOf(primitives, primitives.publicKey(signingKey)),
      signingKey,
    };
    const claim: InsuranceClaim = {
      terms: {
        handle: randomWord(),
        claimant: doctor.address,
        payee: doctor.address,
        coverage: randomWord(),
        entry: randomWord(),
        records: Array.from({ length: 10 }, randomWord),
        bill: randomWord(),
        content: randomWord(),
        salt,
      },
      claimant: account.address,
      insurer: insurer.address,
      payee: account.address,
      amount: ASKED,
      total: ASKED,
      treatment: randomWord(),
      follows: ZERO32,
      authorisation: ZERO32,
      lotHash: ZERO32,
      deadline: FAR,
    };
    const digest = digestOf(context, 'InsuranceClaim', claim);
    const { signature } = sign(context, member, 'ClaimCheck', { request: digest });
    const decision = {
      claim: digest,
      step: 1,
      outcome: 1,
      amount: PAID,
      until: 0,
      lotHash: ZERO32,
      terms: { reason: 'partly-covered', content: randomWord(), salt },
      deadline: FAR,
    } as const;
    return {
      claimed: { ...sign(context, account, 'InsuranceClaim', claim), signatures: [signature] },
      approved: { claim, ...sign(context, insurer, 'ClaimDecision', decision) },
    };
  });
}

const rates: { batch: number; claimed: Rate; decided: Rate }[] = [];
for (const batch of BATCHES) {
  const parts = partsOf(makeClaims(), batch);
  const submits = parts.map((part) =>
    encodeRequests(
      primitives,
      'InsuranceClaim',
      part.map(({ claimed }) => claimed),
    ),
  );
  const decides = parts.map((part) =>
    encodeRequests(
      primitives,
      'ClaimDecision',
      part.map(({ approved }) => approved),
    ),
  );
  const claimed = rateOf(await ledger.send(at.claims, submits));
  const decided = rateOf(await ledger.send(at.claims, decides));
  rates.push({ batch, claimed, decided });
}
const inWords = ({ perSecond, processor }: Rate): string =>
  `${perSecond.toFixed(0)} a second, ${processor.toFixed(1)} ms of processor time each`;
const lines = rates.map(({ batch, claimed, decided }) => {
  return `${count} claims, ${batch} in a transaction: taken ${inWords(claimed)}; approved and paid ${inWords(decided)}`;
});
console.log(values.json === true ? JSON.stringify({ count, rates }) : lines.join('\n'));

/** Requests a second, and milliseconds of processor time for each. */
interface Rate {
  readonly perSecond: number;
  readonly processor: number;
}

function rateOf({ wall, processor }: Taken): Rate {
  return { perSecond: count / wall, processor: (processor * 1000) / count };
}
