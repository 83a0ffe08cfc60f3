import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { canonicalJson } from '../wire/canonicalJson.ts';
import type { Acknowledgement } from './evidence.ts';
import type { NetworkFile } from '../network/NetworkFile.ts';
import { failsWith } from '../test/failsWith.ts';
import { acknowledged, LOG, sampleBody } from '../test/sampleEvidence.ts';
import { context, coordinators, network, signatory, word } from '../test/sampleNetwork.ts';
import { verifyAcknowledgement } from './verifyAcknowledgement.ts';

const body = sampleBody();
const together = await acknowledged([
  body,
  sampleBody({ at: body.at + 1 }),
  sampleBody({ at: body.at - 1 }),
]);
const [byOthers] = await acknowledged([body], ['a', 'b', 'c'].map(signatory));
const one = together[1] as Acknowledgement;
const [first, second, third] = one.verdicts;
if (first === undefined || second === undefined || third === undefined) throw new Error();

const verify = (acknowledgement: unknown, file: NetworkFile = network): unknown =>
  verifyAcknowledgement(context, file, acknowledgement as Acknowledgement);

describe('verifyAcknowledgement', () => {
  it('gives the body that k coordinators judged, alone or among others', () => {
    for (const [place, acknowledgement] of together.entries()) {
      assert.equal(canonicalJson(verify(acknowledgement)), together[place]?.body);
    }
  });

  it('takes k verdicts, and lets those that do not hold not count', () => {
    const bad = { ...third, signature: `0x${'11'.repeat(65)}` };
    for (const rest of [
      [],
      [bad],
      [null],
      [{}],
      [{ ...third, proof: 7 }],
      [{ ...third, verdict: null }],
    ]) {
      assert.doesNotThrow(() => verify({ ...one, verdicts: [first, ...rest, second] }));
    }
  });

  const wrong: [string, unknown][] = [
    ['nothing', undefined],
    ['a text', 'acknowledged'],
    ['no verdicts', { ...one, verdicts: [] }],
    ['verdicts that are not list', { ...one, verdicts: { length: 3 } }],
    ['one verdict', { ...one, verdicts: [first] }],
    ['one coordinator’s verdict twice', { ...one, verdicts: [first, first] }],
    [
      'one coordinator under two names',
      { ...one, verdicts: [first, { ...first, coordinator: second.coordinator }] },
    ],
    ['verdicts of others than coordinators', byOthers],
    ['verdicts over another entry', { ...one, verdicts: together[0]?.verdicts }],
    [
      'verdicts at another place',
      { ...one, verdicts: one.verdicts.map((each) => ({ ...each, index: 0 })) },
    ],
    [
      'verdicts without their proof',
      { ...one, verdicts: one.verdicts.map((each) => ({ ...each, proof: [] })) },
    ],
    ['another entry', { ...one, entry: word('other') }],
    ['an entry in capitals', { ...one, entry: one.entry.toUpperCase() }],
    ['another body', { ...one, body: together[0]?.body }],
    ['a body in another spelling', { ...one, body: `${one.body} ` }],
    ['another log of the channel', { ...one, log: 'care/laboratory' }],
    ['a log that there is not', { ...one, log: 'care/nobody' }],
  ];
  for (const [name, acknowledgement] of wrong) {
    it(`refuses ${name}`, () => {
      assert.throws(() => verify(acknowledgement), failsWith('EVIDENCE_INVALID'));
    });
  }

  const fields = {
    kind: 'views',
    log: word('x'),
    size: 4,
    root: word('x'),
    at: 1,
    includeBy: 1,
  } as const;
  for (const [field, value] of Object.entries(fields)) {
    it(`refuses verdicts whose ${field} was altered`, () => {
      const verdicts = one.verdicts.map((each) => ({
        ...each,
        verdict: { ...each.verdict, [field]: value },
      }));
      assert.throws(() => verify({ ...one, verdicts }), failsWith('EVIDENCE_INVALID'));
    });
  }

  it('refuses a body that says another log than the one that judged it', async () => {
    const [misplaced] = await acknowledged([sampleBody({ log: 'care/insurer' })]);
    assert.throws(() => verify(misplaced), failsWith('EVIDENCE_INVALID'));
    assert.equal(misplaced?.log, LOG);
  });

  it('counts organisations, not keys', () => {
    const [channel] = network.channels;
    const same = {
      ...channel,
      coordinators: coordinators.map(({ address }) => ({ address, organisation: 'hospital' })),
    };
    const file = { ...network, channels: [same] } as NetworkFile;
    assert.throws(() => verify(one, file), failsWith('EVIDENCE_INVALID'));
  });

  it('refuses evidence of another network', () => {
    const domain = { ...context.domain, salt: word('another network') };
    assert.throws(
      () => verifyAcknowledgement({ ...context, domain }, network, one),
      failsWith('EVIDENCE_INVALID'),
    );
  });
});
