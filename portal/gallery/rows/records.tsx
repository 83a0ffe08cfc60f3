import type { ChartRecord } from '../../../src/client/index.ts';
import { describeResource } from '../../src/fhir/describeResource.ts';
import { FileView } from '../../src/ui/FileView.tsx';
import { Objected, ObjectionWords } from '../../src/ui/Objected.tsx';
import { OpenedView } from '../../src/ui/OpenedView.tsx';
import { ResourceCard } from '../../src/ui/ResourceCard.tsx';
import { AT, HASH } from '../samples.ts';
import type { States } from '../States.ts';

const PRESSURE = {
  resourceType: 'Observation',
  status: 'final',
  code: { text: 'Blood pressure' },
  effectiveDateTime: '2026-03-14T09:20:00Z',
  component: [
    { code: { text: 'Systolic' }, valueQuantity: { value: 132, unit: 'mmHg' } },
    { code: { text: 'Diastolic' }, valueQuantity: { value: 82, unit: 'mmHg' } },
  ],
  device: { display: 'Cuff 7' },
};
const RECORD = { record: HASH } as ChartRecord;
const OBJECTION = { record: `0x${'d4'.repeat(32)}`, about: HASH } as ChartRecord;
const WORDS = { at: AT, words: 'I have never had asthma.' };
const NOTE = new TextEncoder().encode('Slept well.\nNo pain.');

/** Parts of records. */
export const RECORDS = {
  ResourceCard: { observation: <ResourceCard described={describeResource(PRESSURE)} /> },
  Objected: {
    'in a list': <Objected chart={{ records: [RECORD, OBJECTION] }} record={RECORD} />,
  },
  ObjectionWords: { 'one that was read': <ObjectionWords all={[WORDS]} /> },
  OpenedView: {
    'health data': <OpenedView opened={{ resources: [PRESSURE] } as never} file={undefined} />,
  },
  FileView: {
    note: <FileView file={{ content: NOTE, type: 'text/plain', title: 'Note' }} />,
    'that cannot be shown': (
      <FileView file={{ content: NOTE, type: 'application/pdf', title: 'Letter' }} />
    ),
  },
} as const satisfies Readonly<Record<string, States>>;
