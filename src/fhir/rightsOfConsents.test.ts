import assert from 'node:assert/strict';
import { it } from 'node:test';
import type { Address } from '../protocol/ids.ts';
import { rightsOfConsents } from './rightsOfConsents.ts';
import { actorNamed, ASKED, consentAround, READING } from './test/arbitraryConsent.ts';

const DOCTOR: Address = `0x${'11'.repeat(20)}`;
const PERMIT = {
  type: 'permit',
  period: { end: '1970-01-01T01:00:00Z' },
  actor: [actorNamed(DOCTOR)],
  purpose: [{ system: 'http://terminology.hl7.org/CodeSystem/v3-ActReason', code: 'TREAT' }],
};

function bundleOf(...resources: readonly unknown[]): object {
  return {
    resourceType: 'Bundle',
    type: 'collection',
    entry: resources.map((resource) => ({ resource })),
  };
}

function pathsOf(value: unknown): readonly unknown[] {
  const read = rightsOfConsents(value, READING);
  return 'outcome' in read ? read.outcome.issue.flatMap(({ expression }) => expression) : [];
}

it('a Bundle of Consents is the rights of them all, each once', () => {
  const other = consentAround({ ...PERMIT, actor: ASKED.actors.map(actorNamed) });
  const read = rightsOfConsents(bundleOf(consentAround(PERMIT), other), READING);
  assert.ok('rights' in read);
  assert.deepEqual(
    read.rights.map(({ grantee }) => grantee),
    ASKED.actors,
  );
  assert.ok(read.notes.some(({ path }) => path === 'Bundle.entry[1].resource.provision.action'));
});

it('gives nothing if one of them cannot be said, or denies what another permits', () => {
  const good = consentAround(PERMIT);
  assert.deepEqual(pathsOf(bundleOf(good, consentAround({ ...PERMIT, purpose: undefined }))), [
    'Bundle.entry[1].resource.provision.purpose',
  ]);
  assert.deepEqual(pathsOf(bundleOf(good, consentAround({ type: 'deny' }))), [
    'Bundle.entry[1].resource.provision.type',
  ]);
  assert.deepEqual(pathsOf(bundleOf(good, { resourceType: 'Patient' })), [
    'Bundle.entry[1].resource',
  ]);
  assert.deepEqual(pathsOf({ ...bundleOf(good), type: 'batch' }), ['Bundle.type']);
});

// @attack a patient is given the first page of a search for Consents, or an old version beside the one that withdraws it | a Bundle that says to be a part, or has a Consent twice, is refused
it('gives nothing of a Bundle that says to be a part, or that has one Consent in two versions', () => {
  const good = consentAround(PERMIT);
  const two = { ...bundleOf(good), type: 'searchset' };
  const link = [{ relation: 'next', url: 'https://example.org/Consent?page=2' }];
  assert.deepEqual(pathsOf({ ...two, link }), ['Bundle.link[0].relation']);
  assert.deepEqual(pathsOf({ ...two, total: 2 }), ['Bundle.total']);
  assert.deepEqual(pathsOf({ ...two, total: 1, link: [{ ...link[0], relation: 'self' }] }), []);
  assert.deepEqual(pathsOf({ ...two, implicitRules: 'https://example.org' }), [
    'Bundle.implicitRules',
  ]);
  const former = { ...good, id: 'c1' };
  const withdrawn = { ...former, status: 'inactive' };
  assert.deepEqual(pathsOf(bundleOf(former, withdrawn)), ['Bundle.entry[1].resource.id']);
  const entry = [good, withdrawn].map((resource) => ({ fullUrl: 'urn:uuid:1', resource }));
  assert.deepEqual(pathsOf({ ...two, entry }), ['Bundle.entry[1].fullUrl']);
  const unlike = [{ resource: good, request: { method: 'DELETE' } }];
  assert.deepEqual(pathsOf({ ...two, entry: unlike }), ['Bundle.entry[0].request']);
});

// @actor a server that answers a search for Consents with summaries | leaves out the denials in them, so that all they are exceptions of is given
it('gives nothing of a Consent, or a Bundle, that a server says to have shortened', () => {
  const good = consentAround(PERMIT);
  const codes = ['http://terminology.hl7.org/CodeSystem', 'http://hl7.org/fhir'].map((base) => ({
    system: `${base}/v3-ObservationValue`,
    code: 'SUBSETTED',
  }));
  for (const coding of codes) {
    assert.deepEqual(pathsOf({ ...good, meta: { tag: [coding] } }), ['Consent.meta.tag[0]']);
    assert.deepEqual(pathsOf({ ...bundleOf(good), meta: { tag: [coding] } }), [
      'Bundle.meta.tag[0]',
    ]);
  }
  for (const code of ['REDACTED', 'MASKED', 'ABSTRED', 'AGGRED']) {
    const security = [
      { ...codes[0], code: 'PDSASSERTED' },
      { ...codes[0], code },
    ];
    assert.deepEqual(pathsOf({ ...good, meta: { security } }), ['Consent.meta.security[1]']);
  }
  assert.deepEqual(pathsOf({ ...good, meta: { modifierExtension: [] } }), [
    'Consent.meta.modifierExtension',
  ]);
  const two = { ...bundleOf(good), type: 'searchset' };
  for (const shortened of ['_summary=true', 'patient=1&_elements=status,provision.type']) {
    const link = [{ relation: 'self', url: `https://example.org/Consent?${shortened}` }];
    assert.deepEqual(pathsOf({ ...two, link }), ['Bundle.link[0].url']);
  }
  const link = [{ relation: 'self', url: 'https://example.org/Consent?_summary=false' }];
  assert.deepEqual(pathsOf({ ...two, link }), []);
  assert.deepEqual(pathsOf({ ...good, meta: { versionId: '2', tag: [{ code: 'demo' }] } }), []);
});

/** A Consent that names a doctor, and a patient, by references. */
function named(reference: string, patient: string): object {
  return {
    ...consentAround({
      ...PERMIT,
      actor: [{ ...actorNamed(DOCTOR), reference: { reference } }],
    }),
    patient: { reference: patient },
  };
}

// @actor whoever gives a patient two Consents in one Bundle | has the name that the patient explained in one, such as #doctor, stand for somebody else in the other
it('gives nothing of a Bundle in which one name can stand for two', () => {
  const reading = {
    ...READING,
    patientNames: ['#me', 'Patient/1'],
    actors: { '#doctor': DOCTOR, 'Practitioner/1': DOCTOR },
  };
  const paths = (value: unknown): readonly unknown[] => {
    const read = rightsOfConsents(value, reading);
    return 'outcome' in read ? read.outcome.issue.flatMap(({ expression }) => expression) : [];
  };
  assert.deepEqual(paths(named('#doctor', '#me')), []);
  assert.deepEqual(paths(bundleOf(named('#doctor', '#me'))), []);
  const foreign = bundleOf(named('Practitioner/1', 'Patient/1'), named('#doctor', '#me'));
  assert.deepEqual(paths(foreign), [
    'Bundle.entry[1].resource.patient',
    'Bundle.entry[1].resource.provision.actor[0].reference',
  ]);
  const from = (...urls: readonly string[]): object => ({
    ...bundleOf(),
    entry: urls.map((fullUrl) => ({ fullUrl, resource: named('Practitioner/1', 'Patient/1') })),
  });
  assert.deepEqual(paths(from('https://a.example/Consent/1', 'https://a.example/Consent/2')), []);
  assert.deepEqual(paths(from('https://a.example/Consent/1', 'https://b.example/Consent/1')), [
    'Bundle.entry[1].fullUrl',
  ]);
});
